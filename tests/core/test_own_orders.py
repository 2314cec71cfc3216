from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.commands import Cancel, Command, Place, Seek
from radtui.core.desk import Desk
from radtui.core.facts import OrderChanged, Trouble
from radtui.core.kept_orders import KEPT
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, OrderType
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from tests.core.makers import NOW, admit_all, desk, facts, fill, order, report, request, stop_request

QUIET = 6 * SECOND
ANSWERS: dict[str, Callable[[OwnOrders], object]] = {
    "sent": lambda orders: orders.sent("t-1-1"),
    "accepted": lambda orders: orders.accepted("t-1-1", "x1"),
    "refused": lambda orders: orders.refused("t-1-1", "no"),
    "unclear": lambda orders: orders.unclear("t-1-1", "timeout"),
    "absent": lambda orders: orders.sought("t-1-1", None),
    "working": lambda orders: orders.reported(report(request(), 3)),
    "full": lambda orders: orders.reported(report(request(), 10)),
}


class Book:
    """A registry, and what it wanted at the last step."""

    def __init__(self) -> None:
        self.desk: Desk = desk()
        self.orders = OwnOrders(self.desk, admit_all)

    def intend(self, asked: OrderRequest, purpose: Purpose = Purpose.ENTRY) -> None:
        self.orders.intend(asked, purpose, "test")
        self.desk.clear()

    def send(self, asked: OrderRequest, purpose: Purpose = Purpose.ENTRY) -> None:
        self.intend(asked, purpose)
        self.orders.sent(asked.client_id)
        self.desk.clear()

    def state(self, client_id: str = "t-1-1") -> str:
        found = self.orders.get(client_id)
        return found.state.value if found else "none"

    def wanted(self, kind: type[Command]) -> list[Command]:
        return [command for command in self.desk.clear() if isinstance(command, kind)]


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.mark.parametrize("purpose", Purpose)
def test_only_an_entry_waits_for_the_journal(book: Book, purpose: Purpose) -> None:
    book.orders.intend(request(), purpose, "test")
    commands = book.desk.clear()
    assert [fact.order.state for fact in facts(commands, OrderChanged)] == [OrderState.INTENT]
    assert commands[-1] == Place(request(), durable_first=purpose is Purpose.ENTRY)


def test_a_refusal_is_definite_and_ends_it(book: Book) -> None:
    book.send(request())
    book.orders.refused("t-1-1", "no balance")
    assert book.state() == "rejected"
    assert not book.orders.unsettled
    assert not book.orders.live()


def test_an_unclear_answer_is_looked_up_and_keeps_the_order_alive(book: Book) -> None:
    book.send(request())
    book.orders.unclear("t-1-1", "timeout")
    assert book.wanted(Seek) == [Seek("XBTUSDTM", "t-1-1", NOW)]
    (mine,) = book.orders.live()
    assert (mine.state, mine.updated_at, mine.error) == ("unknown", NOW, "timeout")
    assert book.orders.unsettled


@given(st.integers(0, 3 * QUIET))
def test_not_found_counts_only_after_the_quiet_time(waited: int) -> None:
    book = Book()
    book.send(request())
    book.orders.unclear("t-1-1", "timeout")
    book.desk.clear()
    book.desk.at = NOW + waited
    book.orders.sought("t-1-1", None)
    if waited >= QUIET:
        assert book.state() == "rejected"
    else:
        (seek,) = book.wanted(Seek)
        assert isinstance(seek, Seek)
        assert seek.not_before > NOW + QUIET, "asked again once no request can be on its way any more"


def test_a_late_answer_after_its_fill_changes_only_the_id(book: Book) -> None:
    book.send(request())
    book.orders.reported(report(request(), 10))
    book.orders.accepted("t-1-1", "x9")
    book.orders.unclear("t-1-1", "timeout")
    book.orders.refused("t-1-1", "late")
    assert book.state() == "filled"


