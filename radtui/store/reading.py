"""What the journal knew when it was opened (row O3)."""

from __future__ import annotations

from collections import deque
from decimal import Decimal
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, Table, func, select

from radtui.core.alert_view import AlertView, Phase
from radtui.core.facts import Alerted, AnyFact, Envelope, Executed, OrderChanged, Receipted
from radtui.core.health_view import ErrorView
from radtui.core.instruction import Receipt
from radtui.core.market import Candle
from radtui.core.money_view import EquityPoint
from radtui.core.orders import DONE, Order, OrderState
from radtui.core.performance import HOURS_KEPT, noted
from radtui.store.limits import (
    ALERTS_KNOWN,
    EQUITY_KNOWN,
    EQUITY_MONTH,
    ERRORS_KNOWN,
    FILLS_KNOWN,
    ORDERS_KNOWN,
    RECEIPTS_KNOWN,
)
from radtui.store.port import BotState, Known, PaperMemory
from radtui.store.schema import (
    ALERTS,
    BOT_STATE,
    EQUITY,
    ERRORS,
    FILLS,
    META,
    ORDERS,
    PAPER_CANDLES,
    PAPER_STATE,
    RECEIPTS,
)

_OPEN: Final = sorted(set(OrderState) - DONE)

_envelope: Final = msgspec.json.Decoder(Envelope).decode
_state: Final = msgspec.json.Decoder(BotState).decode
_paper: Final = msgspec.json.Decoder(PaperMemory).decode


def read_known(connection: Connection) -> Known:
    """Return what was kept, as it is on disk."""
    return Known(
        sequence=connection.scalar(select(META.c.sequence)) or 0,
        clean=connection.scalar(select(META.c.clean)) is not False,
        state=_bot_state(connection),
        open_orders=_orders(connection, _newest(ORDERS).where(ORDERS.c.state.in_(_OPEN))),
        orders=_orders(connection, _newest(ORDERS).limit(ORDERS_KNOWN)),
        fills=_fills(connection),
        errors=_errors(connection),
        equity=_equity(connection),
        hours=_hours(connection),
        start_equity=_start_equity(connection),
        receipts=_receipts(connection),
        alerts=_alerts(connection),
    )


def read_paper(connection: Connection) -> PaperMemory | None:
    """Return the paper venue as it was kept; its candles by time of opening, then symbol and span."""
    body = connection.scalar(select(PAPER_STATE.c.body))
    if body is None:
        return None
    c = PAPER_CANDLES.c
    fields = (c.symbol, c.opened_at, c.span, c.open, c.high, c.low, c.close, c.volume)
    rows = connection.execute(select(*fields).order_by(c.opened_at, c.symbol, c.span))
    return msgspec.structs.replace(_paper(body), candles=tuple(Candle(*row) for row in rows))


def history(connection: Connection, table: Table) -> list[Envelope]:
    """Return all facts of one kind, oldest first."""
    return [_envelope(body) for body in connection.scalars(select(table.c.body).order_by(table.c.sequence))]


def _bot_state(connection: Connection) -> BotState | None:
    body = connection.scalar(select(BOT_STATE.c.body))
    return None if body is None else _state(body)


def _newest(table: Table, *words: ColumnElement[Any]) -> Select[Any]:
    return select(*words or (table.c.body,)).order_by(table.c.sequence.desc())


def _facts(connection: Connection, newest: Select[Any]) -> list[AnyFact]:
    return [_envelope(body).fact for body in reversed(connection.scalars(newest).all())]


def _orders(connection: Connection, newest: Select[Any]) -> tuple[Order, ...]:
    return tuple(fact.order for fact in _facts(connection, newest) if isinstance(fact, OrderChanged))


def _fills(connection: Connection) -> tuple[Executed, ...]:
    facts = _facts(connection, _newest(FILLS).limit(FILLS_KNOWN))
    return tuple(fact for fact in facts if isinstance(fact, Executed))


def _receipts(connection: Connection) -> tuple[Receipt, ...]:
    facts = _facts(connection, _newest(RECEIPTS).limit(RECEIPTS_KNOWN))
    return tuple(fact.receipt for fact in facts if isinstance(fact, Receipted))


def _alerts(connection: Connection) -> tuple[AlertView, ...]:
    going_on = _newest(ALERTS).where(ALERTS.c.phase != Phase.RESOLVED)
    facts = [*_facts(connection, going_on), *_facts(connection, _newest(ALERTS).limit(ALERTS_KNOWN))]
    return tuple({fact.alert.id: fact.alert for fact in facts if isinstance(fact, Alerted)}.values())


def _errors(connection: Connection) -> tuple[ErrorView, ...]:
    c = ERRORS.c
    since = func.coalesce(c.first_at, c.at)
    newest = _newest(ERRORS, c.at, since, c.kind, c.message, c.place, c.count, c.severity).limit(ERRORS_KNOWN)
    names = ErrorView.__struct_fields__
    return tuple(ErrorView(**dict(zip(names, row, strict=True))) for row in reversed(connection.execute(newest).all()))


def _equity(connection: Connection) -> tuple[EquityPoint, ...]:
    newest = _newest(EQUITY, EQUITY.c.market_at, EQUITY.c.equity).limit(EQUITY_KNOWN)
    return tuple(EquityPoint(*row) for row in reversed(connection.execute(newest).all()))


def _hours(connection: Connection) -> tuple[EquityPoint, ...]:
    """Return the last equity of each hour; thinned out here, for the rows' figures stand in their JSON."""
    newest = _newest(EQUITY, EQUITY.c.market_at, EQUITY.c.equity).limit(EQUITY_MONTH)
    hours: deque[EquityPoint] = deque(maxlen=HOURS_KEPT)
    for row in reversed(connection.execute(newest).all()):
        noted(hours, EquityPoint(*row))
    return tuple(hours)


def _start_equity(connection: Connection) -> Decimal | None:
    return connection.scalar(select(EQUITY.c.equity).order_by(EQUITY.c.sequence).limit(1))
