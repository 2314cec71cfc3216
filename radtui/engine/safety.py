"""What looks after the account should this engine die: the guardian, and the exchange's own dead man's switch."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.core.guardian_view import GuardianView
from radtui.engine.beacon import GUARDIAN, Beacon, Guarding
from radtui.engine.dead_man import SWITCH, DeadMan, Switch
from radtui.engine.supervisor import Worker
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock


class SafetyConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What there is; by default nothing, as on the simulated exchange, which ends with its engine.

    Attributes:
        switch_seconds: after which the exchange's switch goes off.
    """

    guarding: Guarding | None = None
    switch: Switch | None = None
    switch_seconds: int = 180


class Safety:
    """Keeps both of them informed."""

    def __init__(
        self, config: SafetyConfig, core: Core, health: HealthMonitor, clock: Clock, say: Callable[[Trouble], None]
    ) -> None:
        guarding, switch, seconds = config.guarding, config.switch, config.switch_seconds
        self._beacon = Beacon(guarding, core, health, clock, say) if guarding else None
        self._dead_man = DeadMan(switch, core, health, seconds, say) if switch else None

    @property
    def notices(self) -> tuple[str, ...]:
        """What the operator must see now."""
        return (self._beacon.notice,) if self._beacon and self._beacon.notice else ()

    @property
    def guardian(self) -> GuardianView:
        """How the guardian is."""
        return self._beacon.view if self._beacon else GuardianView()

    def workers(self) -> tuple[Worker, ...]:
        """Return what is to run as long as the engine does."""
        found = []
        if self._beacon:
            found.append(Worker(name=GUARDIAN, limit=self._beacon.limit, run=self._beacon.run))
        if self._dead_man:
            found.append(Worker(name=SWITCH, limit=2 * self._dead_man.interval + 10, run=self._dead_man.run))
        return tuple(found)

    def look(self, fact: object) -> None:
        """Hear of whatever happens: what may have to be protected is told at once."""
        for part in (self._beacon, self._dead_man):
            if part:
                part.look(fact)

    async def land(self, *, proper: bool) -> None:
        """Let go of the account; the guardian only where what is left is as it should be."""
        if self._dead_man:
            await self._dead_man.off()
        if self._beacon and proper:
            await self._beacon.land()
