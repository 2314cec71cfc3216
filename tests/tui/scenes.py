"""Snapshots of an engine in every state a cockpit must show."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from pieces import NOW, api, breakers, errors, fills, money, orders, position, status, why, workers

from radtui.core.health_view import ApiView, ProcessView
from radtui.core.lifecycle import State
from radtui.core.link_view import BreakerView, ConnectionView, LinkView, PoolView
from radtui.core.market import HOUR, SECOND
from radtui.core.money_view import MoneyView
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.stopping_view import FlattenView

NOTHING_LOST: dict[str, object] = {"value": "0.00 %", "share": 0.0}


def empty() -> Snapshot:
    """Return the cockpit's first minute: stopped, no position, no trade, no cycle."""
    stands = status(
        State.STOPPED,
        since=NOW - 20 * SECOND,
        who="core",
        why="not started yet",
        started_at=NOW - 20 * SECOND,
        next_cycle_at=None,
        cycles=0,
        cycles_ok=0,
        cycles_failed=0,
        success_rate=0.0,
        average_cycle=None,
        last_cycle=None,
        last_cycle_at=None,
        trading=Mode.HALTED,
        reasons=("the bot is stopped",),
    )
    purse = MoneyView(start=Decimal(10_000), equity=Decimal(10_000), total_pct=0.0, today=Decimal(0), read_at=NOW)
    return Snapshot(
        sequence=1,
        bot="alpha",
        at=NOW,
        market_at=NOW,
        status=stands,
        money=purse,
        workers=workers(),
        api=ApiView(total=12, ok=12, per_minute=12, p50=2.0, p99=4.0, last_at=NOW, oldest_topic=0.2),
        process=ProcessView(lag_p99=0.9, rss=92.0, pid=4711),
        positions_limit=5,
        breakers=breakers(daily_loss=NOTHING_LOST, drawdown=NOTHING_LOST, losing_streak={"share": 0.0}),
    )


def running(positions: int = 3) -> Snapshot:
    """Return a bot at work with so many positions, each with its stop."""
    held = tuple(position(number) for number in range(positions))
    return Snapshot(
        sequence=7,
        bot="alpha",
        at=NOW,
        market_at=NOW,
        status=status(State.RUNNING),
        money=money(),
        positions=held,
        orders=orders(positions),
        fills=fills(positions),
        api=api(),
        workers=workers(),
        process=ProcessView(lag_p99=0.9, rss=92.0, pid=4711),
        errors=errors(),
        errors_today=4,
        why=(why(), why("ETHUSDTM", traded=True)),
        positions_limit=max(5, positions),
        breakers=breakers(),
    )


def changed(snapshot: Snapshot, **changes: object) -> Snapshot:
    """Return `snapshot` with fields of its own or, as ``status__error``, of its parts replaced."""
    for name, value in changes.items():
        whole, _, part = name.partition("__")
        fresh = msgspec.structs.replace(getattr(snapshot, whole), **{part: value}) if part else value
        snapshot = msgspec.structs.replace(snapshot, **{whole: fresh})
    return snapshot


def paused() -> Snapshot:
    """Return a bot that somebody else paused three days ago."""
    since = NOW - 75 * HOUR
    stands = status(
        State.PAUSED,
        since=since,
        who="cli:bob",
        why="CPI release",
        next_cycle_at=None,
        trading=Mode.REDUCING,
        reasons=("the bot is paused",),
    )
    return changed(running(), status=stands)


def failed() -> Snapshot:
    """Return a bot in its error state."""
    text = "Bot stopped due to 3 consecutive failures"
    stands = status(
        State.ERROR,
        who="core",
        why=text,
        error=text,
        failures_in_a_row=3,
        next_cycle_at=None,
        success_rate=88.1,
        trading=Mode.REDUCING,
        reasons=("the bot is in error",),
    )
    return changed(running(), status=stands)


def reducing() -> Snapshot:
    """Return a bot whose breakers tripped, one for the day and one for good."""
    day = {"value": "10.20 %", "share": 100.0, "tripped": True, "since": NOW - HOUR, "resets_at": NOW + 10 * HOUR}
    drawdown = {"value": "5.10 %", "share": 100.0, "tripped": True, "since": NOW - 2 * HOUR}
    why = {"why": "10.20 %, limit 10.00 %"}, {"why": "5.10 %, limit 5.00 %"}
    return changed(
        running(),
        status__trading=Mode.REDUCING,
        status__reasons=("daily loss tripped: 10.20 %, limit 10.00 %", "drawdown tripped: 5.10 %, limit 5.00 %"),
        breakers=breakers(daily_loss={**day, **why[0]}, drawdown={**drawdown, **why[1]}),
    )


