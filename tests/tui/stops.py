"""What a cockpit shows of stops, previews, recoveries and of what is not ours: fixed values."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import scenes
from pieces import NOW, position, status, workers

from radtui.core.book import Level
from radtui.core.health_view import WorkerView
from radtui.core.instruction import Ask, Receipt
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.outcome import Cancelled, Closed
from radtui.core.position_view import PositionView
from radtui.core.preview import Closing, Preview
from radtui.core.protection_view import ProtectionView
from radtui.core.recovery_report import Finding, ReconcileView, RecoveryReport
from radtui.core.shown import Shown
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.stopping_view import StoppingView

_STEPS = (4, 10, 22)
"""Lots that the best levels hold."""


def closing(held: PositionView, **changes: object) -> Closing:
    """Return how a position would be closed on a book whose levels lie a tick apart."""
    side = Side.SELL if held.lots > 0 else Side.BUY
    tick, mark, left = Decimal(1).scaleb(-held.price_decimals), held.mark or held.entry, abs(held.lots)
    levels = []
    for place, step in enumerate((*_STEPS, left)):
        lots = min(step, left)
        left -= lots
        levels += [Level(mark + tick * (place + 1) * side.sign, lots)] * bool(lots)
    value = sum((level.price * level.lots for level in levels), Decimal(0))
    average = value / abs(held.lots)
    coin = held.coins / abs(held.lots)
    begun = Closing(
        symbol=held.symbol,
        side=side,
        lots=abs(held.lots),
        levels=tuple(levels),
        average=average,
        mark=held.mark,
        slippage_ticks=round((average - mark) * side.sign / tick),
        slippage=(average - mark) * side.sign * abs(held.lots) * coin,
        fee=value * coin * Decimal("0.0006"),
        decimals=held.price_decimals,
    )
    return msgspec.structs.replace(begun, **changes)


def preview(snapshot: Snapshot, **changes: object) -> Preview:
    """Return what an emergency stop of what is shown would do."""
    closes = tuple(closing(held) for held in snapshot.positions if held.own)
    cost = sum((each.fee + each.slippage for each in closes if each.fee and each.slippage), Decimal(0))
    begun = Preview(at=NOW, read_at=NOW - SECOND, closes=closes, cost={"USDT": cost})
    return msgspec.structs.replace(begun, **changes)


def blind(snapshot: Snapshot) -> Preview:
    """Return a preview for which one book could not be read and another was too thin."""
    first, *rest = preview(snapshot).closes
    why = "its book was not read within 1 s"
    unread = msgspec.structs.replace(
        first, levels=(), average=None, slippage=None, slippage_ticks=None, beyond=first.lots, failing=why
    )
    thin = msgspec.structs.replace(rest[-1], levels=rest[-1].levels[:2], beyond=76)
    said = (
        f"{unread.symbol}: {why}",
        f"{thin.symbol}: the shown book is 76 lots too thin; beyond it the price is unknown",
    )
    return preview(snapshot, closes=(unread, *rest[:-1], thin), unknown=said)


def theirs() -> PositionView:
    """Return a position that somebody else opened on the same account."""
    return position(
        9, own=False, stop=None, stop_resting=False, target=None, bare_seconds=0.0, reason="not ours: left alone"
    )


def shared() -> Snapshot:
    """Return a bot on an account that somebody else uses, too."""
    held = scenes.running()
    return scenes.changed(
        held,
        positions=(*held.positions, theirs()),
        protection=ProtectionView(limit=5.0, worst=0.6, total=14.2, positions=39),
        reconcile=ReconcileView(
            readings=740, last_at=NOW - SECOND, foreign=("LINKUSDTM limit buy 4 lots @ 16.9", "LTCUSDTM 60 lots long")
        ),
    )


def late() -> Snapshot:
    """Return a bot one of whose positions was bare for longer than the limit and has its stop now."""
    held = scenes.running()
    first = msgspec.structs.replace(held.positions[0], bare_seconds=6.2)
    bare = ProtectionView(limit=5.0, worst=6.2, total=20.1, positions=39, breaches=1)
    return scenes.changed(held, positions=(first, *held.positions[1:]), protection=bare)


def stopping() -> Snapshot:
    """Return a shutdown that keeps positions and waits for a stop to be confirmed."""
    stands = status(
        State.STOPPING,
        since=NOW - 6 * SECOND,
        why="shutdown",
        next_cycle_at=None,
        trading=Mode.HALTED,
        reasons=("the bot is stopping",),
    )
    way = StoppingView(
        asks=("shutdown",),
        since=NOW - 6 * SECOND,
        gives_up_at=NOW + 29 * SECOND,
        waiting=("SOLUSDTM stop sell (alpha-lq2f-2s): sent", "XBTUSDTM long 12 lots @ 64210.1: NO STOP of ours"),
    )
    waits = "shutdown not done yet, going on: " + "; ".join(way.waiting)
    return scenes.changed(scenes.running(), status=stands, stopping=way, notices=(waits,))


def unreachable() -> Snapshot:
    """Return an emergency stop while the exchange is away."""
    why = "no answer within 10 s: connection refused"
    under_way = scenes.flattening().flatten
    assert under_way is not None
    flatten = msgspec.structs.replace(
        under_way,
        phase="closing positions",
        since=NOW - 42 * SECOND,
        remaining=("XBTUSDTM long 12 lots @ 64210.1", "SOLUSDTM long 90 lots @ 148.112"),
        failing=why,
    )
    notice = f"the exchange cannot be read: {why}; trying again, stops stay"
    return scenes.changed(scenes.flattening(), flatten=flatten, notices=(notice,))


FINDINGS = (
    Finding(
        kind="order",
        subject="XRPUSDTM entry buy (alpha-lq2f-2a)",
        before="sent, its fate unknown",
        after="cancelled, 20 of 120 lots filled",
        explanation="the answer was lost with the process",
        done="looked up by its id",
    ),
    Finding(
        kind="position",
        subject="XRPUSDTM",
        before="flat",
        after="20 lots long",
        explanation="1 fill caught up, 20 lots",
        done="adopted; its stop is being placed",
    ),
    Finding(kind="balance", subject="USDT", before="9980.11", after="9978.40", done="noted"),
)


def recovered(*findings: Finding) -> Snapshot:
    """Return a bot that was killed and has just recovered."""
    report = RecoveryReport(
        began_at=NOW - 64 * SECOND,
        ended_at=NOW - 61 * SECOND,
        last_run="killed or crashed",
        away=7_560.0,
        orders=0,
        stops=3,
        positions=3,
        fills=1,
        funding=1,
        findings=findings,
    )
    seen = ReconcileView(readings=31, last_at=NOW - 2 * SECOND)
    return scenes.changed(scenes.running(), recovery=report, reconcile=seen)


def drifting() -> Snapshot:
    """Return a bot that differs from the exchange, and whose name another engine uses."""
    last = Finding(
        kind="position",
        subject="SOLUSDTM",
        before="90 lots long",
        after="40 lots long",
        done="taken over as the exchange shows it",
    )
    seen = ReconcileView(
        readings=612,
        last_at=NOW - 2 * SECOND,
        drifts=2,
        last=last,
        last_drift_at=NOW - 40 * SECOND,
        foreign=("LTCUSDTM 60 lots long",),
        rival="another engine sends orders under this bot's name (alpha-lq9z-4)",
    )
    notice = f"2 differences to the exchange since the start, the last: {last.subject}: {last.difference}"
    return scenes.changed(recovered(), reconcile=seen, notices=(seen.rival, notice))


def recovering() -> Snapshot:
    """Return a start that has read the exchange and looks up an order."""
    begun = scenes.unread()
    sent = msgspec.structs.replace(scenes.running().orders[0], state="unknown")
    return scenes.changed(begun, orders=(sent,), reconcile=ReconcileView(readings=3, last_at=NOW - SECOND))


def guarded() -> Snapshot:
    """Return a bot with its guardian at its side."""
    beside = WorkerView(name="guardian", age=0.8, limit=4.0, healthy=True)
    return scenes.changed(scenes.running(), workers=(*workers(), beside))


def unguarded() -> Snapshot:
    """Return a bot whose guardian does not answer."""
    note = "no answer on its socket"
    gone = WorkerView(name="guardian", age=21.0, limit=4.0, healthy=False, restarts=2, note=note)
    notice = f"no guardian ({note}): if this engine died, nobody would look after its orders"
    return scenes.changed(scenes.running(), workers=(*workers(), gone), notices=(notice,))


def _closed(number: int, average: str, fee: str, realised: str) -> Closed:
    held = position(number)
    closes = closing(held)
    return Closed(
        symbol=held.symbol,
        side=closes.side,
        lots=closes.lots,
        average=Decimal(average),
        client_id=f"alpha-lq2f-3{number}",
        reference=held.mark,
        slippage_ticks=closes.slippage_ticks,
        slippage=closes.slippage,
        fee=Decimal(fee),
        realised=Decimal(realised),
        decimals=held.price_decimals,
    )


def _cancelled(symbol: str, side: Side, name: str, at: str, lots: int = 0) -> Cancelled:
    """Return an entry with its limit, or where it has no lots of its own a stop with its trigger."""
    limit, trigger = (Decimal(at), None) if lots else (None, Decimal(at))
    return Cancelled(
        symbol=symbol,
        side=side,
        purpose="entry" if lots else "stop",
        lots=lots,
        client_id=f"alpha-lq2f-{name}",
        price=limit,
        trigger=trigger,
    )


_CANCELLED = (
    _cancelled("XRPUSDTM", Side.BUY, "2a", "2.1310", lots=100),
    _cancelled("XBTUSDTM", Side.SELL, "0s", "62925.9"),
    _cancelled("ETHUSDTM", Side.BUY, "1s", "3180.58"),
)


def receipt(ask: Ask = Ask.EMERGENCY_STOP, *, success: bool = True, name: str = "r-1") -> Receipt:
    """Return what a stop came to."""
    flat = ask is Ask.EMERGENCY_STOP
    closed = (_closed(0, "64388.2", "0.46", "2.14"), _closed(1, "3109.83", "0.75", "3.35")) if flat else ()
    unverified = () if success else ("SOLUSDTM long 90 lots @ 148.112: NO STOP of ours on the exchange",)
    done = "Emergency stop completed: flat, no orders, no stops" if flat else "Graceful shutdown completed"
    not_all = "Ended, but not everything of ours is settled: see what is left and what could not be verified"
    return Receipt(
        id=name,
        ask=ask,
        success=success,
        message=done if success else not_all,
        status="stopped",
        at=NOW,
        who="key:lena",
        cancelled=_CANCELLED if flat else _CANCELLED[:1],
        closed=closed,
        orders_cancelled=("told as values, too",),
        shown=Shown(begun=NOW - SECOND) if success else None,
        unverified=unverified,
        positions_left=() if success else ("SOLUSDTM long 90 lots @ 148.112",),
        foreign=("LTCUSDTM long 60 lots @ 91.25",) if success else (),
    )


def refused() -> Receipt:
    """Return the answer of an engine that has ended."""
    message = "the engine has ended: nothing was done; positions keep their stops on the exchange; start radtui again"
    return Receipt(
        id="r-refused",
        ask=Ask.EMERGENCY_STOP,
        success=False,
        refused=True,
        message=message,
        status="ended",
        at=NOW,
        who="key:lena",
    )
