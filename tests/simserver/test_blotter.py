"""The exchange's own books."""

from __future__ import annotations

from decimal import Decimal

import pytest
from server_world import World

from radtui.core.order import Fill, OrderReport, OrderType, PositionSide, Side
from radtui.simserver import blotter as module
from radtui.simserver.blotter import Blotter
from radtui.simserver.ticket import Terms
from radtui.venue.contracts import CONTRACTS


def books() -> Blotter:
    return Blotter(CONTRACTS.values(), lambda number: f"id-{number}", lambda fill: f"trade-{fill.trade_id}")


def report(number: int, **changed: object) -> OrderReport:
    known = {
        "order_id": str(number),
        "client_id": f"c-{number}",
        "symbol": "XBTUSDTM",
        "side": Side.BUY,
        "type": OrderType.LIMIT,
        "lots": 5,
    }
    return OrderReport(**(known | changed))  # type: ignore[arg-type]


def fill(number: int, lots: int, side: Side = Side.BUY, at: PositionSide = PositionSide.BOTH) -> Fill:
    return Fill(
        trade_id=str(number),
        order_id=str(number),
        client_id="",
        symbol="XBTUSDTM",
        side=side,
        lots=lots,
        price=Decimal(60_000),
        fee=Decimal("0.036"),
        maker=False,
        at=10,
        position_side=at,
    )


def test_a_ticket_follows_its_reports_until_it_is_done() -> None:
    known = books()
    ticket = known.open(report(1), Terms(remark="hello"), 100)
    known.hear(report(1), lambda _: 150)
    assert ticket.updated_at == 100, "nothing changed"
    known.hear(report(1, filled_lots=2), lambda _: 200)
    assert (ticket.updated_at, ticket.ended_at, known.working()) == (200, None, [ticket])
    known.hear(report(1, filled_lots=5, active=False), lambda _: 300)
    assert (ticket.updated_at, ticket.ended_at, known.working(), known.done()) == (300, 300, [], [ticket])
    assert known.by_client("c-1") is known.ticket("id-1") is ticket
    assert ticket.terms.remark == "hello"


def test_nothing_is_dated_before_its_order_came() -> None:
    known = books()
    ticket = known.open(report(1), Terms(), 100)
    known.hear(fill(1, 2), lambda _: 40)
    known.hear(report(1, active=False), lambda _: 40)
    assert (ticket.updated_at, ticket.ended_at, known.fills[0].at) == (100, 100, 100)


def test_a_fill_knows_its_order_its_value_and_what_it_closed() -> None:
    known = books()
    ticket = known.open(report(1), Terms(), 100)
    known.hear(fill(1, 2), lambda _: 200)
    note = known.fills[0]
    assert (note.ticket, note.id, note.order_id, note.value) == (ticket, "trade-1", "id-1", Decimal(120))
    known.hear(fill(2, 5, Side.SELL), lambda _: 300)
    known.hear(fill(3, 1, Side.BUY), lambda _: 300)
    assert [one.closing for one in known.fills] == [0, 2, 1]
    assert list(known.fills_of("id-2")) == [known.fill("2")]
    assert known.fill("9") is None


def test_hedge_sides_are_kept_apart() -> None:
    known = books()
    known.hear(fill(1, 2, Side.BUY, PositionSide.LONG), lambda _: 1)
    known.hear(fill(2, 2, Side.SELL, PositionSide.SHORT), lambda _: 1)
    known.hear(fill(3, 1, Side.SELL, PositionSide.LONG), lambda _: 1)
    assert [one.closing for one in known.fills] == [0, 0, 1]


def test_only_the_oldest_done_tickets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT_TICKETS", 3)
    known = books()
    for number in range(1, 10):
        known.open(report(number), Terms(), 0)
        if number != 1:
            known.hear(report(number, active=False), lambda _: 1)
    known.open(report(10), Terms(), 0)
    assert known.ticket("id-1") is not None, "it works still"
    assert [ticket.id for ticket in known.done()] == ["id-9", "id-8", "id-7"]
    assert known.by_client("c-5") is None


def test_a_liquidation_is_a_fill_without_a_ticket() -> None:
    world = World(symbols=("XBTUSDTM",))
    world.ask("POST", "/api/v2/position/switchPositionMode", {"positionMode": "1"})
    world.place(side="buy", leverage=125, positionSide="LONG")
    world.place(side="sell", leverage=125, positionSide="SHORT")
    for _ in range(1000):
        world.sleep(10)
        if len(world.floor.venue.positions()) < 2:
            break
    note = world.floor.blotter.fills[-1]
    assert (note.fill.kind.value, note.ticket) == ("liquid", None)
    shown = world.ask("GET", "/api/v1/fills?tradeTypes=liquid")["items"]
    assert [one["tradeType"] for one in shown] == ["liquid"]
    assert world.ask("GET", "/api/v1/history-positions")["items"][0]["type"] in ("LIQUID_LONG", "LIQUID_SHORT")
