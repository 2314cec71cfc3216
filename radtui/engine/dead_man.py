"""The exchange's own dead man's switch, beside the guardian: armed only while it can do nothing but good.

The switch cancels every order of the contracts it names. No source says that it spares stops, so it is taken not to:
a switch that names the contract of an open position would take away the one thing that must stay if the engine dies.
So it names only contracts on which an entry of ours rests, and nobody holds a position or a stop; and it lets go of one
as soon as a stop of it is intended. While nothing rests that could open, it is off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.core.orders import Purpose
from radtui.health.monitor import HealthMonitor
from radtui.resilience.failures import BadCredentials, ExchangeFailure, Refused

SWITCH: Final = "dead-man switch"
_AGAIN: Final = 2.0
"""Seconds after which a setting that failed is tried again."""
_RENEWALS: Final = 3
"""How often it is set again in the time after which it would go off."""


class Switch(Protocol):
    """The part of an exchange that has one."""

    async def set_switch(self, seconds: int, symbols: tuple[str, ...]) -> None:
        """Have every order of `symbols` cancelled after `seconds` unless it is set again; no symbols: switch it off.

        Raises:
            Refused, BadCredentials: this account has none.
        """
        ...


class DeadMan:
    """Keeps the switch set.

    Args:
        seconds: after which it goes off.
    """

    def __init__(
        self, switch: Switch, core: Core, health: HealthMonitor, seconds: int, say: Callable[[Trouble], None]
    ) -> None:
        self._switch, self._core, self._health, self._seconds, self._say = switch, core, health, seconds, say
        self._armed: tuple[str, ...] | None = None  # an earlier life may have left it armed
        self._changed = asyncio.Event()
        self._lacking = False

    @property
    def interval(self) -> float:
        """Seconds between two settings."""
        return self._seconds / _RENEWALS

    def look(self, _: object = None) -> None:
        """Set it at once where something else should be named: called with every fact."""
        if safe_to_cancel(self._core) != self._armed:
            self._changed.set()

    async def run(self) -> None:
        """Keep it set until cancelled."""
        while True:
            self._health.beat(SWITCH)
            self._changed.clear()
            done = await self._set(safe_to_cancel(self._core))
            with suppress(TimeoutError):
                async with asyncio.timeout(self.interval if done else min(self.interval, _AGAIN)):
                    await self._changed.wait()

    async def off(self) -> None:
        """Switch it off; where that fails, it goes off and finds nothing to cancel but entries."""
        await self._set(())

    async def _set(self, symbols: tuple[str, ...]) -> bool:
        """Set it; return whether that is settled."""
        if self._lacking or (not symbols and self._armed == ()):
            return True
        try:
            await self._switch.set_switch(self._seconds, symbols)
        except (Refused, BadCredentials) as refusal:
            self._lacking = True
            text = f"this account has none, the guardian works without it: {refusal}"
            self._say(Trouble(SWITCH, text, SWITCH, "warning"))
        except ExchangeFailure as failure:
            self._armed = symbols or self._armed
            self._health.heartbeats.note(SWITCH, f"could not be set: {failure}")
            return False
        else:
            self._armed = symbols
            self._health.heartbeats.note(SWITCH, f"armed for {', '.join(symbols)}" if symbols else "")
        return True


def safe_to_cancel(core: Core) -> tuple[str, ...]:
    """Return the contracts whose every order may go: an entry of ours rests there, and nothing protects a position."""
    trading = core.trading
    resting = {order.symbol for order in trading.orders.live(Purpose.ENTRY) if order.resting and order.request.may_rest}
    stops = {order.symbol for order in trading.orders.live(Purpose.STOP)}
    return tuple(sorted(symbol for symbol in resting - stops if not trading.positions.taken(symbol)))
