"""An order as `GET /orders` and its kin show it. Field set and types: live captures of 2025."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, ratio
from radtui.core.order import OrderReport
from radtui.simserver.render.figures import millis, text
from radtui.simserver.ticket import Ticket


def order(ticket: Ticket, instrument: Instrument) -> dict[str, object]:
    """Return one order; ``stopPrice`` is text or null, as in `GET /orders/{id}` and `GET /stopOrders`."""
    report, terms = ticket.report, ticket.terms
    stop = report.stop
    filled = text(report.filled_value)
    return {
        "id": ticket.id,
        "symbol": report.symbol,
        "type": report.type.value,
        "side": report.side.value,
        "price": text(report.price or ZERO),
        "size": report.lots,
        "value": text(terms.value),
        "dealValue": filled,
        "dealSize": report.filled_lots,
        "stp": terms.stp,
        "stop": stop.cross.value if stop else "",
        "stopPriceType": stop.on.value if stop else "",
        "stopTriggered": report.triggered,
        "stopPrice": text(stop.price) if stop else None,
        "timeInForce": terms.tif,
        "postOnly": report.post_only,
        "hidden": terms.hidden,
        "iceberg": terms.iceberg,
        "leverage": terms.leverage,
        "forceHold": terms.force_hold,
        "closeOrder": report.close_order,
        "visibleSize": terms.visible_size,
        "clientOid": report.client_id,
        "remark": terms.remark,
        "tags": "",
        "isActive": report.active,
        "cancelExist": report.cancelled,
        "createdAt": millis(ticket.created_at),
        "updatedAt": millis(ticket.updated_at),
        "endAt": millis(ticket.ended_at) if ticket.ended_at is not None else None,
        "orderTime": ticket.created_at,
        "settleCurrency": instrument.settle,
        "marginMode": report.margin_mode.value,
        "avgDealPrice": text(average(report, instrument)),
        "positionSide": report.position_side.value,
        "filledSize": report.filled_lots,
        "filledValue": filled,
        "status": "open" if report.active else "done",
        "reduceOnly": report.reduce_only,
    }


def listed(ticket: Ticket, instrument: Instrument) -> dict[str, object]:
    """Return one order of a list of done or working ones.

    The official client reads ``stopPrice`` there as a whole number and empties the whole reply where it is none;
    live it is null or text. So text where it is whole, and null, as in the exchange's own examples, where it is not.
    """
    shown = order(ticket, instrument)
    stop = ticket.report.stop
    if stop is not None and stop.price != stop.price.to_integral_value():
        shown["stopPrice"] = None
    return shown


def average(report: OrderReport, instrument: Instrument) -> Decimal:
    """Return the mean price of an order's fills, 0 without any."""
    if not report.filled_lots:
        return ZERO
    coins = abs(instrument.multiplier) * report.filled_lots
    value = abs(report.filled_value)
    return ratio(coins, value) if instrument.inverse else ratio(value, coins)


def kind(report: OrderReport) -> str:
    """Return what the ``type`` filter calls an order: limit, market, limit_stop or market_stop."""
    name = report.type.value
    return f"{name}_stop" if report.stop is not None else name
