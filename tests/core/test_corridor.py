"""Inside its corridor core does nothing but note what it is told; at its walls it may do more."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.commands import Command, Place
from radtui.core.config import CoreConfig, Limits
from radtui.core.core import Core
from radtui.core.corridor import corridor
from radtui.core.events import (
    AccountReported,
    Event,
    ExchangeShown,
    FillReported,
    Listed,
    OrderReported,
    OrderSent,
    Passed,
    PriceMoved,
    Restored,
    SignalGiven,
    Told,
)
from radtui.core.instruction import Ask, Instruction
from radtui.core.market import DAY, SECOND
from tests.core.makers import NOW, XBT, account, fill, report, signal

PRICE = Decimal(60_000)
LIMITS = Limits(drawdown=Decimal("0.01"), daily_loss=Decimal("0.02"), leverage=10, stop_share=Decimal("0.05"))


class Held:
    """A core that holds a position whose stop rests."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self.core = Core(CoreConfig(bot="t", boot=NOW, limits=limits))
        self.tell(Listed(NOW, (XBT,)), Restored(NOW), Told(NOW, Instruction(id="i1", ask=Ask.START, who="test")))
        self.tell(ExchangeShown(NOW, NOW, (), (), (), account()), PriceMoved(NOW, XBT.symbol, PRICE, NOW))
        (entry,) = self.tell(SignalGiven(NOW, XBT.symbol, signal(), PRICE, NOW))
        self.tell(OrderSent(NOW, entry.request.client_id))
        made = fill(1, entry.request.lots, client_id=entry.request.client_id, fee=Decimal(0))
        (self.stop,) = self.tell(FillReported(NOW, made))
        self.tell(OrderReported(NOW, report(entry.request, entry.request.lots, active=False)))
        self.tell(AccountReported(NOW, account()))
        self.tell(OrderSent(NOW, self.stop.request.client_id))

    def rest(self) -> None:
        """Have the stop confirmed."""
        self.tell(OrderReported(NOW, report(self.stop.request)), Passed(NOW, NOW))

    def tell(self, *events: Event) -> list[Place]:
        said: list[Command] = []
        for event in events:
            said += self.core.handle(event)
        return [command for command in said if isinstance(command, Place)]


def test_there_is_none_while_anything_is_on_its_way() -> None:
    held = Held()
    assert corridor(held.core, XBT.symbol) is None
    held.rest()
    assert corridor(held.core, XBT.symbol) is not None
    assert corridor(held.core, "ETHUSDTM") is None


@settings(max_examples=60, deadline=None)
@given(st.integers(-60_000, 60_000), st.integers(1, 3600))
def test_inside_it_nothing_happens(ticks: int, seconds: int) -> None:
    held = Held()
    held.rest()
    found, price, at = corridor(held.core, XBT.symbol), PRICE + ticks * XBT.tick, NOW + seconds * SECOND
    assert found is not None
    assert found.floor is not None
    assert found.ceiling is not None
    peak = held.core.trading.purse.sums.peak
    said = held.core.handle(PriceMoved(at, XBT.symbol, price, at)) + held.core.handle(Passed(at, at))
    if found.floor < price < found.ceiling and at < found.until:
        assert not said
        assert held.core.trading.purse.sums.peak == peak
    elif price > found.ceiling + 2 * XBT.tick:
        assert held.core.trading.purse.sums.peak > peak
    elif price < found.floor - 2 * XBT.tick:
        assert held.core.trading.breakers.tripped


def test_it_ends_with_the_day() -> None:
    held = Held()
    held.rest()
    found = corridor(held.core, XBT.symbol)
    assert found is not None
    assert found.until == (NOW // DAY + 1) * DAY


def test_a_breaker_that_is_tripped_is_no_wall_any_more() -> None:
    held = Held()
    held.rest()
    before = corridor(held.core, XBT.symbol)
    assert before is not None
    assert before.floor is not None
    low = before.floor - 10 * XBT.tick
    held.tell(PriceMoved(NOW + 1, XBT.symbol, low, NOW + 1), Passed(NOW + 1, NOW + 1))
    after = corridor(held.core, XBT.symbol)
    assert after is not None
    assert after.floor is not None
    assert after.floor < low