def live() -> Snapshot:
    """Return a bot that trades real money."""
    return changed(running(), status=status(State.RUNNING, mode="live", speed=1))


def no_feed() -> Snapshot:
    """Return a bot whose market has been silent for 48 seconds."""
    silent = changed(running(), api__oldest_topic=48.0, workers=workers(market_feed=48.0))
    stale = tuple(msgspec.structs.replace(each, mark_at=NOW - 48 * SECOND) for each in silent.positions)
    lost = ("market feed lost: interrupted",)
    return changed(silent, positions=stale, status__trading=Mode.REDUCING, status__reasons=lost)


def bare() -> Snapshot:
    """Return a bot with a position whose stop does not rest, and no mark for another."""
    held = (
        position(0, stop_resting=False, bare_seconds=6.2),
        position(1, mark=None, pnl=None, pnl_pct=None, mark_at=None, liquidation=None),
        position(2),
    )
    return changed(running(), positions=held)


def flattening() -> Snapshot:
    """Return an emergency stop on its way, with one position that does not close."""
    under_way = FlattenView(
        phase="closing positions",
        since=NOW - 9 * SECOND,
        attempts=3,
        remaining=("SOLUSDTM long 90 lots @ 148.112",),
        failing="SOLUSDTM: 300009 refused",
    )
    stopping = status(
        State.STOPPING,
        since=NOW - 9 * SECOND,
        why="emergency stop",
        next_cycle_at=None,
        trading=Mode.HALTED,
        reasons=("an emergency stop is on its way", "the bot is stopping"),
    )
    return changed(running(), status=stopping, flatten=under_way)


def unbalanced() -> Snapshot:
    """Return a bot whose equity and its parts differ."""
    return changed(running(), money__identity=Decimal("0.02"))


def unread() -> Snapshot:
    """Return a bot that has been starting for half a minute because the exchange does not answer."""
    begun = empty()
    starting = msgspec.structs.replace(
        begun.status, state=State.STARTING, since=NOW - 30 * SECOND, reasons=("recovery is not done",), recovered=False
    )
    failed = (msgspec.structs.replace(errors()[1], at=NOW - 12 * SECOND, first_at=NOW - 12 * SECOND),)
    return changed(begun, status=starting, money=MoneyView(start=None), errors=failed, errors_today=1)


def linked() -> Snapshot:
    """Return a bot on a real exchange whose line is in order."""
    line = LinkView(
        pools=(
            PoolView(name="futures", limit=2000, remaining=1460, reserve=200, resets_in=14.2),
            PoolView(name="public", limit=2000, remaining=1960, reserve=200, resets_in=22.0),
        ),
        connections=(
            ConnectionView(name="public 1", state="open", topics=18, age=11_520.0, rate=42.3, latency=0.041),
            ConnectionView(
                name="private 1", state="open", topics=5, age=2_512.0, rate=0.4, latency=0.043, reconnects=1, score=90.0
            ),
        ),
        skew=0.012,
        round_trip=0.041,
        breakers=(BreakerView(name="futures", state="closed"), BreakerView(name="spot", state="closed")),
    )
    return changed(live(), exchange="kucoin", link=line)


def limited() -> Snapshot:
    """Return a bot whose budget is used up but for the reserve."""
    tight = PoolView(name="futures", limit=2000, remaining=180, reserve=200, resets_in=6.4, waiting=3)
    return changed(linked(), link__pools=(tight, linked().link.pools[1]))


def cut_off() -> Snapshot:
    """Return a bot one of whose connections is dead, its topics moved to another."""
    dead = ConnectionView(
        name="public 1",
        state="waiting",
        errors=12.5,
        reconnects=4,
        score=44.0,
        healthy=False,
        why="no pong within 10 s",
    )
    heir = ConnectionView(name="public 2", state="open", topics=18, age=9.0, rate=40.1, latency=1.2, score=80.0)
    return changed(linked(), link__connections=(dead, heir, linked().link.connections[1]))


def doubled() -> Snapshot:
    """Return a bot with two connections for each feed."""
    pair = [msgspec.structs.replace(each, name=f"{each.name[:-1]}2") for each in linked().link.connections]
    return changed(linked(), link__connections=(*linked().link.connections, *pair))


def skewed() -> Snapshot:
    """Return a bot whose machine's clock is wrong."""
    return changed(linked(), link__skew=8.2)


def tripped() -> Snapshot:
    """Return a bot whose breaker is open."""
    is_open = BreakerView(name="futures", state="open", opens_again_in=48.0)
    return changed(linked(), link__breakers=(is_open, linked().link.breakers[1]))


def rehearsing() -> Snapshot:
    """Return a bot that flies on a simulated exchange through the real client."""
    return changed(linked(), status__mode="paper")