@pytest.mark.parametrize("answer", ["accepted", "reported", "sought"])
def test_a_cancel_of_an_order_in_flight_leaves_as_soon_as_the_exchange_has_it(book: Book, answer: str) -> None:
    book.send(request())
    book.orders.cancel(book.orders.live()[0])
    assert book.wanted(Cancel) == []
    assert book.orders.live()[0].cancel_sent_at == 0
    if answer == "accepted":
        book.orders.accepted("t-1-1", "x1")
    elif answer == "reported":
        book.orders.reported(report(request()))
    else:
        book.orders.sought("t-1-1", report(request()))
    assert book.orders.live()[0].cancel_sent_at == NOW
    assert book.wanted(Cancel) == [Cancel("XBTUSDTM", "t-1-1")]


def test_a_cancel_is_asked_for_once(book: Book) -> None:
    book.send(request())
    book.orders.accepted("t-1-1", "x1")
    book.orders.cancel(book.orders.live()[0])
    book.orders.cancel(book.orders.live()[0])
    assert len(book.wanted(Cancel)) == 1


@given(st.sampled_from(OrderState), st.booleans())
def test_what_was_open_before_a_crash_is_looked_up_and_a_cancel_goes_on(state: OrderState, cancelling: bool) -> None:
    book = Book()
    book.orders.restore((), (order(state, cancelling=cancelling),))
    assert book.wanted(Seek) == [Seek("XBTUSDTM", "t-1-1", NOW)]
    assert book.orders.unsettled
    book.orders.sought("t-1-1", report(request()))
    assert book.wanted(Cancel) == [Cancel("XBTUSDTM", "t-1-1")] * cancelling


def test_a_report_that_says_nothing_new_is_not_published(book: Book) -> None:
    book.send(request())
    assert book.orders.reported(report(request(), 3)) is not None
    book.desk.clear()
    assert book.orders.reported(report(request(), 3)) is None
    assert book.desk.clear() == []


def test_a_strangers_order_is_left_alone(book: Book) -> None:
    assert book.orders.reported(report(request("foreign-1"))) is None
    assert book.orders.filled(fill(client_id="foreign-1")) is None
    book.orders.sought("foreign-1", report(request("foreign-1")))
    assert list(book.orders.all()) == []


@pytest.mark.parametrize(
    ("asked", "purpose"),
    [
        (request(), Purpose.ENTRY),
        (request(reduce_only=True), Purpose.EXIT),
        (stop_request("t-1-1"), Purpose.STOP),
    ],
)
def test_an_order_that_the_journal_lost_is_adopted_for_what_it_does(
    book: Book, asked: OrderRequest, purpose: Purpose
) -> None:
    book.orders.adopt(report(asked, 4 if asked.lots else 0))
    (mine,) = book.orders.live(purpose)
    assert mine.resting
    assert mine.seen_lots == mine.filled_lots, "what was filled is in the position that is adopted with it"
    assert not book.orders.uncounted("XBTUSDTM")


def test_an_order_that_a_reading_does_not_show_is_looked_up_unless_it_is_newer(book: Book) -> None:
    book.send(request())
    book.orders.accepted("t-1-1", "x1")
    book.desk.clear()
    book.orders.compare({"t-1-1": report(request())}, NOW + 1)
    book.orders.compare({}, NOW)
    assert book.wanted(Seek) == []
    book.orders.compare({}, NOW + 1)
    assert book.wanted(Seek) == [Seek("XBTUSDTM", "t-1-1", NOW)]


def test_an_entry_is_uncounted_until_its_fills_were_seen(book: Book) -> None:
    book.send(request())
    assert not book.orders.uncounted("XBTUSDTM")
    book.orders.reported(report(request(), 10))
    assert book.orders.uncounted("XBTUSDTM")
    assert not book.orders.uncounted("ETHUSDTM")
    book.orders.filled(fill(lots=10))
    assert not book.orders.uncounted("XBTUSDTM")


