"""Which unknown positions are taken over, and with which stop."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.adopting import Adopting
from radtui.core.config import Adoption, PastStop, Policy
from radtui.core.events import ExchangeShown
from radtui.core.lost_notes import LostNotes
from radtui.core.order import Side
from radtui.core.orders import OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from radtui.core.rules import Rules
from tests.core.makers import NOW, XBT, admit_all, desk, fill, order, position, stop_request

NOTHING = ExchangeShown(NOW, NOW, (), (), (), None)


def adopting(*stops: tuple[str, Side], seen: ExchangeShown = NOTHING, mark: str = "60000", **told: Any) -> Adopting:
    own = desk(adoption=Adoption(**told))
    orders, positions = OwnOrders(own, admit_all), Positions()
    resting = tuple(
        order(OrderState.WORKING, Purpose.STOP, request=stop_request(f"t-1-{number}", price, side))
        for number, (price, side) in enumerate(stops)
    )
    orders.restore((), resting, {}, NOW)
    positions.marks[XBT.symbol] = Decimal(mark)
    lost = LostNotes(own, orders)
    lost.look(seen)
    return Adopting(own, orders, positions, Rules(own), lost)


@pytest.mark.parametrize(("lots", "stop", "target"), [(10, "57000.0", "66000.0"), (-10, "63000.0", "54000.0")])
def test_without_a_stop_it_gets_one_by_the_policy(lots: int, stop: str, target: str) -> None:
    plan = adopting(stop_share=Decimal("0.05"), target_share=Decimal("0.1")).plan(position(lots), XBT)
    assert (plan.stop, plan.target) == (Decimal(stop), Decimal(target))


@pytest.mark.parametrize(
    ("lots", "entry", "stop", "target"),
    [
        (10, "60000", "57000.0", "66000.0"),
        (-10, "60000", "63000.0", "54000.0"),
        (10, "60000.7", "57000.7", "66000.7"),
        (-10, "60000.7", "63000.7", "54000.6"),
    ],
)
@pytest.mark.parametrize("mark", ["58000", "62000"])
def test_by_default_five_percent_and_ten_from_the_entry_wherever_the_market_is(
    lots: int, entry: str, stop: str, target: str, mark: str
) -> None:
    found = msgspec.structs.replace(position(lots, entry=entry), mark=Decimal(mark))
    plan = adopting(mark=mark).plan(found, XBT)
    assert (plan.stop, plan.target, plan.followed) == (Decimal(stop), Decimal(target), False)


@pytest.mark.parametrize(
    ("lots", "stops", "tightest"),
    [
        (10, [("57000.0", Side.SELL), ("58000.0", Side.SELL), ("61000.0", Side.BUY)], "58000.0"),
        (-10, [("63000.0", Side.BUY), ("62000.0", Side.BUY), ("59000.0", Side.SELL)], "62000.0"),
    ],
)
def test_the_tightest_that_rests_on_its_side_is_its_own(
    lots: int, stops: list[tuple[str, Side]], tightest: str
) -> None:
    assert adopting(*stops).plan(position(lots), XBT).stop == Decimal(tightest)


def test_somebody_elses_is_left_by_policy_and_ours_is_not() -> None:
    assert "somebody else" in adopting(foreign=Policy.LEAVE).left_for(position(), XBT, NOTHING)
    assert adopting().left_for(position(), XBT, NOTHING) == ""
    ours = ExchangeShown(NOW, NOW, (), (fill(client_id="t-0-1"),), (), None)
    assert adopting(foreign=Policy.LEAVE, seen=ours).left_for(position(), XBT, ours) == ""


@pytest.mark.parametrize(("past", "mark", "left"), [("leave", "50000", True), ("leave", "59000", False)])
def test_beyond_its_stop_it_is_left_or_taken_over_to_be_closed(past: PastStop, mark: str, left: bool) -> None:
    assert bool(adopting(mark=mark, past_stop=PastStop(past)).left_for(position(), XBT, NOTHING)) is left
    assert adopting(mark=mark, past_stop=PastStop.CLOSE).left_for(position(), XBT, NOTHING) == ""


def test_rules_are_only_asked_for_where_it_may_be_ours() -> None:
    judge = adopting()
    assert judge.rules_of(position(), NOTHING) is XBT
    assert judge.rules_of(position(symbol="DOGEUSDTM"), NOTHING) is None
    assert not judge.ours_to_trade(position(symbol="DOGEUSDTM"), NOTHING)
