"""What the API answers, as values: the cockpit's own views, and these. Shared with the commands, free of any server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from radtui import __version__
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.facts import Envelope, Found, Reconciled
from radtui.core.instruction import Receipt
from radtui.core.market import SECOND
from radtui.core.money_view import MoneyView
from radtui.core.order_view import FillView, OrderView
from radtui.core.orders import DONE
from radtui.core.position_view import PositionView
from radtui.core.recovery_report import ReconcileView, RecoveryReport
from radtui.core.risk import ScoreLevel
from radtui.core.snapshot import Snapshot
from radtui.core.stopping_view import FlattenView
from radtui.engine.aged import what_hangs, what_to_do
from radtui.engine.inquiries import Weighed

_SILENT: Final = 3
"""Seconds without a whole reading from which on a stop, which wants one a second, says so."""
GOING_ON: Final = "told, and not done yet: the engine goes on"


class View(msgspec.Struct, frozen=True, kw_only=True):
    """Anything that is answered."""


class Overview(View, frozen=True, kw_only=True):
    """One engine in one line: what ``radtui status`` shows. Moments are nanoseconds UTC.

    Attributes:
        since, who, why: of the last change of state.
        orders: working ones. unprotected: own positions without a confirmed stop.
        blocked: why no entry is possible now; empty when entries are possible.
        notices: what needs the operator's eye now, worst first. alerts: how many fire that nobody has seen.
        hangs: whole seconds for which the engine's loop has stood still, 0 while it turns; all else is as old then.
        remaining: what is still of ours at the exchange while a stop is on its way, a line each.
    """

    radtui: str
    bot: str
    pid: int
    exchange: str
    mode: str
    speed: int
    state: str
    since: int
    who: str
    why: str
    strategy: str
    timeframe: str
    symbols: tuple[str, ...]
    started_at: int
    at: int
    market_at: int | None
    sequence: int
    equity: Decimal | None
    today: Decimal | None
    currency: str
    positions: int
    unprotected: int
    orders: int
    blocked: str
    notices: tuple[str, ...]
    alerts: int = 0
    hangs: int = 0
    flatten: FlattenView | None = None
    remaining: tuple[str, ...] = ()


class BotHere(View, frozen=True, kw_only=True):
    """One bot of this process.

    Attributes:
        path: below which its whole API is, on this port: ``/bots/NAME/api/status``, ``/bots/NAME/ws/engine``.
    """

    name: str
    path: str
    status: Overview


class Bots(View, frozen=True, kw_only=True):
    """Every bot of this process, those that have ended too."""

    bots: tuple[BotHere, ...]


class Answer(View, frozen=True, kw_only=True):
    """What came of an instruction (row L3).

    Attributes:
        success: None while it is not done.
        id: of the instruction: ``/api/receipts/{id}`` tells what came of it.
        remaining: while it is not done, what is still of ours, a line each.
        hangs: whole seconds for which the engine's loop has stood still; 0 while it turns. todo: what to do then.
    """

    success: bool | None
    message: str
    status: str
    id: str
    receipt: Receipt | None = None
    remaining: tuple[str, ...] = ()
    hangs: int = 0
    todo: str = ""


class Orders(View, frozen=True, kw_only=True):
    """Our orders, working ones and those done lately, and the latest fills."""

    orders: tuple[OrderView, ...]
    fills: tuple[FillView, ...]


class Positions(View, frozen=True, kw_only=True):
    """What is open, ours and foreign."""

    positions: tuple[PositionView, ...]


class Difference(View, frozen=True, kw_only=True):
    """One difference between the journal and the exchange, and what was done about it."""

    at: int
    subject: str
    difference: str
    done: str
    explanation: str = ""


class Reconciliation(View, frozen=True, kw_only=True):
    """What comparing the journal with the exchange has found.

    Attributes:
        recovered: whether the first comparison of this run is done; None where no engine flies.
        source: ``engine`` or ``journal``.
        report: of the latest start's recovery; None where there was none yet.
        now: the comparison that never stops; None where no engine flies.
        differences: since then and before, oldest first.
    """

    bot: str
    source: str
    recovered: bool | None
    report: RecoveryReport | None
    now: ReconcileView | None
    differences: tuple[Difference, ...]


class Breakers(View, frozen=True, kw_only=True):
    """The trading breakers: each with its limit, its value, and when it resets."""

    breakers: tuple[TradingBreakerView, ...]


class Balance(View, frozen=True, kw_only=True):
    """One currency of the account; `total` has the open profit in it, `reserved` is what positions and orders hold."""

    currency: str
    available: Decimal
    reserved: Decimal
    total: Decimal


class Balances(View, frozen=True, kw_only=True):
    """What the account holds, and its profit and loss; nothing in `balances` before it was read."""

    balances: tuple[Balance, ...]
    money: MoneyView


class Validation(View, frozen=True, kw_only=True):
    """What the gates would say of an entry.

    Attributes:
        refused_by: the gates that would refuse it.
        order: what would be asked for, with every gate's value, limit and verdict.
    """

    valid: bool
    refused_by: tuple[str, ...]
    order: Weighed
    risk_score: float
    risk_level: ScoreLevel


class Refusal(View, frozen=True, kw_only=True):
    """Why a request was not answered: a word for programs, a line for people, and what to do."""

    error: str
    message: str
    todo: str = ""


def overview(snapshot: Snapshot) -> Overview:
    """Return an engine in one line."""
    status, money = snapshot.status, snapshot.money
    return Overview(
        radtui=__version__,
        bot=snapshot.bot,
        pid=snapshot.process.pid,
        exchange=snapshot.exchange,
        mode=status.mode,
        speed=status.speed,
        state=status.state,
        since=status.since,
        who=status.who,
        why=status.why,
        strategy=status.strategy,
        timeframe=status.timeframe,
        symbols=status.symbols,
        started_at=status.started_at,
        at=snapshot.at,
        market_at=snapshot.market_at,
        sequence=snapshot.sequence,
        equity=money.equity,
        today=money.today,
        currency=money.currency,
        positions=len(snapshot.positions),
        unprotected=sum(each.own and not each.stop_resting for each in snapshot.positions),
        orders=sum(each.state not in DONE for each in snapshot.orders),
        blocked=status.blocked,
        notices=snapshot.notices,
        alerts=len(snapshot.alerts.firing),
        hangs=snapshot.hangs,
        flatten=snapshot.flatten,
        remaining=remaining(snapshot) if snapshot.flatten or snapshot.stopping else (),
    )


def balances(money: MoneyView) -> Balances:
    """Return what the account holds; without the curve."""
    rest = msgspec.structs.replace(money, curve=())
    if money.equity is None or money.available is None or money.reserved is None:
        return Balances(balances=(), money=rest)
    held = Balance(currency=money.currency, available=money.available, reserved=money.reserved, total=money.equity)
    return Balances(balances=(held,), money=rest)


def answered(receipt: Receipt) -> Answer:
    """Return a receipt as an answer."""
    return Answer(
        success=receipt.success, message=receipt.message, status=receipt.status, id=receipt.id, receipt=receipt
    )


def unanswered(id_: str, snapshot: Snapshot) -> Answer:
    """Return what is to be said while there is no receipt."""
    hangs = snapshot.hangs
    heard = f"told, and not heard: {what_hangs(hangs)}" if hangs else f"{GOING_ON}{_in_the_way(snapshot)}"
    return Answer(
        success=None,
        message=heard,
        status=snapshot.status.state,
        id=id_,
        remaining=remaining(snapshot),
        hangs=hangs,
        todo=what_to_do(snapshot.process.pid) if hangs else "",
    )


def _in_the_way(snapshot: Snapshot) -> str:
    """Return what keeps a stop from reading the exchange; empty where nothing does."""
    stopping, read_at = snapshot.flatten or snapshot.stopping, snapshot.reconcile.last_at
    if stopping is None:
        return ""
    if stopping.failing:
        return f"; the exchange cannot be read: {stopping.failing}"
    if read_at is None:
        return "; the exchange has not answered yet"
    silent = (snapshot.at - read_at) // SECOND
    return f"; the exchange has not answered for {silent} s" if silent >= _SILENT else ""


def remaining(snapshot: Snapshot) -> tuple[str, ...]:
    """Return what is still of ours, a line each: as a stop on its way names it, else as it is listed."""
    if snapshot.flatten is not None and snapshot.flatten.remaining:
        return snapshot.flatten.remaining
    if snapshot.stopping is not None and snapshot.stopping.waiting:
        return snapshot.stopping.waiting
    orders = tuple(f"order {_words(each)}" for each in snapshot.orders if each.state not in DONE)
    return (*(f"position {each.symbol} {each.lots:+d} lots" for each in snapshot.positions if each.own), *orders)


def reconciliation(snapshot: Snapshot, said: Iterable[Envelope]) -> Reconciliation:
    """Return what a flying engine found."""
    return Reconciliation(
        bot=snapshot.bot,
        source="engine",
        recovered=snapshot.status.recovered,
        report=snapshot.recovery,
        now=snapshot.reconcile,
        differences=_differences(said),
    )


def journalled(bot: str, said: Sequence[Envelope]) -> Reconciliation:
    """Return what the facts of a journal tell of the engine that flew last."""
    reports = [each.fact.report for each in said if isinstance(each.fact, Reconciled)]
    return Reconciliation(
        bot=bot,
        source="journal",
        recovered=None,
        report=reports[-1] if reports else None,
        now=None,
        differences=_differences(said),
    )


def _differences(said: Iterable[Envelope]) -> tuple[Difference, ...]:
    return tuple(_difference(each.at, each.fact) for each in said if isinstance(each.fact, Found))


def _difference(at: int, fact: Found) -> Difference:
    return Difference(
        at=at, subject=fact.subject, difference=fact.difference, done=fact.done, explanation=fact.explanation
    )


def _words(order: OrderView) -> str:
    return f"{order.symbol} {order.purpose} {order.side.value} {order.lots} lots {order.state}, {order.client_id}"
