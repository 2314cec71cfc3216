"""Orders by hand: through every gate and the one door, protected, answered once, and never placed twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.by_hand import KEPT
from radtui.core.config import Limits
from radtui.core.events import FeedChanged, FillReported, JournalChanged, Told
from radtui.core.exit_terms import HOUSE
from radtui.core.facts import Evaluated, Instructed
from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.order import Side
from radtui.core.orders import Order, Purpose
from tests.core.makers import fill
from tests.core.rim import UNCHECKED, Outcome, Rim

XBT, ETH = "XBTUSDTM", "ETHUSDTM"
LIMIT: dict[str, Any] = {"type": HandType.LIMIT, "price": Decimal(59_400)}
"""Below the market, which stands at 60,000."""
AWAY: dict[str, Any] = {
    "side": Side.SELL,
    "lots": 4,
    "reduce_only": True,
    "type": HandType.LIMIT,
    "price": Decimal(61_000),
}
"""Reduces, and waits above the market."""


def running() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    return rim


def place(rim: Rim, id_: str = "h1", **said: Any) -> str:
    order = HandOrder(**{"symbol": XBT, "side": Side.BUY, **({} if said.get("close") else {"lots": 10}), **said})
    rim.feed(Told(rim.at, Instruction(id=id_, ask=Ask.PLACE_ORDER, who="cli:alice", why="the news", order=order)))
    return id_


def receipt(rim: Rim, id_: str = "h1") -> Receipt:
    rim.calm()
    return rim.receipts[id_]


def of(rim: Rim, purpose: Purpose = Purpose.ENTRY, symbol: str | None = None) -> list[Order]:
    return rim.core.trading.orders.live(purpose, symbol)


def holding(**said: Any) -> Rim:
    """Return a bot that has bought ten lots by hand, with a stop that rests."""
    rim = running()
    assert receipt(rim, place(rim, "h0", **said)).success
    return rim


def lots(rim: Rim, symbol: str = XBT) -> int:
    held = rim.core.trading.positions.open.get(symbol)
    return held.lots if held else 0


def resting(rim: Rim) -> list[tuple[str, Decimal | None]]:
    """Return what waits at the exchange: side, and limit or trigger."""
    return [(each.side, each.stop.price if each.stop else each.price) for each in rim.venue.open_orders()]


# --- entries


def test_what_was_opened_by_hand_is_left_to_the_operator_by_the_exit_rules() -> None:
    rim = running()
    rim.core.desk.config = msgspec.structs.replace(rim.core.config, exit_terms=HOUSE)
    assert receipt(rim, place(rim, stop=Decimal(57_000))).success
    rim.pass_time(10)
    for _ in range(4):  # a rung of the ladder, break-even and trailing lie on the way
        rim.pass_time(1, moves=(30,))
        rim.calm()
    assert (lots(rim), resting(rim)) == (10, [("sell", Decimal(57_000))])
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert plan.target is None, "none was given"


def test_a_market_order_is_one_position_with_its_stop_and_a_receipt_with_both_ids() -> None:
    rim = running()
    told = receipt(rim, place(rim, stop=Decimal(58_800), target=Decimal(63_000)))
    assert told.success
    assert told.placed is not None
    (known,) = [each for each in rim.core.trading.orders.all() if each.purpose is Purpose.ENTRY]
    assert (told.placed.client_id, told.placed.order_id) == (known.client_id, known.order_id)
    assert known.order_id
    assert (known.why, known.request.leverage) == ("by hand: cli:alice: the news", 3)
    assert (lots(rim), resting(rim)) == (10, [("sell", Decimal(58_800))])
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert (plan.target, plan.reason) == (Decimal(63_000), "by hand: cli:alice: the news")
    assert [fact.instruction.who for fact in rim.journal if isinstance(fact, Instructed)][-1] == "cli:alice"


def test_without_a_stop_it_gets_the_farthest_one_allowed() -> None:
    assert resting(holding()) == [("sell", Decimal(57_000))]


def test_a_limit_order_rests_and_each_part_that_is_filled_is_covered() -> None:
    rim = running()
    told = receipt(rim, place(rim, **LIMIT))
    assert (told.success, told.message) == (
        True, f"Order accepted: XBTUSDTM buy 10 lots @ 59400 ({told.placed and told.placed.client_id})",
    )  # fmt: skip
    (entry,) = of(rim)
    assert entry.waits
    assert not rim.core.pressing, "what waits for the market presses nobody"
    rim.pass_time(moves=(-15,))
    rim.calm()
    assert lots(rim) == 10
    assert ("sell", Decimal("56430.0")) in resting(rim)


def test_a_stop_order_enters_when_the_market_comes_and_not_before() -> None:
    rim = running()
    assert receipt(rim, place(rim, type=HandType.STOP, price=Decimal(60_300))).success
    assert (lots(rim), resting(rim)) == (0, [("buy", Decimal(60_300))])
    rim.pass_time(moves=(10,))
    rim.calm()
    assert lots(rim) == 10
    assert [side for side, _ in resting(rim)] == ["sell"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"lots": 0}, "the size must lie above 0"),
        ({"symbol": "DOGEUSDTM"}, "DOGEUSDTM is not a contract that is traded here"),
        ({"type": HandType.LIMIT, "price": Decimal("59400.05")}, "is not a multiple of XBTUSDTM's tick 0.1"),
        ({"lots": None, "coins": Decimal("0.0005")}, "coins are no whole lots"),
        ({"type": HandType.STOP, "price": Decimal(59_000)}, "a stop that enters with a buy lies above the market"),
        ({"side": Side.SELL, "type": HandType.STOP, "price": Decimal(61_000)}, "lies below the market"),
        ({"target": Decimal(59_000)}, "the target 59000 is met already"),
        ({"stop": Decimal(61_000)}, "stop: "),
        ({"stop": Decimal(30_000)}, "stop: "),
        ({"lots": 34}, "size: 34 lots, must be 1–33 lots"),
    ],
)
def test_what_may_not_be_is_refused_with_the_reason_and_nothing_leaves(said: dict[str, Any], why: str) -> None:
    rim = running()
    told = receipt(rim, place(rim, **said))
    assert (told.success, told.refused, told.placed) == (False, True, None)
    assert any(why in each for each in told.refusals), told.refusals
    assert told.message.startswith("No order was placed: ")
    assert (rim.entries_sent, rim.core.trading.orders.live()) == ([], [])


def test_every_gate_that_refuses_is_named_and_published() -> None:
    rim = running()
    rim.feed(JournalChanged(rim.at, "the disk is full"))
    told = receipt(rim, place(rim, lots=1_000, stop=Decimal(61_000)))
    assert [each.split(":")[0] for each in told.refusals] == ["ready", "size", "stop", "margin", "exposure"]
    (seen,) = [fact.why for fact in rim.journal if isinstance(fact, Evaluated)]
    assert (seen.reason, seen.outcome) == (
        "by hand: cli:alice: the news", "no entry: ready, size, stop, margin, exposure"
    )  # fmt: skip


@pytest.mark.parametrize("ask", [Ask.PAUSE, Ask.STOP])
def test_nothing_is_entered_by_hand_while_the_bot_does_not_run(ask: Ask) -> None:
    rim = running()
    rim.tell(ask)
    assert any("the bot is" in each for each in receipt(rim, place(rim)).refusals)
    assert rim.entries_sent == []


@pytest.mark.parametrize("ask", [Ask.PAUSE, Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP])
@pytest.mark.parametrize("said", [LIMIT, {"type": HandType.STOP, "price": Decimal(60_300)}])
def test_a_resting_entry_goes_with_the_permission_to_enter(ask: Ask, said: dict[str, Any]) -> None:
    rim = running()
    assert receipt(rim, place(rim, **said)).success
    told = receipt(rim, rim.tell(ask))
    assert told.success
    assert (of(rim), resting(rim)) == ([], [])


def test_a_breaker_takes_a_resting_entry_back_and_refuses_the_next() -> None:
    rim = Rim(limits=Limits(entries_per_minute=1))
    rim.feed_read()
    rim.tell(Ask.START)
    assert receipt(rim, place(rim, symbol=ETH, **{**LIMIT, "price": Decimal(2_950)})).success
    told = receipt(rim, place(rim, "h2"))
    assert any(each.startswith("order rate") for each in told.refusals), told.refusals


@pytest.mark.parametrize("side", Side)
def test_one_position_a_contract_whichever_side_it_is(side: Side) -> None:
    rim = holding()
    told = receipt(rim, place(rim, side=side))
    assert told.refusals == ("XBTUSDTM is held long with 10 lots: reduce or close it first",)
    assert lots(rim) == 10


def test_the_strategy_may_not_enter_where_an_order_by_hand_waits_and_may_close_what_it_became() -> None:
    rim = running()
    receipt(rim, place(rim, **LIMIT))
    rim.signal(XBT, 0.9)
    assert rim.core.trading.entries.why[XBT].outcome == "no entry: symbol free"
    rim.pass_time(moves=(-15,))
    rim.calm()
    assert lots(rim) == 10
    rim.signal(XBT, 0.1)
    rim.calm()
    assert lots(rim) < 0, "turned round by the strategy, as any position"


def test_what_is_left_of_an_entry_goes_when_its_position_is_closed() -> None:
    rim = running()
    receipt(rim, place(rim, **LIMIT))
    (entry,) = of(rim)
    part: dict[str, Any] = {"client_id": entry.client_id, "order_id": entry.order_id}
    rim.feed(FillReported(rim.at, fill(901, lots=4, price="59400", **part)))
    assert (lots(rim), [each.cancelling for each in of(rim)]) == (4, [False])
    rim.feed(FillReported(rim.at, fill(902, lots=4, side=Side.SELL, price="59500", client_id="", order_id="x")))
    assert (lots(rim), [each.cancelling for each in of(rim)]) == (0, [True])


# --- what reduces


@pytest.mark.parametrize("ask", [None, Ask.PAUSE, Ask.STOP])
def test_a_position_is_closed_in_every_state(ask: Ask | None) -> None:
    rim = holding()
    if ask is not None:
        rim.tell(ask)
        rim.calm()
    rim.feed(JournalChanged(rim.at, "the disk is full"))
    rim.feed(FeedChanged(rim.at, "market", "gone"))
    assert receipt(rim, place(rim, side=Side.SELL, close=True)).success
    assert (lots(rim), resting(rim)) == (0, [])


def test_a_part_is_closed_and_the_rest_keeps_its_stop() -> None:
    rim = holding()
    told = receipt(rim, place(rim, side=Side.SELL, lots=4, reduce_only=True))
    assert told.success
    assert (lots(rim), resting(rim)) == (6, [("sell", Decimal(57_000))])


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"close": True}, "would add to the position"),
        ({"reduce_only": True}, "would add to the position"),
        ({"side": Side.SELL, "reduce_only": True, "lots": 11}, "11 lots is not a part of the position of 10 lots"),
        ({"symbol": ETH, "side": Side.SELL, "close": True}, "there is no position of ours in ETHUSDTM"),
        ({"side": Side.SELL, "reduce_only": True, "type": HandType.LIMIT, "price": Decimal("1.05")}, "tick"),
    ],
)
def test_what_would_not_reduce_is_refused_and_is_no_alarm(said: dict[str, Any], why: str) -> None:
    rim = holding()
    told = receipt(rim, place(rim, **said))
    assert told.refused
    assert why in told.refusals[0]
    assert lots(rim) == 10


def test_a_limit_that_reduces_holds_nothing_up_and_goes_with_its_position() -> None:
    rim = holding()
    assert receipt(rim, place(rim, **AWAY)).success
    assert sorted(resting(rim)) == [("sell", Decimal(57_000)), ("sell", Decimal(61_000))]
    assert rim.core.trading.exits.close(XBT, "the strategy's exit"), "nothing waits for an order at a price"
    rim.calm()
    assert (lots(rim), resting(rim)) == (0, [])


@pytest.mark.parametrize("ask", [Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP])
def test_a_limit_that_reduces_is_withdrawn_by_a_stop_and_stays_in_a_pause(ask: Ask) -> None:
    rim = holding()
    receipt(rim, place(rim, **AWAY))
    rim.tell(Ask.PAUSE)
    rim.calm()
    assert ("sell", Decimal(61_000)) in resting(rim)
    told = receipt(rim, rim.tell(ask))
    assert told.success
    assert len(told.orders_cancelled) == 1
    assert ("sell", Decimal(61_000)) not in resting(rim)
    assert (lots(rim), len(resting(rim))) == ((0, 0) if ask is Ask.EMERGENCY_STOP else (10, 1))


def test_a_limit_that_reduces_can_be_cancelled_by_hand_and_a_close_cannot() -> None:
    rim = holding()
    placed = receipt(rim, place(rim, **AWAY)).placed
    assert placed is not None
    rim.feed(Told(rim.at, Instruction(id="c1", ask=Ask.CANCEL_ORDER, who="t", subject=placed.order_id)))
    assert receipt(rim, "c1").success
    place(rim, "h3", side=Side.SELL, close=True)
    (close,) = of(rim, Purpose.EXIT)
    rim.feed(Told(rim.at, Instruction(id="c2", ask=Ask.CANCEL_ORDER, who="t", subject=close.client_id)))
    assert receipt(rim, "c2").message == "The order closes a position: only entries are cancelled by hand"


def test_before_anything_was_read_nothing_is_reduced() -> None:
    rim = holding()
    rim.crash(len(rim.journal))
    assert "was not read yet" in rim.receipts[place(rim, "h2", side=Side.SELL, close=True)].refusals[0]


# --- answers


@pytest.mark.parametrize("outcome", [Outcome.LOST_BEFORE, Outcome.LOST_AFTER, Outcome.REFUSED])
def test_an_answer_is_given_only_when_the_exchange_has_said_what_is(outcome: Outcome) -> None:
    rim = running()
    place(rim)
    assert "h1" not in rim.receipts, "nobody knows yet"
    rim.carry(outcome)
    assert ("h1" in rim.receipts) is (outcome is Outcome.REFUSED)
    told = receipt(rim)
    assert told.success is (outcome is Outcome.LOST_AFTER)
    assert told.placed is not None
    assert lots(rim) == (10 if told.success else 0)
    assert told.refused is not told.success


def test_an_entry_that_a_pause_withdraws_before_it_leaves_is_no_success() -> None:
    rim = running()
    place(rim)
    rim.tell(Ask.PAUSE)
    told = receipt(rim)
    assert (told.success, told.refused) == (False, True)
    assert told.message == "No order was placed: withdrawn"
    assert rim.entries_sent == []


def test_five_at_once_keep_their_identities() -> None:
    rim = holding()
    prices = [Decimal(61_000 + 100 * number) for number in range(5)]
    for number, price in enumerate(prices):
        place(rim, f"five-{number}", side=Side.SELL, lots=1, reduce_only=True, type=HandType.LIMIT, price=price)
    rim.calm()
    placed = [rim.receipts[f"five-{number}"].placed for number in range(5)]
    assert [each and each.price for each in placed] == prices
    assert len({each.client_id for each in placed if each}) == len({each.order_id for each in placed if each}) == 5
    assert sorted(price for _, price in resting(rim) if price and price >= 61_000) == prices


# --- never twice


def test_told_twice_it_is_placed_once() -> None:
    rim = running()
    place(rim, **LIMIT)
    place(rim, **LIMIT)
    rim.calm()
    assert len(rim.entries_sent) == 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([Outcome.OK, Outcome.LOST_BEFORE, Outcome.LOST_AFTER]), st.integers(0, 30), st.booleans())
def test_whenever_the_process_dies_the_same_key_is_at_most_one_order(outcome: Outcome, keep: int, limit: bool) -> None:
    rim = running()
    said: dict[str, Any] = {"key": "k", **(LIMIT if limit else {})}
    place(rim, **said)
    if outcome is not Outcome.OK:
        rim.carry(outcome)
    rim.crash(keep)
    waiting = set(rim.core.control.pending)
    rim.receipts.clear()
    rim.feed_read()
    rim.tell(Ask.START)
    rim.calm()
    place(rim, "again", **said)
    rim.calm()
    assert waiting <= rim.receipts.keys(), "whoever waited is answered in the next life"
    assert "again" in rim.receipts
    accepted = list(rim.venue.fills(0)) if not limit else rim.venue.open_orders()
    ids = {each.client_id for each in accepted if each.side is Side.BUY}
    assert len(ids) <= 1
    assert rim.receipts["again"].success is bool(ids) or not rim.receipts["again"].success


def test_a_key_that_came_before_answers_with_the_order_that_it_placed() -> None:
    rim = running()
    first = receipt(rim, place(rim, key="k", **LIMIT))
    rim.crash(len(rim.journal))
    rim.feed_read()
    rim.tell(Ask.START)
    rim.calm()
    again = receipt(rim, place(rim, "h2", key="k", **LIMIT))
    assert again.success
    assert again.placed is not None
    assert first.placed is not None
    assert again.placed.client_id == first.placed.client_id
    other = receipt(rim, place(rim, "h3", key="k", side=Side.SELL, type=HandType.LIMIT, price=Decimal(61_000)))
    assert "this key came with another order before" in other.refusals[0]
    assert len(rim.venue.open_orders()) == 1


def test_an_instruction_without_an_order_is_refused() -> None:
    rim = running()
    rim.feed(Told(rim.at, Instruction(id="empty", ask=Ask.PLACE_ORDER, who="x")))
    assert rim.receipts["empty"].refusals == ("the instruction holds no order",)


def test_only_so_many_keys_are_remembered() -> None:
    rim = holding()
    for number in range(KEPT + 3):
        rim.core.control.by_hand.placed[f"old-{number}"] = "gone"
    place(rim, "h2", key="new", side=Side.SELL, lots=1, reduce_only=True)
    known = rim.core.control.by_hand.placed
    assert (len(known), list(known)[-1], "old-0" in known) == (KEPT, "new", False)
    told = receipt(rim, place(rim, "h3", key="old-9", side=Side.SELL, close=True))
    assert (told.success, lots(rim)) == (True, 9)
    assert told.message == "The order gone was placed before, and is long done: fills and journal tell the rest"


# --- what the least slip would undo


def test_the_exposure_is_that_of_the_size_that_is_asked_for() -> None:
    rim = Rim(limits=msgspec.structs.replace(UNCHECKED, exposure_share=Decimal("0.05")))
    rim.feed_read()
    rim.tell(Ask.START)
    assert [each.split(":")[0] for each in receipt(rim, place(rim, lots=26)).refusals] == ["exposure"]
    assert receipt(rim, place(rim, "h2", lots=25)).success


@pytest.mark.parametrize(("side", "limit"), [(Side.BUY, 61_800), (Side.SELL, 58_200)])
def test_a_limit_beyond_the_market_is_weighed_at_the_market(side: Side, limit: int) -> None:
    rim = running()
    receipt(rim, place(rim, side=side, type=HandType.LIMIT, price=Decimal(limit)))
    assert abs(lots(rim)) == 10
    plan = rim.core.trading.positions.open[XBT].plan
    assert plan is not None
    assert plan.stop == (57_000 if side is Side.BUY else 63_000)


def test_a_close_takes_the_whole_position_whatever_it_has_become() -> None:
    rim = holding()
    place(rim, side=Side.SELL, close=True)
    (request,) = [each.request for each in of(rim, Purpose.EXIT)]
    assert (request.close_order, request.reduce_only, request.lots) == (True, False, 0)


def test_a_limit_that_reduces_is_cancelled_with_the_last_lot() -> None:
    rim = holding()
    receipt(rim, place(rim, **AWAY))
    rim.feed(FillReported(rim.at, fill(902, side=Side.SELL, price="59500", client_id="", order_id="x")))
    assert [each.cancelling for each in of(rim, Purpose.EXIT)] == [True]


def test_a_bot_that_stops_takes_back_what_waits_at_once_and_lets_nothing_new_wait() -> None:
    rim = holding()
    receipt(rim, place(rim, **AWAY))
    rim.tell(Ask.STOP)
    assert [each.cancelling for each in of(rim, Purpose.EXIT)] == [True]
    told = rim.receipts[place(rim, "h2", **AWAY)]
    assert told.refusals == ("the bot is stopping: only a market order reduces now",)
    assert receipt(rim, place(rim, "h3", side=Side.SELL, lots=4, reduce_only=True)).success


def test_what_comes_to_light_during_a_stop_is_taken_back_too() -> None:
    rim = holding()
    place(rim, **AWAY)
    rim.carry(Outcome.LOST_AFTER)
    (waits,) = of(rim, Purpose.EXIT)
    rim.tell(Ask.STOP)
    rim.core.trading.orders._put(msgspec.structs.replace(waits, cancelling=False))  # as it comes back after a restart
    assert receipt(rim, "i2").success
    assert ("sell", Decimal(61_000)) not in resting(rim)


def test_a_lost_feed_presses_for_readings_while_an_entry_waits() -> None:
    rim = running()
    receipt(rim, place(rim, **LIMIT))
    assert not rim.core.pressing
    rim.feed(FeedChanged(rim.at, "account", "gone"))
    assert rim.core.pressing


def test_a_preview_names_what_waits_to_reduce() -> None:
    rim = holding()
    placed = receipt(rim, place(rim, **AWAY)).placed
    told = receipt(rim, rim.tell(Ask.PREVIEW)).preview
    assert placed is not None
    assert told is not None
    assert [each.client_id for each in told.cancels] == [placed.client_id]
