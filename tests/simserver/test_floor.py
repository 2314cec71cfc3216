"""The floor: two clocks, ids, who hears what and when."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from server_world import KEY, START, World

from radtui.core.market import MINUTE, SECOND
from radtui.core.order import Fill, MarginMode, OrderReport, OrderRequest, OrderType, Side
from radtui.simserver.floor import Floor
from radtui.simserver.happenings import MarginModeSet
from radtui.simserver.ticket import Terms
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue


def fast(speed: float, start: int = START - START % SECOND) -> tuple[Floor, list[int]]:
    clock = [start]
    venue = Venue(SeededMarket(("XBTUSDTM",), 1, 0), balance=Decimal(100), spans=(MINUTE,), warmup=2, tape=True)
    return Floor(venue, now=lambda: clock[0], speed=speed), clock


@given(st.sampled_from([1.0, 7.0, 60.0]), st.integers(0, 10**14))
def test_the_two_clocks_undo_each_other(speed: float, passed: int) -> None:
    floor, clock = fast(speed)
    assert abs(floor.wall(floor.market(clock[0] + passed)) - clock[0] - passed) <= 1 + passed // 10**14
    assert floor.market(clock[0] + passed) - floor.market(clock[0]) == round(passed * speed)


def test_the_market_runs_as_fast_as_it_is_told_and_candles_end_about_now() -> None:
    floor, clock = fast(60.0)
    began = floor.venue.now
    clock[0] += 10 * SECOND
    floor.move()
    assert floor.venue.now - began == 600 * SECOND
    assert floor.shift % MINUTE == 0
    assert 0 <= clock[0] - 10 * SECOND - (began + floor.shift) < MINUTE


def test_what_was_settled_here_is_dated_as_it_happened_and_what_lies_before_by_the_shift() -> None:
    floor, clock = fast(60.0)
    began = floor.market(clock[0])
    assert floor.settled(began + MINUTE) == floor.wall(began + MINUTE) == clock[0] + SECOND
    assert floor.settled(began - MINUTE) == began - MINUTE + floor.shift


def test_at_normal_speed_market_time_is_wall_time() -> None:
    world = World()
    assert world.floor.shift == 0
    assert world.floor.wall(world.floor.venue.now) == world.floor.venue.now
    assert 0 <= START - world.floor.venue.now < SECOND


def test_a_placement_meets_the_market_at_once_and_is_dated_to_the_request() -> None:
    world = World()
    world.said.clear()
    ticket = world.floor.ticket(world.place(size=3))
    assert ticket is not None
    assert (ticket.report.filled_lots, ticket.done) == (3, True)
    assert ticket.created_at == ticket.updated_at == ticket.ended_at == START
    assert world.floor.blotter.fills[-1].at == START
    kinds = [type(message) for message in world.said]
    assert kinds.index(OrderReport) < kinds.index(Fill)
    world.sleep(10)
    assert ticket.updated_at == START


def test_what_was_done_between_two_steps_happened_when_the_request_came() -> None:
    world = World()
    world.place()
    position = world.ask("GET", "/api/v1/positions")[0]
    assert position["openingTimestamp"] == START // 1_000_000
    assert world.ask("GET", "/api/v1/transaction-history?currency=USDT")["dataList"][1]["time"] == START // 1_000_000


def test_listeners_hear_everything_once_in_order_after_the_books_know() -> None:
    world = World()
    heard: list[tuple[str, bool]] = []

    def listen(messages: object) -> None:
        for message in messages:  # type: ignore[attr-defined]
            if isinstance(message, Fill):
                known = world.floor.blotter.fill(message.trade_id) is not None
                heard.append((message.trade_id, known))

    world.floor.listen(listen)
    for _ in range(3):
        world.place()
    assert [known for _, known in heard] == [True] * 3
    assert len({trade for trade, _ in heard}) == 3


def test_a_happening_comes_after_what_the_venue_said_before_it() -> None:
    world = World()
    world.said.clear()
    world.floor.venue.place(
        OrderRequest(client_id="raw", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1, leverage=1)
    )
    world.floor.say(MarginModeSet({"ETHUSDTM": MarginMode.CROSS}))
    assert isinstance(world.said[0], OrderReport)
    assert isinstance(world.said[-1], MarginModeSet)


def test_ids_are_eighteen_digits_and_rise() -> None:
    world = World()
    first, second = int(world.place()), int(world.place())
    assert len(str(first)) == 18
    assert second > first


def test_an_order_nobody_opened_gets_a_ticket_all_the_same() -> None:
    world = World()
    report = world.floor.venue.place(
        OrderRequest(client_id="raw", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1, leverage=1)
    )
    world.floor.after()
    ticket = world.floor.ticket(world.floor.order_id(report.order_id))
    assert ticket is not None
    assert (ticket.terms, ticket.done) == (Terms(), True)


def test_the_risk_level_in_force() -> None:
    world = World()
    assert world.floor.risk("XBTUSDTM").level == 1
    world.ask("POST", "/api/v1/position/risk-limit-level/change", {"symbol": "XBTUSDTM", "level": 3})
    assert world.floor.risk("XBTUSDTM").level == 3


def test_the_users_id_and_tokens_come_from_the_seed() -> None:
    assert World().floor.user_id == World().floor.user_id
    assert KEY.key not in World().floor.user_id
