"""What the exchange shows is right; fills explain differences first, and what is left is believed when seen twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from radtui.core.account import PositionReport
from radtui.core.events import ExchangeShown
from radtui.core.facts import Found
from radtui.core.instruction import Ask
from radtui.core.order import OrderReport, Side
from radtui.core.orders import Purpose
from tests.core.makers import account, position, report, request, stop_request
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


def reading(rim: Rim, orders: tuple[OrderReport, ...] = (), positions: tuple[PositionReport, ...] = ()) -> None:
    rim.feed(ExchangeShown(rim.at, rim.at, orders, (), positions, account()))


def lots(rim: Rim) -> int:
    held = rim.core.trading.positions.open.get(XBT)
    return held.lots if held else 0


def found(rim: Rim) -> list[str]:
    told = [fact for fact in rim.journal if isinstance(fact, Found) and fact.kind == "position"]
    return [f"{fact.difference}; {fact.done}" for fact in told if fact.done != "caught up"]


@pytest.fixture
def running() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    return rim


@pytest.fixture
def holding(running: Rim) -> Rim:
    running.signal(XBT, 0.9)
    running.calm(4)
    return running


def test_a_position_found_at_the_start_is_adopted_with_a_stop() -> None:
    rim = Rim()
    rim.venue.place(request("stranger-1", 5))
    rim.pass_time(1.0)
    rim.inbox.clear()
    rim.feed_read()
    assert lots(rim) == 5
    assert found(rim) == ["we knew none, the exchange shows 5 lots; adopted, stop at 57028.5"]
    rim.calm(3)
    (stop,) = rim.venue.open_orders()
    assert stop.close_order


def test_the_fills_of_an_adopted_position_are_not_counted_on_top_of_it() -> None:
    rim = Rim()
    rim.venue.place(request("stranger-1", 5))
    rim.pass_time(1.0)
    for _ in range(3):
        rim.feed_read()
        assert lots(rim) == 5
    rim.deliver()
    assert lots(rim) == 5
    assert rim.core.trading.purse.identity() == 0


def test_a_position_in_a_contract_that_is_not_listed_is_left_alone() -> None:
    rim = Rim()
    reading(rim, positions=(position(5, "DOGEUSDTM"),))
    assert found(rim) == ["we knew none, the exchange shows 5 lots; left alone"]
    assert not rim.core.trading.positions.open


def test_a_difference_is_believed_on_the_second_reading(holding: Rim) -> None:
    stops = tuple(holding.venue.open_orders())
    reading(holding, orders=stops, positions=(position(20),))
    assert lots(holding) == 33
    reading(holding, orders=stops, positions=(position(20),))
    assert lots(holding) == 20
    assert found(holding) == ["we knew 33 lots, the exchange shows 20 lots; taken over from the exchange"]


def test_a_difference_that_moves_is_not_believed_yet(holding: Rim) -> None:
    for shown in (20, 21, 20):
        reading(holding, orders=tuple(holding.venue.open_orders()), positions=(position(shown),))
    assert lots(holding) == 33


def test_a_position_that_is_gone_is_closed_and_its_stop_tidied(holding: Rim) -> None:
    for _ in range(2):
        reading(holding, orders=tuple(holding.venue.open_orders()))
    assert lots(holding) == 0
    holding.carry()
    assert not holding.venue.open_orders()


def test_nothing_is_believed_while_an_order_of_ours_is_on_its_way(running: Rim) -> None:
    running.signal(XBT, 0.9)
    running.carry(Outcome.LOST_AFTER)
    for _ in range(3):
        reading(running, positions=(position(33),))
    assert lots(running) == 0
    running.calm()
    assert lots(running) == 33
    assert running.core.trading.purse.identity() == 0


def test_a_first_reading_does_not_adopt_what_an_entry_of_ours_is_about_to_explain(running: Rim) -> None:
    running.signal(XBT, 0.9)
    running.carry(Outcome.LOST_AFTER)
    running.crash(1000)
    running.pass_time(1.0)
    # the fills were read a moment before the execution, the positions a moment after
    reading(running, positions=tuple(running.venue.positions()))
    assert lots(running) == 0
    running.calm()
    assert lots(running) == 33
    assert found(running) == []
    assert running.core.trading.purse.identity() == 0


def test_a_fill_that_both_feeds_lost_is_read_again_although_later_ones_were_heard(running: Rim) -> None:
    running.signal(XBT, 0.9)
    running.carry()
    running.pass_time(1.0)
    running.inbox.clear()
    running.signal("ETHUSDTM", 0.9)
    running.carry()
    running.pass_time(1.0)
    running.deliver()
    assert "ETHUSDTM" in running.core.trading.positions.open
    running.feed_read()
    assert lots(running) == 33
    assert running.core.trading.purse.sums.fills == 2


def test_a_repeated_reading_counts_nothing_twice(holding: Rim) -> None:
    before = holding.core.trading.purse.sums.fills
    for since in (0, 0, holding.core.trading.read_since):
        holding.feed(
            ExchangeShown(
                holding.at,
                holding.at,
                tuple(holding.venue.open_orders()),
                tuple(holding.venue.fills(since)),
                tuple(holding.venue.positions()),
                holding.venue.account(),
            )
        )
    assert holding.core.trading.purse.sums.fills == before
    assert found(holding) == []


def test_an_order_of_ours_that_the_journal_lost_is_adopted(running: Rim) -> None:
    reading(running, orders=(report(stop_request("t-9-9")), report(stop_request("other-1"))), positions=(position(),))
    assert [order.client_id for order in running.core.trading.orders.live(Purpose.STOP)] == ["t-9-9"]


def test_the_stop_of_an_earlier_run_is_the_plan_of_the_position_it_protects() -> None:
    rim = Rim()
    reading(rim, orders=(report(stop_request("t-9-9", "58000.0")),), positions=(position(),))
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert plan.stop == Decimal(58_000)


def test_an_orphaned_stop_of_ours_is_cancelled_but_not_one_whose_position_the_exchange_shows(running: Rim) -> None:
    stop = stop_request("t-9-9")
    running.venue.place(request("stranger-1", 5))
    running.pass_time(1.0)
    running.venue.place(stop)
    reading(running, orders=(report(stop),), positions=(position(5),))
    assert not any(type(command).__name__ == "Cancel" for command in running.pending)
    running.core.trading.positions.open.pop(XBT, None)
    reading(running, orders=(report(stop),))
    assert any(type(command).__name__ == "Cancel" for command in running.pending)


def test_every_reading_is_counted_and_a_quiet_one_changes_nothing(holding: Rim) -> None:
    readings = holding.core.trading.reconciler.readings
    written = len(holding.journal)
    holding.feed_read()
    assert holding.core.trading.reconciler.readings == readings + 1
    assert holding.journal[written:] == []


def test_a_position_that_somebody_turned_round_gets_a_stop_on_its_own_side(holding: Rim) -> None:
    holding.venue.place(request("stranger-1", 66, Side.SELL))
    holding.pass_time(1.0)
    holding.inbox.clear()
    holding.venue.drain()
    for _ in range(2):
        reading(holding, tuple(holding.venue.open_orders()), tuple(holding.venue.positions()))
    assert lots(holding) == -33
    holding.calm(4)
    held = holding.core.trading.positions.open[XBT]
    sides = {order.side for order in holding.venue.open_orders() if order.stop}
    assert Side.BUY in sides
    assert held.plan is not None
    assert held.plan.stop > Decimal(60_000)
    assert held.bare_since is None


def test_the_stop_of_a_long_is_no_plan_for_a_short_that_is_adopted(running: Rim) -> None:
    old = report(stop_request(f"{running.core.desk.ids.next()}"))
    for _ in range(2):
        reading(running, (old,), (position(-5),))
    held = running.core.trading.positions.open[XBT]
    assert held.plan is not None
    assert held.plan.stop == Decimal("63000.0")
