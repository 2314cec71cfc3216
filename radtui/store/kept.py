"""What a journal in memory has made durable, and what it knows of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar

import msgspec

from radtui.core.alert_view import AlertView
from radtui.core.facts import Alerted, Envelope, EquityRead, Executed, OrderChanged, Receipted, Trouble
from radtui.core.health_view import ErrorView
from radtui.core.instruction import Receipt
from radtui.core.market import Candle
from radtui.core.money_view import EquityPoint
from radtui.core.orders import Order
from radtui.core.performance import HOURS_KEPT, noted
from radtui.store.limits import (
    ALERTS_KNOWN,
    CANDLES_KEPT,
    EQUITY_KNOWN,
    ERRORS_KNOWN,
    FILLS_KNOWN,
    ORDERS_KNOWN,
    RECEIPTS_KNOWN,
)
from radtui.store.port import BotState, Known, PaperMemory

Value = TypeVar("Value")

FACTS_KEPT = 50_000
"""A long virtual run must not fill the memory with its own past."""


class Forget(msgspec.Struct, frozen=True):
    """The paper venue of before is to be dropped."""


Writing = Envelope | BotState | PaperMemory | Forget
"""One thing that is written."""


class Kept:
    """The durable part of a journal, in the shape in which `known` wants it.

    Attributes:
        facts: the latest, oldest first.
        clean: the last run ended by a shutdown.
        writer: the journal that may write here, the last that was opened on it.
    """

    def __init__(self) -> None:
        self.facts: deque[Envelope] = deque(maxlen=FACTS_KEPT)
        self.clean = True
        self.writer: object = None
        self._sequence = 0
        self._state: BotState | None = None
        self._orders: dict[str, Order] = {}
        self._fills: dict[tuple[str, str, int], Executed] = {}
        self._errors: dict[tuple[str, str, str, str], ErrorView] = {}
        self._equity: deque[EquityPoint] = deque(maxlen=EQUITY_KNOWN)
        self._hours: deque[EquityPoint] = deque(maxlen=HOURS_KEPT)
        self._start_equity: Decimal | None = None
        self._alerts: dict[str, AlertView] = {}
        self._receipts: deque[Receipt] = deque(maxlen=RECEIPTS_KNOWN)
        self._paper: PaperMemory | None = None
        self._candles: dict[tuple[str, int], deque[Candle]] = {}

    def take(self, writing: Writing) -> None:
        """Keep one thing."""
        if isinstance(writing, Envelope):
            self._take_fact(writing)
        elif isinstance(writing, BotState):
            self._state = writing
        elif isinstance(writing, PaperMemory):
            self._take_paper(writing)
        else:
            self._paper = None
            self._candles.clear()

    def known(self) -> Known:
        """Return what the next run starts with."""
        return Known(
            sequence=self._sequence,
            clean=self.clean,
            state=self._state,
            open_orders=tuple(order for order in self._orders.values() if not order.done),
            orders=_last(self._orders, ORDERS_KNOWN),
            fills=_last(self._fills, FILLS_KNOWN),
            errors=_last(self._errors, ERRORS_KNOWN),
            equity=tuple(self._equity),
            hours=tuple(self._hours),
            start_equity=self._start_equity,
            receipts=tuple(self._receipts),
            alerts=self._known_alerts(),
        )

    def paper(self) -> PaperMemory | None:
        """Return the paper venue; its candles by time of opening, then symbol and span."""
        if self._paper is None:
            return None
        candles = [candle for series in self._candles.values() for candle in series]
        candles.sort(key=lambda candle: (candle.opened_at, candle.symbol, candle.span))
        return msgspec.structs.replace(self._paper, candles=tuple(candles))

    def _take_fact(self, envelope: Envelope) -> None:
        self._sequence = max(self._sequence, envelope.sequence)
        self.facts.append(envelope)
        match envelope.fact:
            case OrderChanged(order=order):
                self._orders.pop(order.client_id, None)
                self._orders[order.client_id] = order
            case Executed(fill=fill) as executed:
                self._fills.setdefault((fill.symbol, fill.trade_id, fill.at), executed)
            case Receipted(receipt):
                self._receipts.append(receipt)
            case Alerted(alert):
                self._alerts.pop(alert.id, None)
                self._alerts[alert.id] = alert
            case EquityRead(market_at=at, account=account):
                self._start_equity = account.equity if self._start_equity is None else self._start_equity
                self._equity.append(EquityPoint(at, account.equity))
                noted(self._hours, self._equity[-1])
            case Trouble() as trouble:
                self._take_error(envelope.at, trouble)

    def _known_alerts(self) -> tuple[AlertView, ...]:
        going_on = [alert for alert in self._alerts.values() if alert.open]
        latest = _last(self._alerts, ALERTS_KNOWN)
        return tuple({alert.id: alert for alert in (*going_on, *latest)}.values())

    def _take_error(self, at: int, trouble: Trouble) -> None:
        key = (trouble.kind, trouble.severity, trouble.message, trouble.where)
        before = self._errors.pop(key, None)
        self._errors[key] = ErrorView(
            at=at,
            first_at=before.first_at if before else at,
            kind=trouble.kind,
            message=trouble.message,
            where=trouble.where,
            count=before.count + 1 if before else 1,
            severity=trouble.severity,
        )

    def _take_paper(self, paper: PaperMemory) -> None:
        self._paper = msgspec.structs.replace(paper, candles=())
        for candle in paper.candles:
            series = self._candles.setdefault((candle.symbol, candle.span), deque(maxlen=CANDLES_KEPT))
            if not series or candle.opened_at > series[-1].opened_at:
                series.append(candle)


def _last(values: Mapping[Any, Value], count: int) -> tuple[Value, ...]:
    return tuple(islice(values.values(), max(0, len(values) - count), None))
