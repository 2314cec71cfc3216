"""A bot of which nothing is to be told, and what can be wrong with it."""

from __future__ import annotations

from typing import Any

import msgspec

from radtui.core.alert_view import AlertsView, ChannelView, Severity
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.guardian_view import GuardianView
from radtui.core.health_view import ApiView, WorkerView
from radtui.core.instruction import Ask, Receipt
from radtui.core.lifecycle import State
from radtui.core.link_view import BreakerView, ConnectionView, LinkView
from radtui.core.market import SECOND
from radtui.core.money_view import MoneyView
from radtui.core.position_view import PositionView
from radtui.core.protection_view import ProtectionView
from radtui.core.recovery_report import Finding as Difference
from radtui.core.recovery_report import ReconcileView
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.core.stopping_view import FlattenView, StoppingView
from radtui.core.strategy_view import StrategyView
from radtui.health.alerts.rule import Finding, Judgement, Rule

NOW = 1_767_225_600 * SECOND
STARTED = NOW - 3600 * SECOND

STATUS = StatusView(
    state=State.RUNNING,
    since=STARTED,
    who="key:alice",
    why="",
    mode="live",
    speed=1,
    bot="alpha",
    strategy="ema_cross",
    timeframe="5m",
    symbols=("XBTUSDTM",),
    dev_mode=False,
    started_at=STARTED,
    cycles=50,
    cycles_ok=50,
    success_rate=100.0,
    average_cycle=0.8,
    recovered=True,
)
WELL = Snapshot(
    sequence=9,
    bot="alpha",
    at=NOW,
    market_at=NOW,
    status=STATUS,
    api=ApiView(total=100, ok=100),
    workers=(
        WorkerView(name="main loop", age=0.1, limit=30, healthy=True),
        WorkerView(name="guardian", age=0.1, limit=30, healthy=True),
    ),
    protection=ProtectionView(limit=5.0),
    guardian=GuardianView(wanted=True),
)


def snapshot(**changes: Any) -> Snapshot:
    """Return a snapshot of a bot that is well, but for `changes`; ``status__cycles`` reaches into a part."""
    made = WELL
    for name, value in changes.items():
        whole, _, part = name.partition("__")
        fresh = msgspec.structs.replace(getattr(made, whole), **{part: value}) if part else value
        made = msgspec.structs.replace(made, **{whole: fresh})
    return made


def position(bare: float, **changes: Any) -> Snapshot:
    """Return one with a position that has been without a confirmed stop for so long."""
    fields: dict[str, Any] = {
        "symbol": "XBTUSDTM",
        "base": "XBT",
        "side": "long",
        "lots": 1,
        "coins": 1,
        "entry": 1,
        "mark": None,
        "pnl": None,
        "pnl_pct": None,
        "margin": 1,
        "maintenance": None,
        "leverage": 1,
        "margin_mode": "isolated",
        "liquidation": None,
        "stop": None,
        "stop_resting": False,
        "target": None,
        "bare_seconds": bare,
        "opened_at": 1,
        "price_decimals": 1,
        "coin_decimals": 3,
    }
    return snapshot(positions=(PositionView(**{**fields, **changes}),))


def connection(**changes: Any) -> Snapshot:
    """Return one with a connection of the feeds."""
    fields = {"name": "public 1", "state": "open", "latency": 0.04, **changes}
    return snapshot(link=LinkView(connections=(ConnectionView(**fields),)))


def breaker(name: str = "daily loss", **changes: Any) -> Snapshot:
    """Return one with a trading breaker."""
    fields = {"value": "1 %", "limit": "10 %", "share": 10.0, "tripped": False, **changes}
    return snapshot(breakers=(TradingBreakerView(name=name, **fields),))


def line_breaker(state: str) -> Snapshot:
    """Return one with a breaker of the line."""
    return snapshot(link=LinkView(breakers=(BreakerView(name="market", state=state),)))


def drift(seconds_ago: float) -> Snapshot:
    """Return one whose books differed from the exchange a while ago."""
    last = Difference(kind="position", subject="XBTUSDTM", before="1 lots", after="none")
    at = NOW - round(seconds_ago * SECOND)
    return snapshot(reconcile=ReconcileView(drifts=2, last=last, last_drift_at=at))


def stopped(ask: Ask, *unverified: str) -> Snapshot:
    """Return one with the receipt of a stop."""
    fields: dict[str, Any] = {"success": not unverified, "message": "m", "status": "stopped", "at": NOW}
    return snapshot(receipt=Receipt(id="i", ask=ask, unverified=unverified, **fields))


def flattening(seconds: float) -> Snapshot:
    """Return one with an emergency stop that has been on its way for so long."""
    since = NOW - round(seconds * SECOND)
    return snapshot(flatten=FlattenView(phase="closing", since=since, attempts=3, remaining=("XBTUSDTM 1 lots",)))


def stopping(seconds: float) -> Snapshot:
    """Return one with a stop that has been on its way for so long."""
    return snapshot(stopping=StoppingView(asks=("stop",), since=NOW - round(seconds * SECOND), failing="HTTP 503"))


def acted(seconds_ago: float, *, changed: bool = True) -> Snapshot:
    """Return one whose guardian acted a while ago."""
    at = NOW - round(seconds_ago * SECOND)
    return snapshot(guardian=GuardianView(wanted=True, acted_at=at, deeds="closed XBTUSDTM", changed=changed))


def channel(state: str) -> Snapshot:
    """Return one with a channel of the alerts."""
    return snapshot(alerts=AlertsView(channels=(ChannelView(name="mail", kind="mailto", state=state, why="refused"),)))


def worker(name: str, *, healthy: bool) -> Snapshot:
    """Return one with a worker."""
    return snapshot(workers=(WorkerView(name=name, age=31.0, limit=30, healthy=healthy),))


def at_fault(name: str) -> Snapshot:
    """Return one with a worker that beats, and whose work comes to nothing."""
    found = WorkerView(name=name, age=0.1, limit=30, healthy=False, fault="the disk is full")
    return snapshot(workers=(found,))


def strategy(silent: float = 0, **seen: Any) -> Snapshot:
    """Return one whose strategies fare so; the latest answer is `silent` seconds old."""
    return snapshot(strategy=StrategyView(answered_at=NOW - round(silent * SECOND), **seen))


def unbalanced(identity: Any) -> Snapshot:
    """Return one whose equity and its parts differ by so much."""
    return snapshot(money=MoneyView(identity=identity))


def rule(name: str = "r", severity: Severity = Severity.ERROR, **changes: Any) -> Rule:
    """Return a rule that nothing is judged by."""
    return Rule(name=name, severity=severity, says="s", todo="do it", find=lambda _: (), **changes)


def judged(of: Rule, subject: str = "X", text: str = "it is so", severity: Severity | None = None) -> Judgement:
    """Return that a rule is true of a subject."""
    return Judgement(of, Finding(subject, text, severity))