def test_live_orders_by_purpose_and_symbol(book: Book) -> None:
    book.intend(request("t-1-1"))
    book.intend(stop_request("t-1-2"), Purpose.STOP)
    book.intend(request("t-1-3", symbol="ETHUSDTM"))
    assert [o.client_id for o in book.orders.live()] == ["t-1-1", "t-1-2", "t-1-3"]
    assert [o.client_id for o in book.orders.live(Purpose.ENTRY, "ETHUSDTM")] == ["t-1-3"]


def test_done_orders_are_forgotten_after_a_while_and_live_ones_never(book: Book) -> None:
    book.intend(request("t-1-0"))
    for number in range(1, KEPT + 50):
        book.intend(request(f"t-1-{number}"))
        book.orders.refused(f"t-1-{number}", "test")
    assert len(list(book.orders.all())) == KEPT + 1
    assert book.orders.get("t-1-0") is not None
    assert book.orders.get("t-1-1") is None


@given(st.lists(st.sampled_from([*ANSWERS]), max_size=12))
def test_an_order_that_is_done_by_the_exchanges_word_is_never_live_again(answers: list[str]) -> None:
    book = Book()
    book.intend(request())
    ended: Order | None = None
    for answer in answers:
        book.desk.at += 2 * SECOND
        ANSWERS[answer](book.orders)
        mine = book.orders.get("t-1-1")
        assert mine is not None
        assert (mine in book.orders.live()) == (not mine.done)
        assert ended is None or mine.state is ended.state
        if mine.state is OrderState.FILLED:
            ended = mine


def test_every_change_is_stamped_with_the_market_clock(book: Book) -> None:
    book.desk.market_at = 77
    book.intend(request())
    (mine,) = book.orders.live()
    assert mine.market_at == 77
    assert msgspec.structs.replace(mine, market_at=0).updated_at == NOW


@given(st.integers(1, 10))
def test_a_fill_that_comes_before_the_answer_lets_the_cancel_of_the_rest_leave(lots: int) -> None:
    book = Book()
    book.send(request())
    book.orders.unclear("t-1-1", "timeout")
    book.orders.cancel(book.orders.live()[0])
    book.desk.clear()
    book.orders.filled(fill(lots=lots))
    assert book.wanted(Cancel) == [Cancel("XBTUSDTM", "t-1-1")] * (lots < 10)
    book.orders.reported(report(request(), lots))
    assert book.wanted(Cancel) == []


def test_an_entry_that_is_done_is_untold_until_its_fills_were_seen(book: Book) -> None:
    book.send(request())
    book.orders.reported(report(request(), 4))
    assert book.orders.uncounted()
    assert book.orders.untold() == [], "it is live, and named as such"
    book.orders.reported(report(request(), 10))
    assert [order.client_id for order in book.orders.untold()] == ["t-1-1"]
    book.orders.filled(fill())
    assert not book.orders.uncounted()
    assert book.orders.untold() == []


def test_what_the_exchange_never_had_is_rejected_and_what_rested_there_is_taken_for_cancelled(book: Book) -> None:
    for client_id, state in (("t-1-1", "rejected"), ("t-1-2", "cancelled"), ("t-1-3", "cancelled")):
        book.send(request(client_id))
        if client_id == "t-1-2":
            book.orders.accepted(client_id, "x2")
        elif client_id == "t-1-3":
            book.orders.unclear(client_id, "timeout")
            book.orders.filled(fill(9, 4, client_id=client_id))
        else:
            book.orders.unclear(client_id, "timeout")
        book.desk.at += QUIET
        book.orders.sought(client_id, None)
        assert book.state(client_id) == state
        given_up = book.orders.get(client_id)
        assert given_up is not None
        assert given_up.assumed
        book.orders.reported(report(request(client_id), 10))
        assert book.state(client_id) == "filled", "the exchange's word is above ours"


