"""What is known of each order at the exchange: the newest word on it, by its id and by ours.

A push names only what changed and a fill names no client id, so what an answer told before is kept. Words may come
twice, late and out of order: what is filled never goes down, and an order that was done stays so.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from msgspec.structs import replace

from radtui.core.order import OrderReport, OrderRequest, OrderType
from radtui.exchange.kucoin.convert import margin_mode, position_side, side, trigger
from radtui.exchange.kucoin.wire.common import MILLISECOND, nanoseconds
from radtui.exchange.kucoin.wire.feed import OrderChange, StopChange

KEPT: Final = 2_000
"""Orders remembered; one that is needed again later is read again."""


class Blotter:
    """The newest report of each order, bounded."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._orders: OrderedDict[str, OrderReport] = OrderedDict()
        self._ids: dict[str, str] = {}
        self._foreign: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        return len(self._orders)

    def find(self, client_id: str) -> OrderReport | None:
        """Return what is known of an order of that client id."""
        return self._orders.get(self._ids.get(client_id, ""))

    def client_id(self, order_id: str) -> str | None:
        """Return the client id of an order, empty where the exchange knows none, None where it has to be asked."""
        known = self._orders.get(order_id)
        if known is not None:
            return known.client_id
        return "" if order_id in self._foreign else None

    def active(self) -> list[str]:
        """Return the ids of the orders that are not known to be done."""
        return [order_id for order_id, report in self._orders.items() if report.active]

    def nameless(self, order_id: str) -> None:
        """Note that the exchange was asked for an order and knows none, or none with a client id."""
        self._foreign[order_id] = None
        if len(self._foreign) > self._kept:
            self._foreign.popitem(last=False)

    def placed(self, request: OrderRequest, order_id: str, at: int) -> None:
        """Note an order that the exchange has just received; what a push told of it already stands."""
        said = OrderReport(
            order_id=order_id,
            client_id=request.client_id,
            symbol=request.symbol,
            side=request.side,
            type=request.type,
            lots=request.lots,
            price=request.price,
            stop=request.stop,
            reduce_only=request.reduce_only,
            close_order=request.close_order,
            post_only=request.post_only,
            leverage=request.leverage,
            created_at=at,
            updated_at=at,
            margin_mode=request.margin_mode,
            position_side=request.position_side,
        )
        known = self._orders.get(order_id)
        self._keep(said if known is None else _newest(said, known))

    def listed(self, report: OrderReport) -> OrderReport:
        """Note an order that REST has shown, and return the newest word on it."""
        known = self._orders.get(report.order_id)
        return self._keep(report if known is None else _newest(known, report))

    def changed(self, change: OrderChange) -> OrderReport | None:
        """Note what a push tells of an order; return its report, None where nobody knows its client id yet."""
        known = self._orders.get(change.order_id)
        if known is None and not change.client_oid:
            return None
        before = known or _blank(change)
        done = change.status == "done" or change.type in {"filled", "canceled"}
        said = replace(
            before,
            lots=change.size or before.lots,
            filled_lots=change.filled_size,
            active=not done,
            cancelled=done and (change.type == "canceled" or change.filled_size < change.size),
            triggered=before.stop is not None,  # only an order that left its trigger behind is told of here
            updated_at=nanoseconds(change.ts),
        )
        return self._keep(_newest(before, said))

    def stop_changed(self, change: StopChange) -> OrderReport | None:
        """Note what a push tells of a stop; return its report, None where nobody knows its client id yet."""
        known = self._orders.get(change.order_id)
        if known is None and not change.client_oid:
            return None
        before = known or _blank_stop(change)
        failed = change.type == "triggered" and change.trigger_success is False
        gone = failed or change.type == "cancel"
        said = replace(
            before,
            active=not gone,
            cancelled=gone,
            triggered=change.type == "triggered",
            updated_at=nanoseconds(change.ts),
            reason=f"its trigger was met, but its order was refused: {change.error or 'no reason given'}"
            if failed
            else "",
        )
        return self._keep(_newest(before, said))

    def _keep(self, report: OrderReport) -> OrderReport:
        self._orders[report.order_id] = report
        self._orders.move_to_end(report.order_id)
        if report.client_id:
            self._ids[report.client_id] = report.order_id
        if len(self._orders) > self._kept:
            gone = self._orders.popitem(last=False)[1]
            if self._ids.get(gone.client_id) == gone.order_id:
                del self._ids[gone.client_id]
        return report


def _newest(known: OrderReport, said: OrderReport) -> OrderReport:
    """Return what two words on one order come to, whichever came first."""
    filled, value = max(known.filled_lots, said.filled_lots), max(known.filled_value, said.filled_value)
    done, triggered = not (known.active and said.active), known.triggered or said.triggered
    ended = said if not said.active else known
    return replace(
        said,
        client_id=said.client_id or known.client_id,
        lots=said.lots or known.lots,
        stop=said.stop or known.stop,
        filled_lots=filled,
        filled_value=value,
        active=not done,
        cancelled=done and (ended.cancelled and not 0 < ended.lots <= filled),
        triggered=triggered,
        created_at=said.created_at or known.created_at,
        updated_at=max(known.updated_at, said.updated_at),
        reason=said.reason or known.reason,
    )


def _blank(change: OrderChange) -> OrderReport:
    market = change.order_type.startswith("market")
    return OrderReport(
        order_id=change.order_id,
        client_id=change.client_oid or "",
        symbol=change.symbol,
        side=side(change.side),
        type=OrderType.MARKET if market else OrderType.LIMIT,
        lots=change.size,
        price=None if market else change.price or None,
        created_at=nanoseconds(change.order_time),
        margin_mode=margin_mode(change.margin_mode),
        position_side=position_side(change.position_side),
    )


def _blank_stop(change: StopChange) -> OrderReport:
    return OrderReport(
        order_id=change.order_id,
        client_id=change.client_oid or "",
        symbol=change.symbol,
        side=side(change.side),
        type=OrderType.MARKET if change.order_price is None else OrderType.LIMIT,
        lots=change.size,
        price=change.order_price or None,
        stop=trigger(change.stop, change.stop_price, change.stop_price_type),
        created_at=change.created_at * MILLISECOND,
        margin_mode=margin_mode(change.margin_mode),
        position_side=position_side(change.position_side),
    )
