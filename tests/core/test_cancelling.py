"""A cancel by hand: of entries alone, and its receipt says what the exchange made of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.events import Told
from radtui.core.facts import Instructed
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.orders import Order, OrderState, Purpose
from tests.core.makers import facts
from tests.core.rim import Outcome, Rim

XBT = "XBTUSDTM"


def running() -> Rim:
    rim = Rim()
    rim.feed_read()
    rim.tell(Ask.START)
    return rim


def entering(outcome: Outcome = Outcome.OK) -> tuple[Rim, Order]:
    """Return a bot with an entry that is asked for, and of which the exchange made `outcome`."""
    rim = running()
    rim.signal(XBT, 0.9)
    (entry,) = rim.core.trading.orders.live(Purpose.ENTRY)
    if outcome is not Outcome.OK:
        rim.carry(outcome)
    return rim, entry


def cancel(rim: Rim, subject: str, id_: str = "c1") -> str:
    rim.feed(Told(rim.at, Instruction(id=id_, ask=Ask.CANCEL_ORDER, who="api:alice", subject=subject)))
    return id_


def receipt(rim: Rim, id_: str = "c1") -> Receipt:
    rim.calm()
    return rim.receipts[id_]


@pytest.mark.parametrize("subject", ["", "nobody", "t-1-99"])
def test_an_order_that_nobody_knows_is_refused(subject: str) -> None:
    rim = running()
    told = receipt(rim, cancel(rim, subject))
    assert (told.success, told.refused, told.message) == (False, True, "No order of ours is known by that id")


def test_an_entry_that_never_arrived_is_cancelled_once_that_is_certain() -> None:
    rim, entry = entering(Outcome.LOST_BEFORE)
    cancel(rim, entry.client_id)
    assert "c1" not in rim.receipts
    told = receipt(rim)
    assert told.success
    assert told.message == f"Order cancelled: 0 of {entry.lots} lots filled, rejected"
    assert [each.client_id for each in told.cancelled] == [entry.client_id]
    assert (told.who, told.ask) == ("api:alice", Ask.CANCEL_ORDER)


def test_an_entry_that_was_faster_is_said_to_be_filled() -> None:
    rim, entry = entering(Outcome.LOST_AFTER)
    rim.pass_time(2.0)
    rim.inbox.clear()  # its fill, which nobody has heard of yet
    cancel(rim, entry.client_id)
    told = receipt(rim)
    assert not told.success
    assert "was filled before the cancel came" in told.message
    again = receipt(rim, cancel(rim, entry.client_id, "c2"))
    assert (again.success, again.refused) == (False, False)
    assert again.message.startswith("The order is done already")


def test_what_protects_a_position_is_not_cancelled_and_stays() -> None:
    rim, _ = entering()
    rim.calm()
    (stop,) = rim.core.trading.orders.live(Purpose.STOP)
    for id_, subject in (("c1", stop.client_id), ("c2", stop.order_id)):
        told = receipt(rim, cancel(rim, subject, id_))
        assert (told.success, told.refused) == (False, True)
        assert told.message == "The order protects a position: only entries are cancelled by hand"
    kept = rim.core.trading.orders.get(stop.client_id)
    assert kept is not None
    assert (kept.state, kept.cancelling) == (OrderState.WORKING, False)


def test_it_is_noted_with_who_and_told_twice_done_once() -> None:
    rim, entry = entering(Outcome.LOST_BEFORE)
    instruction = Instruction(id="c1", ask=Ask.CANCEL_ORDER, who="api:alice", subject=entry.client_id)
    first = rim.core.handle(Told(rim.at, instruction))
    assert [fact.instruction.who for fact in facts(first, Instructed)] == ["api:alice"]
    assert not rim.core.handle(Told(rim.at, instruction))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([Outcome.OK, Outcome.LOST_BEFORE, Outcome.LOST_AFTER]), st.integers(0, 30))
def test_whenever_the_process_dies_the_cancel_is_answered_in_the_next_life(outcome: Outcome, keep: int) -> None:
    rim, entry = entering(outcome)
    cancel(rim, entry.client_id)
    rim.crash(keep)
    waiting = set(rim.core.control.pending)
    rim.receipts.clear()
    rim.calm()
    assert not rim.core.control.pending
    assert waiting <= rim.receipts.keys()


def test_what_was_noted_is_waited_for_in_the_next_life() -> None:
    rim, entry = entering(Outcome.LOST_BEFORE)
    cancel(rim, entry.client_id)
    rim.crash(len(rim.journal))
    assert set(rim.core.control.pending) == {"c1"}
    assert receipt(rim).success