def test_nothing_is_concluded_while_the_request_is_on_its_way(book: Book) -> None:
    for state in ("intent", "sent"):
        book.intend(request(f"t-1-{state}"))
        if state == "sent":
            book.orders.sent("t-1-sent")
        book.desk.at += 10 * QUIET
        book.orders.sought(f"t-1-{state}", None)
        assert book.state(f"t-1-{state}") == state


def test_the_quiet_time_begins_when_the_call_ended_for_it_may_have_left_late(book: Book) -> None:
    book.send(request())
    book.desk.at += 10 * SECOND
    book.orders.unclear("t-1-1", "no answer in time")
    book.orders.sought("t-1-1", None)
    assert book.state() == "unknown"
    book.desk.at += QUIET
    book.orders.sought("t-1-1", None)
    assert book.state() == "rejected"


def test_a_clock_that_was_put_back_holds_nothing_up(book: Book) -> None:
    book.send(request())
    book.orders.unclear("t-1-1", "timeout")
    book.desk.at -= 3600 * SECOND
    book.orders.sought("t-1-1", None)
    assert book.state() == "unknown"
    book.desk.at += QUIET
    book.orders.sought("t-1-1", None)
    assert book.state() == "rejected"


def test_a_cancel_that_was_taken_and_not_done_is_asked_for_again(book: Book) -> None:
    book.send(request())
    book.orders.reported(report(request()))
    book.orders.cancel(book.orders.live()[0])
    assert len(book.wanted(Cancel)) == 1
    for seconds, again in ((1, 0), (3, 0), (1, 1), (1, 0), (5, 1)):
        book.desk.at += seconds * SECOND
        book.orders.compare({"t-1-1": report(request())}, book.desk.at)
        assert len(book.wanted(Cancel)) == again


def test_how_a_reading_showed_an_order_is_known_until_it_is_done(book: Book) -> None:
    book.send(request())
    assert book.orders.shown("t-1-1") is None
    shown = report(request(), 3)
    book.orders.reported(shown)
    book.orders.compare({"t-1-1": shown}, NOW + 1)
    assert book.orders.shown("t-1-1") == shown
    assert not book.orders.absent("t-1-1")
    book.desk.at += SECOND
    book.orders.compare({}, book.desk.at)
    assert book.orders.absent("t-1-1")
    book.orders.sought("t-1-1", shown)
    assert not book.orders.absent("t-1-1"), "it rests after all"
    book.orders.compare({}, book.desk.at + 1)
    book.orders.reported(report(request(), 10))
    assert book.orders.shown("t-1-1") is None
    assert not book.orders.absent("t-1-1")


def test_what_is_not_admitted_is_noted_as_rejected_and_never_leaves() -> None:
    book = Book()
    book.orders = OwnOrders(book.desk, lambda request, purpose: "trading is halted")
    book.orders.intend(request(), Purpose.ENTRY, "test")
    commands = book.desk.clear()
    assert not [command for command in commands if isinstance(command, Place)]
    alarm = Trouble("order not admitted", "XBTUSDTM entry: trading is halted", "orders", "alarm")
    assert facts(commands, Trouble) == [alarm]
    mine = book.orders.get("t-1-1")
    assert mine is not None
    assert mine.error == "trading is halted"
    assert book.state() == "rejected"


def test_an_adopted_order_is_known_as_the_exchange_shows_it(book: Book) -> None:
    asked = request(type=OrderType.LIMIT, price=Decimal(59_000), post_only=True, leverage=4)
    shown = report(asked, 4, price=asked.price, post_only=True, leverage=4)
    book.orders.adopt(shown)
    assert book.orders.live() == [
        Order(
            request=asked,
            purpose=Purpose.ENTRY,
            state=OrderState.WORKING,
            why="found on the exchange, not in the journal",
            intended_at=NOW,
            sent_at=NOW,
            updated_at=NOW,
            market_at=NOW,
            order_id="xt-1-1",
            lots=10,
            filled_lots=4,
            filled_value=shown.filled_value,
            seen_lots=4,
            seen_value=shown.filled_value,
        )
    ]


