"""What an order waited for, stage by stage; what this process did not see from its sending on is not counted."""

from __future__ import annotations

from typing import Any

import msgspec

from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.health.order_times import ACCEPTING, FILLING, SENDING, OrderTimes
from tests.engine.flights import Flight, fly


def order(purpose: Purpose = Purpose.ENTRY, **changed: Any) -> Order:
    request = OrderRequest(client_id="t-1", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1)
    intent = Order(request=request, purpose=purpose, state=OrderState.INTENT, why="", intended_at=10 * SECOND)
    return msgspec.structs.replace(intent, **changed)


def seconds(times: OrderTimes) -> dict[tuple[str, str], tuple[int, float]]:
    return {(view.stage, view.purpose): (sum(view.counts), view.seconds) for view in times.views() if sum(view.counts)}


def lived(times: OrderTimes, purpose: Purpose = Purpose.ENTRY) -> None:
    times.note(order(purpose))
    for state, second in (
        (OrderState.SENT, 11),
        (OrderState.ACCEPTED, 13),
        (OrderState.WORKING, 14),
        (OrderState.FILLED, 18),
    ):
        times.note(order(purpose, sent_at=11 * SECOND, state=state, updated_at=second * SECOND))


def test_a_whole_life() -> None:
    times = OrderTimes()
    lived(times)
    assert seconds(times) == {
        (SENDING, "entry"): (1, 1.0),
        (ACCEPTING, "entry"): (1, 2.0),
        (FILLING, "entry"): (1, 5.0),
    }


def test_what_is_told_twice_counts_once() -> None:
    times = OrderTimes()
    lived(times)
    before = seconds(times)
    times.note(order(state=OrderState.FILLED, sent_at=11 * SECOND, updated_at=30 * SECOND))
    assert seconds(times) == before


def test_a_fill_that_is_told_before_the_answer_confirms_it() -> None:
    times = OrderTimes()
    times.note(order(state=OrderState.SENT, sent_at=11 * SECOND, updated_at=11 * SECOND))
    times.note(order(state=OrderState.FILLED, sent_at=11 * SECOND, updated_at=12 * SECOND))
    assert seconds(times)[ACCEPTING, "entry"] == (1, 1.0)
    assert seconds(times)[FILLING, "entry"] == (1, 0.0)


def test_a_stop_that_fires_after_a_day_is_no_latency() -> None:
    times = OrderTimes()
    lived(times, Purpose.STOP)
    assert (FILLING, "stop") not in seconds(times)
    assert seconds(times)[ACCEPTING, "stop"] == (1, 2.0)


def test_an_order_of_an_earlier_run_says_nothing_of_the_line() -> None:
    times = OrderTimes()
    times.note(order(state=OrderState.FILLED, sent_at=11 * SECOND, updated_at=9_000 * SECOND))
    assert seconds(times) == {}


def test_refused_orders_are_forgotten_and_many_take_no_memory() -> None:
    times = OrderTimes()
    times.note(order(state=OrderState.SENT, sent_at=11 * SECOND))
    times.note(order(state=OrderState.REJECTED, sent_at=11 * SECOND))
    for number in range(3_000):
        request = OrderRequest(client_id=f"t-{number}", symbol="X", side=Side.BUY, type=OrderType.MARKET, lots=1)
        times.note(order(request=request, state=OrderState.SENT, sent_at=11 * SECOND))
    assert len(times._sent) == 1_000
    assert "t-2999" in times._sent


def test_a_flight_fills_every_stage() -> None:
    async def scenario(flight: Flight) -> dict[tuple[str, str], tuple[int, float]]:
        await flight.ready()
        await flight.hold()
        return seconds(flight.health.orders)

    found = fly(scenario)
    assert {(SENDING, "entry"), (ACCEPTING, "entry"), (FILLING, "entry"), (ACCEPTING, "stop")} <= found.keys()
