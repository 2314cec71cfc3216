"""What a person sees of an engine, put together: core's view, how the rim fares, and the latest fills."""

from __future__ import annotations

from collections import deque
from typing import Final

import msgspec

from radtui.core import view
from radtui.core.core import Core
from radtui.core.facts import Envelope, Executed, OrderChanged
from radtui.core.fallen_view import FallenView
from radtui.core.order_view import FillView
from radtui.core.scan_view import ScanView
from radtui.core.snapshot import Snapshot
from radtui.engine.alerting import Alerting
from radtui.engine.bulletin import Bulletin
from radtui.engine.historian import Historian
from radtui.engine.portfolio import Portfolio
from radtui.engine.reconfiguring import Reconfiguring
from radtui.engine.safety import Safety
from radtui.engine.scanner import Scanner
from radtui.engine.signals import Signals
from radtui.exchange.port import Exchange
from radtui.health import phases
from radtui.health.monitor import HealthMonitor
from radtui.health.strategies import strategy_fault
from radtui.resilience.clock import Clock

_FILLS: Final = 100


class Picture:
    """Makes snapshots; on the engine's thread.

    Attributes:
        fallen: bots beside this one that died, and of what.
    """

    def __init__(
        self,
        core: Core,
        exchange: Exchange,
        health: HealthMonitor,
        clock: Clock,
        *,
        bulletin: Bulletin,
        alerting: Alerting,
        safety: Safety,
        signals: Signals,
        reconfiguring: Reconfiguring,
        scanner: Scanner | None,
        portfolio: Portfolio,
        historian: Historian,
    ) -> None:
        self._core, self._exchange, self._health, self._clock = core, exchange, health, clock
        self._bulletin, self._alerting, self._safety, self._signals = bulletin, alerting, safety, signals
        self._reconfiguring, self._scanner, self._portfolio = reconfiguring, scanner, portfolio
        self._historian = historian
        self.fallen: dict[str, str] = {}
        self._fills: deque[FillView] = deque(maxlen=_FILLS)

    def note(self, envelope: Envelope) -> None:
        """Hear of whatever happens: orders are timed, fills are listed."""
        if isinstance(envelope.fact, Executed):
            self.list_fill(envelope.fact)
        elif isinstance(envelope.fact, OrderChanged):
            self._health.orders.note(envelope.fact.order)

    def list_fill(self, executed: Executed) -> None:
        """Add the newest fill."""
        self._fills.append(view.fill(self._core, executed))

    def snapshot(self) -> Snapshot:
        """Return how all is now."""
        began = self._clock.monotonic()
        seen = self._seen()
        self._health.phases.record(phases.SNAPSHOT, self._clock.monotonic() - began)
        return seen

    def _seen(self) -> Snapshot:
        health, fills = self._health, tuple(reversed(self._fills))
        seen = view.snapshot(self._core, self._bulletin.sequence, self._clock.now(), fills)
        seen = msgspec.structs.replace(
            seen,
            api=health.api_view(),
            link=self._exchange.link(),
            exchange=self._exchange.name,
            workers=health.worker_views(),
            process=health.process_view(),
            errors=health.error_views(),
            errors_today=health.errors_today(),
            alerts=self._alerting.view(),
            alert_history=self._alerting.history,
            guardian=self._safety.guardian,
            phases=health.phases.views(),
            order_times=health.orders.views(),
            configuration=self._reconfiguring.view,
            strategy=self._signals.view,
            scan=self._scanner.view if self._scanner else ScanView(),
            portfolio=self._portfolio.view(self._clock.now()),
            backtests=self._historian.views,
            fallen=tuple(FallenView(bot=bot, why=why) for bot, why in self.fallen.items()),
        )
        own = filter(None, (strategy_fault(seen),))
        return msgspec.structs.replace(seen, notices=(*seen.notices, *self._safety.notices, *own))
