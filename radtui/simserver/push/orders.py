"""The account's orders: what the feed says when one rests, trades, ends, waits for a trigger or fires."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.money import ZERO
from radtui.core.order import FillKind, OrderReport
from radtui.simserver.push.message import Message
from radtui.simserver.render.figures import coarse, millis, text
from radtui.simserver.ticket import FillNote, Ticket

ALL: Final = "orderChange"
OF_SYMBOL: Final = "symbolOrderChange"
STOP: Final = "stopOrder"


def opened(ticket: Ticket, filled: int) -> Message:
    """Return that the order, or what is left of it, rests in the book."""
    return {**_order(ticket, filled, "open", "open"), "liquidity": "maker"}


def matched(ticket: Ticket, note: FillNote, filled: int) -> Message:
    """Return one fill of the order; `filled` are its lots so far, this fill's among them."""
    data = _order(ticket, filled, "match", "open" if note.fill.maker else "match")
    return {**data, **_match(note), "ts": coarse(note.at)}


def done(ticket: Ticket, filled: int) -> Message:
    """Return that nothing more comes of it: it is filled, or what was left is cancelled."""
    return _order(ticket, filled, "canceled" if ticket.report.cancelled else "filled", "done")


def resized(ticket: Ticket, filled: int, old: int) -> Message:
    """Return that its size changed while it rested."""
    return {**_order(ticket, filled, "update", "open"), "oldSize": str(old)}


def liquidated(note: FillNote) -> list[Message]:
    """Return what the exchange's own order did that closed a position."""
    fill = note.fill
    order: Message = {
        "symbol": fill.symbol,
        "orderType": "market",
        "side": fill.side.value,
        "canceledSize": "0",
        "orderId": note.order_id,
        "positionSide": fill.position_side.value,
        "marginMode": fill.margin_mode.value,
        "orderTime": note.at,
        "size": str(fill.lots),
        "filledSize": str(fill.lots),
        "price": "0",
        "remainSize": "0",
        "clientOid": "",
        "tradeType": FillKind.LIQUIDATION.value,
        "ts": coarse(note.at),
    }
    return [
        {**order, "type": "match", "status": "match", **_match(note)},
        {**order, "type": "filled", "status": "done"},
    ]


def stop(ticket: Ticket, kind: str, at: int, error: str = "") -> Message:
    """Return what became of a stop: open, triggered or cancel; `error` says why a fired one placed nothing."""
    report = ticket.report
    data: Message = {
        "createdAt": millis(ticket.created_at),
        "marginMode": report.margin_mode.value,
        "orderId": ticket.id,
        "orderPrice": None if report.price is None else text(report.price),
        "orderType": "stop",
        "positionSide": report.position_side.value,
        "side": report.side.value,
        "size": report.lots,
        "stop": report.stop.cross.value if report.stop else "",
        "stopPrice": text(report.stop.price) if report.stop else "",
        "stopPriceType": report.stop.on.value if report.stop else "",
        "symbol": report.symbol,
        "ts": at,
        "type": kind,
        "clientOid": report.client_id,
    }
    if kind == "triggered":
        data["triggerSuccess"] = not error
    if error:
        data["error"] = error
    return data


def _order(ticket: Ticket, filled: int, kind: str, status: str) -> Message:
    report = ticket.report
    left = _left(report, filled)
    return {
        "symbol": report.symbol,
        "orderType": report.type.value,
        "side": report.side.value,
        "canceledSize": str(report.lots - filled) if kind == "canceled" else "0",
        "orderId": ticket.id,
        "positionSide": report.position_side.value,
        "marginMode": report.margin_mode.value,
        "type": kind,
        "orderTime": ticket.created_at,
        "size": str(report.lots),
        "filledSize": str(filled),
        "price": text(report.price or ZERO),
        "remainSize": "0" if status == "done" else str(left),
        "clientOid": report.client_id,
        "tradeType": FillKind.TRADE.value,
        "status": status,
        "ts": coarse(ticket.updated_at),
    }


def _left(report: OrderReport, filled: int) -> int:
    return max(0, report.lots - filled)


def _match(note: FillNote) -> Message:
    fill = note.fill
    return {
        "liquidity": "maker" if fill.maker else "taker",
        "feeType": "makerFee" if fill.maker else "takerFee",
        "matchPrice": text(Decimal(fill.price)),
        "matchSize": str(fill.lots),
        "tradeId": note.id,
    }
