"""One order against a model of the exchange: whatever is lost, repeated or told in any order, the end is its truth."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Cancel, Command, Place, Seek
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import (
    Event,
    ExchangeShown,
    FillReported,
    Listed,
    OrderAccepted,
    OrderRefused,
    OrderReported,
    OrderSent,
    OrderSought,
    OrderUnclear,
    Passed,
    Restored,
)
from radtui.core.market import SECOND
from radtui.core.money import ZERO
from radtui.core.order import Fill, OrderReport, OrderRequest
from radtui.core.orders import Order, OrderState, Purpose
from tests.core.makers import NOW, XBT, account, fill, position, report, request

LOTS: Final = 10
PRICE: Final = Decimal(60_000)


class Truth:
    """What the exchange knows of the order: what arrived, what was filled, and whether it still rests.

    Args:
        arrived: the request came there and was taken.
        parts: lots of its fills.
        ends: it does not rest any more: what was not filled was cancelled.
    """

    def __init__(self, asked: OrderRequest, arrived: bool, parts: list[int], ends: bool) -> None:
        self.asked, self.arrived = asked, arrived
        self.fills = [fill(number, lots, client_id=asked.client_id) for number, lots in enumerate(parts)]
        self.filled = sum(parts)
        self.rests = arrived and not ends and self.filled < LOTS

    @property
    def state(self) -> OrderState:
        if not self.arrived:
            return OrderState.REJECTED
        if self.filled == LOTS:
            return OrderState.FILLED
        return OrderState.WORKING if self.rests else OrderState.CANCELLED

    def reports(self) -> list[OrderReport]:
        """Return each word that the exchange had for it, in its order."""
        if not self.arrived:
            return []
        sums = [sum(each.lots for each in self.fills[:count]) for count in range(len(self.fills) + 1)]
        said = [report(self.asked, lots) for lots in sums]
        return said if self.rests or self.filled == LOTS else [*said, self.report()]

    def report(self) -> OrderReport:
        """Return how it stands."""
        return report(self.asked, self.filled, active=self.rests, cancelled=self.state is OrderState.CANCELLED)

    def cancel(self) -> None:
        """End it, as a cancel that arrives does."""
        self.rests = False


class Play:
    """A bot that has sent one order, and what it wants meanwhile."""

    def __init__(self) -> None:
        self.core = Core(CoreConfig(bot="t", boot=NOW))
        self.at = NOW
        self.wanted: list[Command] = []
        self.feed(Listed(NOW, (XBT,)))
        self.feed(Restored(NOW))
        self.feed(ExchangeShown(NOW, NOW, (), (), (), account()))
        self.wanted.clear()
        self.asked = request()
        self.core.trading.orders._admit = lambda request, purpose: None
        self.core.trading.orders.intend(self.asked, Purpose.ENTRY, "test")
        self.core.desk.clear()
        self.feed(OrderSent(NOW, self.asked.client_id))

    @property
    def order(self) -> Order:
        found = self.core.trading.orders.get(self.asked.client_id)
        assert found is not None
        return found

    def feed(self, event: Event) -> None:
        self.wanted += self.core.handle(event)

    def tell(self, said: OrderReport | Fill) -> None:
        if isinstance(said, OrderReport):
            self.feed(OrderReported(self.at, said))
        else:
            self.feed(FillReported(self.at, said))

    def finish(self, truth: Truth) -> None:
        """Let time pass, with every question answered by the truth, until nothing is asked any more."""
        for _ in range(5):
            self.at += 7 * SECOND
            self.feed(Passed(self.at, self.at))
            self.answer(truth)
            self.read(truth)
            self.answer(truth)

    def answer(self, truth: Truth) -> None:
        wanted, self.wanted = self.wanted, []
        for command in wanted:
            mine = getattr(command, "client_id", "") == self.asked.client_id
            if isinstance(command, Cancel) and mine:
                truth.cancel()
                self.feed(OrderReported(self.at, truth.report()))
            elif isinstance(command, Seek) and mine:
                self.feed(OrderSought(self.at, self.asked.client_id, truth.report() if truth.arrived else None))
            elif isinstance(command, Place):
                self.feed(OrderSent(self.at, command.request.client_id))
                self.feed(OrderAccepted(self.at, command.request.client_id, f"x{command.request.client_id}"))
                self.feed(OrderReported(self.at, report(command.request)))

    def read(self, truth: Truth) -> None:
        own = self.core.trading.orders
        stops = [report(stop.request) for stop in own.live(Purpose.STOP)]
        resting = [truth.report()] if truth.rests else []
        held = (position(truth.filled),) if truth.filled else ()
        fees = Decimal(len(truth.fills))
        self.feed(ExchangeShown(self.at, self.at, (*resting, *stops), tuple(truth.fills), held, account(10_000 - fees)))


@st.composite
def truths(draw: st.DrawFn) -> Callable[[OrderRequest], Truth]:
    arrived = draw(st.booleans())
    parts = draw(st.lists(st.integers(1, 4), max_size=4).filter(lambda lots: sum(lots) <= LOTS)) if arrived else []
    ends = draw(st.booleans())
    return lambda asked: Truth(asked, arrived, parts, ends)


@given(truths(), st.data())
@settings(max_examples=300, deadline=None)
def test_the_end_is_the_exchanges_truth(make: Callable[[OrderRequest], Truth], data: st.DataObject) -> None:
    play = Play()
    truth, client_id = make(play.asked), play.asked.client_id
    answers: list[Callable[[], Event]] = [lambda: OrderUnclear(play.at, client_id, "no answer")]
    if truth.arrived:
        answers.append(lambda: OrderAccepted(play.at, client_id, f"x{client_id}"))
    else:
        answers.append(lambda: OrderRefused(play.at, client_id, "no balance"))
    said: list[OrderReport | Fill] = [*truth.reports(), *truth.fills]
    heard = data.draw(st.lists(st.sampled_from(said), max_size=8)) if said else []
    answer = data.draw(st.sampled_from(answers))
    steps = data.draw(st.permutations([*heard, "answer", "absent", "sought", "cancel"]))
    for step in steps:
        play.at += data.draw(st.sampled_from([0, SECOND // 10, SECOND]))
        if step == "answer":
            play.feed(answer())
        elif step == "cancel" and data.draw(st.booleans()):
            play.core.trading.orders.cancel(play.order)
            play.wanted += play.core.desk.clear()
        elif step == "absent" and play.at < NOW + 6 * SECOND and data.draw(st.booleans()):
            play.feed(OrderSought(play.at, client_id, None))
        elif step == "sought" and truth.arrived:
            play.feed(OrderSought(play.at, client_id, data.draw(st.sampled_from(truth.reports()))))
        elif not isinstance(step, str):
            play.tell(step)
    play.finish(truth)
    compare(play, truth)


def compare(play: Play, truth: Truth) -> None:
    """Compare the order, the position and the money with the exchange's."""
    order, trading = play.order, play.core.trading
    assert order.state is truth.state, (order, truth.state)
    assert (order.filled_lots, order.seen_lots) == (truth.filled, truth.filled)
    assert order.filled_value == order.seen_value == XBT.notional(PRICE, truth.filled)
    assert not order.in_flight
    assert {s: held.lots for s, held in trading.positions.open.items()} == (
        {XBT.symbol: truth.filled} if truth.filled else {}
    )
    assert (trading.purse.sums.fills, trading.purse.sums.fees) == (len(truth.fills), Decimal(len(truth.fills)))
    assert trading.purse.identity() == ZERO
    assert not trading.orders.uncounted()
    assert not trading.orders.unsettled
    if truth.filled:
        assert trading.positions.open[XBT.symbol].bare_since is None


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4).filter(lambda lots: sum(lots) <= LOTS), st.booleans())
def test_an_order_that_was_given_up_comes_back_with_its_fills(parts: list[int], told: bool) -> None:
    play = Play()
    truth = Truth(play.asked, arrived=True, parts=parts, ends=True)
    play.feed(OrderUnclear(play.at, play.asked.client_id, "no answer"))
    play.at += 7 * SECOND
    play.feed(OrderSought(play.at, play.asked.client_id, None))
    assert play.order.state is OrderState.REJECTED
    if told:
        for each in truth.fills:
            play.tell(each)
        assert play.order.state in {OrderState.WORKING, OrderState.FILLED}
    play.finish(truth)
    compare(play, truth)