def test_an_order_that_is_looked_up_is_so_at_once(book: Book) -> None:
    book.send(request())
    book.orders.seek(book.orders.live()[0])
    assert book.wanted(Seek) == [Seek("XBTUSDTM", "t-1-1", NOW)]


def test_what_an_earlier_run_left_is_not_said_again(book: Book) -> None:
    book.orders.restore((order(OrderState.FILLED, request=request("t-1-2")),), (order(),))
    assert facts(book.desk.clear(), OrderChanged) == []


def test_an_acceptance_brings_the_id_and_takes_away_the_doubt(book: Book) -> None:
    book.send(request())
    book.orders.unclear("t-1-1", "timeout")
    book.desk.at += SECOND
    book.orders.accepted("t-1-1", "x1")
    (mine,) = book.orders.live()
    assert (mine.state, mine.order_id, mine.updated_at, mine.error) == ("accepted", "x1", NOW + SECOND, "")


def test_a_refusal_is_kept_with_its_reason_and_moment(book: Book) -> None:
    book.send(request())
    book.desk.at += SECOND
    book.orders.refused("t-1-1", "no balance")
    mine = book.orders.get("t-1-1")
    assert mine is not None
    assert (mine.state, mine.updated_at, mine.error) == ("rejected", NOW + SECOND, "no balance")


def test_a_report_that_says_nothing_new_is_not_published_later_either(book: Book) -> None:
    book.send(request())
    book.orders.reported(report(request(), 3))
    book.desk.clear()
    book.desk.at += SECOND
    assert book.orders.reported(report(request(), 3)) is None
    assert book.desk.clear() == []


def test_an_order_that_the_next_reading_shows_again_is_not_absent(book: Book) -> None:
    book.send(request())
    book.orders.reported(report(request()))
    book.orders.compare({}, NOW + 1)
    assert book.orders.absent("t-1-1")
    book.orders.compare({"t-1-1": report(request())}, NOW + 2)
    assert not book.orders.absent("t-1-1")


@pytest.mark.parametrize("sent", [True, False])
def test_one_that_was_taken_is_given_up_a_quiet_time_after_it_left(book: Book, sent: bool) -> None:
    book.intend(request())
    if sent:
        book.desk.at += 10 * SECOND
        book.orders.sent("t-1-1")
    book.orders.accepted("t-1-1", "x1")
    book.desk.at += QUIET - 1
    book.orders.sought("t-1-1", None)
    assert book.state() == "accepted"
    book.desk.at += 1
    book.orders.sought("t-1-1", None)
    assert book.state() == "cancelled"
    mine = book.orders.get("t-1-1")
    assert mine is not None
    assert mine.error == "the exchange knows no such order"


def test_an_intent_is_noted_as_it_was_asked_for(book: Book) -> None:
    mine = book.orders.intend(request(), Purpose.ENTRY, "test")
    assert (mine.lots, mine.error, mine.why, mine.intended_at, mine.updated_at) == (10, "", "test", NOW, NOW)
    book.desk.at += SECOND
    book.orders.sent("t-1-1")
    (sent,) = book.orders.live()
    assert (sent.state, sent.sent_at) == ("sent", NOW + SECOND)


@pytest.mark.parametrize(("purpose", "traded_at"), [(Purpose.ENTRY, NOW), (Purpose.EXIT, NOW), (Purpose.STOP, 0)])
def test_a_stop_trades_once_it_is_filled(book: Book, purpose: Purpose, traded_at: int) -> None:
    book.orders.intend(request(), purpose, "test")
    assert book.orders.traded_at == traded_at
    book.desk.at += SECOND
    book.orders.reported(report(request(), 1))
    assert book.orders.traded_at == NOW + SECOND
