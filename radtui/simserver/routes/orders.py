"""Placing and cancelling orders."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from radtui.core.order import OrderType
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.http import Json
from radtui.simserver.orderform import read_order
from radtui.simserver.params import Params
from radtui.simserver.refusals import BAD_REQUEST, NOT_CANCELABLE_WORDS, Refusal, from_venue, unknown_order
from radtui.simserver.routes.rows import chosen, futures, named
from radtui.simserver.ticket import Ticket
from radtui.venue.refusals import NOT_CANCELABLE, VenueRefusal

MOST_AT_ONCE: Final = 20
"""Orders in one request."""


def place(call: Call) -> object:
    """Accept an order: *received*, which is not filled yet nor sure to be."""
    return _placed(call, call.params)


def place_bracketed(call: Call) -> object:
    """Accept an order that brings its own target and stop."""
    return _placed(call, call.params, bracketed=True)


def test(call: Call) -> object:
    """Check an order as `place` would, and enter nothing."""
    call.floor.check_open()
    form = read_order(call.params, call.floor)
    call.floor.venue.check(form.request)
    return {"orderId": call.floor.order_id("0"), "clientOid": form.request.client_id}


def place_many(call: Call) -> object:
    """Accept several orders, each on its own: some may be refused inside an answer that succeeds."""
    items = call.params.raw("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_AT_ONCE:
        raise Refusal(BAD_REQUEST, f"an array of 1 to {MOST_AT_ONCE} orders is needed")
    return [_one_of_many(call, item) for item in items]


def cancel(call: Call) -> object:
    """End an order, or a stop that waits, by its id."""
    ticket = call.floor.ticket(call.params.required("orderId"))
    if ticket is None:
        raise unknown_order()
    call.floor.cancel(ticket)
    return {"cancelledOrderIds": [ticket.id]}


def cancel_by_client(call: Call) -> object:
    """End an order by its client's id and its contract."""
    symbol = named(call).symbol
    ticket = call.floor.blotter.by_client(call.params.required("clientOid"))
    if ticket is None or ticket.report.symbol != symbol:
        raise unknown_order()
    call.floor.cancel(ticket)
    return {"clientOid": ticket.report.client_id}


def cancel_many(call: Call) -> object:
    """End several orders, each on its own, by their ids or by contract and client's id."""
    ids, clients = call.params.raw("orderIdsList"), call.params.raw("clientOidsList")
    if isinstance(ids, list) and ids:
        return [_cancel_one(call, order_id, None, call.floor.ticket(str(order_id))) for order_id in ids]
    if isinstance(clients, list) and clients:
        return [_cancel_client(call, entry) for entry in clients]
    raise Refusal(BAD_REQUEST, "orderIdsList or clientOidsList can not be empty")


def cancel_all(call: Call) -> object:
    """End every limit order of one contract; stops that wait stay."""
    symbol = named(call).symbol
    return _cancel(call, (ticket for ticket in _resting(call) if ticket.report.symbol == symbol))


def cancel_all_old(call: Call) -> object:
    """End every limit order, of one contract or of all; stops that wait stay."""
    instrument = chosen(call)
    return _cancel(call, (t for t in _resting(call) if instrument is None or t.report.symbol == instrument.symbol))


def cancel_stops(call: Call) -> object:
    """End every stop that waits, of one contract or of all."""
    instrument = chosen(call)
    waiting = (ticket for ticket in call.floor.blotter.working() if ticket.report.waits)
    return _cancel(call, (t for t in waiting if instrument is None or t.report.symbol == instrument.symbol))


def _placed(call: Call, params: Params, *, bracketed: bool = False) -> dict[str, object]:
    call.floor.check_open()
    form = read_order(params, call.floor, bracketed=bracketed)
    ticket = call.floor.place(form.request, form.terms, form.bracket)
    return {"orderId": ticket.id, "clientOid": ticket.report.client_id}


def _one_of_many(call: Call, item: Json) -> dict[str, object]:
    if not isinstance(item, dict):
        raise Refusal(BAD_REQUEST, "each order must be an object")
    params = Params(item)
    answer: dict[str, object] = {"orderId": None, "clientOid": item.get("clientOid"), "symbol": item.get("symbol")}
    try:
        return answer | _placed(call, params) | {"code": "200000", "msg": "success"}
    except VenueRefusal as error:
        refusal = from_venue(error)
    except Refusal as error:
        refusal = error
    return answer | {"code": refusal.code, "msg": refusal.message}


def _cancel_client(call: Call, entry: Json) -> dict[str, object]:
    if not isinstance(entry, dict):
        raise Refusal(BAD_REQUEST, "each entry must have a symbol and a clientOid")
    client_id = Params(entry).required("clientOid")
    ticket = call.floor.blotter.by_client(client_id)
    if ticket is not None and ticket.report.symbol != Params(entry).required("symbol"):
        ticket = None
    return _cancel_one(call, ticket.id if ticket else None, client_id, ticket)


def _cancel_one(call: Call, order_id: Json, client_id: str | None, ticket: Ticket | None) -> dict[str, object]:
    answer: dict[str, object] = {"orderId": order_id, "clientOid": client_id}
    if ticket is None:
        refusal = unknown_order()
    elif ticket.done:
        refusal = Refusal(NOT_CANCELABLE, NOT_CANCELABLE_WORDS)
    else:
        call.floor.cancel(ticket)
        return answer | {"code": "200", "msg": "success"}
    return answer | {"code": refusal.code, "msg": refusal.message}


def _resting(call: Call) -> Iterable[Ticket]:
    return (
        ticket
        for ticket in call.floor.blotter.working()
        if not ticket.report.waits and ticket.report.type is OrderType.LIMIT
    )


def _cancel(call: Call, tickets: Iterable[Ticket]) -> dict[str, object]:
    cancelled = []
    for ticket in list(tickets):
        if not ticket.done:
            call.floor.cancel(ticket)
            cancelled.append(ticket.id)
    return {"cancelledOrderIds": cancelled}


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("POST", "/api/v1/orders", 2, place),
    futures("POST", "/api/v1/orders/test", 2, test),
    futures("POST", "/api/v1/st-orders", 2, place_bracketed),
    futures("POST", "/api/v1/orders/multi", 20, place_many),
    futures("DELETE", "/api/v1/orders/multi-cancel", 20, cancel_many),
    futures("DELETE", "/api/v1/orders/client-order/{clientOid}", 1, cancel_by_client),
    futures("DELETE", "/api/v1/orders/{orderId}", 1, cancel),
    futures("DELETE", "/api/v1/orders", 800, cancel_all_old),
    futures("DELETE", "/api/v3/orders", 10, cancel_all),
    futures("DELETE", "/api/v1/stopOrders", 15, cancel_stops),
)
