"""Reading orders and fills back."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.money import ZERO
from radtui.core.order import Side
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.http import write_json
from radtui.simserver.paging import DAY_MS, WEEK_MS, Span, page, span
from radtui.simserver.refusals import unknown_order
from radtui.simserver.render import fill as fills_shown
from radtui.simserver.render import order as orders_shown
from radtui.simserver.render.figures import text
from radtui.simserver.routes.rows import chosen, futures, general, named
from radtui.simserver.ticket import FillNote, Ticket

MOST_RECENT: Final = 1000
_KINDS: Final = ("limit", "market", "limit_stop", "market_stop", "oco_limit", "oco_stop")
_ALWAYS: Final = Span(0, 1 << 62)


def orders(call: Call) -> object:
    """Answer a page of orders: those that work, or (by default) those that are done, newest first."""
    params = call.params
    if params.one_of("status", ("active", "done"), "done") == "active":
        known = [ticket for ticket in call.floor.blotter.working() if not ticket.report.waits]
        window = span(params, call.milliseconds, default=WEEK_MS) if _has_span(call) else _ALWAYS
    else:
        known = call.floor.blotter.done()
        window = span(params, call.milliseconds, default=DAY_MS, longest=WEEK_MS)
    return page(params, _filtered(call, known, window), lambda ticket: _listed(call, ticket))


def stops(call: Call) -> object:
    """Answer a page of the stops that wait, newest first."""
    window = span(call.params, call.milliseconds, default=WEEK_MS) if _has_span(call) else _ALWAYS
    known = (ticket for ticket in call.floor.blotter.working() if ticket.report.waits)
    return page(call.params, _filtered(call, known, window), lambda ticket: _shown(call, ticket))


def by_id(call: Call) -> object:
    """Answer one order by its id."""
    return _single(call, call.floor.ticket(call.params.required("orderId")))


def by_client(call: Call) -> object:
    """Answer one order by its client's id: what to ask after an unknown outcome."""
    return _single(call, call.floor.blotter.by_client(call.params.required("clientOid")))


def recent(call: Call) -> object:
    """Answer what was done in 24 hours, at most 1000, newest first."""
    instrument = chosen(call)
    oldest = (call.milliseconds - DAY_MS) * 1_000_000
    return [
        _listed(call, ticket)
        for ticket in call.floor.blotter.done()
        if ticket.updated_at >= oldest and (instrument is None or ticket.report.symbol == instrument.symbol)
    ][:MOST_RECENT]


def fills(call: Call) -> object:
    """Answer a page of fills, newest first."""
    params = call.params
    window = span(params, call.milliseconds, default=WEEK_MS, longest=WEEK_MS)
    kinds = [kind.strip() for kind in params.text("tradeTypes").split(",") if kind.strip()]
    notes = [
        note
        for note in reversed(call.floor.blotter.fills)
        if window.holds(note.at) and (not kinds or note.fill.kind.value in kinds) and _asked(call, note)
    ]
    return page(params, notes, lambda note: _fill(call, note))


def recent_fills(call: Call) -> object:
    """Answer the fills of 24 hours, at most 1000, newest first."""
    instrument = chosen(call)
    oldest = (call.milliseconds - DAY_MS) * 1_000_000
    return [
        _fill(call, note)
        for note in reversed(call.floor.blotter.fills)
        if note.at >= oldest and (instrument is None or note.fill.symbol == instrument.symbol)
    ][:MOST_RECENT]


def statistics(call: Call) -> object:
    """Answer what the working limit orders of a contract add up to: lots, and value in settlement currency."""
    instrument = named(call)
    sizes: dict[Side, int] = dict.fromkeys(Side, 0)
    costs: dict[Side, Decimal] = dict.fromkeys(Side, ZERO)
    for ticket in call.floor.blotter.working():
        report = ticket.report
        if report.symbol == instrument.symbol and not report.waits and report.price is not None:
            left = report.lots - report.filled_lots
            sizes[report.side] += left
            costs[report.side] += abs(instrument.notional(report.price, left))
    return {
        "openOrderBuySize": sizes[Side.BUY],
        "openOrderSellSize": sizes[Side.SELL],
        "openOrderBuyCost": text(costs[Side.BUY]),
        "openOrderSellCost": text(costs[Side.SELL]),
        "settleCurrency": instrument.settle,
    }


def _has_span(call: Call) -> bool:
    return "startAt" in call.params or "endAt" in call.params


def _filtered(call: Call, tickets: Iterable[Ticket], window: Span) -> list[Ticket]:
    """Return the orders that contract, side, type and time of the request admit."""
    instrument = chosen(call)
    side = call.params.one_of("side", tuple(Side))
    kind = call.params.one_of("type", _KINDS)
    return [
        ticket
        for ticket in tickets
        if window.holds(ticket.created_at)
        and (instrument is None or ticket.report.symbol == instrument.symbol)
        and (not side or ticket.report.side == side)
        and (not kind or kind in (ticket.report.type.value, orders_shown.kind(ticket.report)))
    ]


def _asked(call: Call, note: FillNote) -> bool:
    """Return whether order, contract, side and type of the request admit a fill."""
    params, instrument = call.params, chosen(call)
    side = params.one_of("side", tuple(Side))
    kind = params.one_of("type", _KINDS)
    shown = orders_shown.kind(note.ticket.report) if note.ticket else "market"
    return (
        ("orderId" not in params or note.order_id == params.text("orderId"))
        and (instrument is None or note.fill.symbol == instrument.symbol)
        and (not side or note.fill.side == side)
        and (not kind or kind in (shown, shown.removesuffix("_stop")))
    )


def _single(call: Call, ticket: Ticket | None) -> dict[str, object]:
    if ticket is None:
        raise unknown_order()
    return _shown(call, ticket)


def _shown(call: Call, ticket: Ticket) -> dict[str, object]:
    return orders_shown.order(ticket, call.floor.instruments[ticket.report.symbol])


def _listed(call: Call, ticket: Ticket) -> dict[str, object]:
    return orders_shown.listed(ticket, call.floor.instruments[ticket.report.symbol])


def _fill(call: Call, note: FillNote) -> msgspec.Raw:
    """Return a fill as it is shown: always the same, and asked for every few seconds."""
    if note.shown is None:
        note.shown = msgspec.Raw(write_json(fills_shown.fill(note, call.floor.instruments[note.fill.symbol])))
    return note.shown


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    general("GET", "/api/v1/orders", 2, orders),
    general("GET", "/api/v1/stopOrders", 6, stops),
    general("GET", "/api/v1/orders/byClientOid", 5, by_client),
    general("GET", "/api/v1/orders/{orderId}", 5, by_id),
    general("GET", "/api/v1/recentDoneOrders", 5, recent),
    general("GET", "/api/v1/fills", 5, fills),
    futures("GET", "/api/v1/recentFills", 3, recent_fills),
    general("GET", "/api/v1/openOrderStatistics", 10, statistics),
)
