from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from math import nan
from typing import Any

import pytest

from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE, SECOND, Candle
from radtui.core.positions import Positions
from radtui.core.signal import Action, Signal
from radtui.engine.apart import Apart
from radtui.engine.signals import Signals
from radtui.resilience.clock import SystemClock
from radtui.strategies.base import Strategy, View
from tests.core.makers import XBT, fill, signal
from tests.engine.flights import Idle

BROKEN: dict[str, Callable[[], object]] = {
    "raises": lambda: 1 / 0,
    "nothing": lambda: None,
    "text": lambda: "buy",
    "nan": lambda: signal(buy=nan),
    "beyond": lambda: signal(buy=1.5),
    "stop": lambda: signal(stop=Decimal("NaN")),
    "float stop": lambda: signal(stop=59_000.0),
    "words": lambda: Signal(buy="1", sell=0.0, hold=0.0, confidence=0.9, reason=""),  # type: ignore[arg-type]
}


class Says(Idle):
    """Says what it is told to, and writes down what it was shown."""

    def __init__(self, instrument: Instrument, say: Callable[[], object] = signal) -> None:
        super().__init__(instrument)
        self.say = say
        self.shown: list[tuple[Candle, View]] = []

    def on_candle(self, candle: Candle, view: View) -> Signal:
        self.shown.append((candle, view))
        return self.say()  # type: ignore[return-value]


class Stage:
    """Signals with one strategy, and the alarms it caused."""

    def __init__(self, say: Callable[[], object] = signal) -> None:
        self.positions = Positions()
        self.alarms: list[str] = []
        self.made: list[Says] = []
        self.say = say
        self.signals = self.signals_of(lambda where, text: self.alarms.append(f"{where}: {text}"))
        self.signals.equip([XBT])

    def signals_of(self, alarm: Callable[[str, str], None]) -> Signals:
        return Signals(self.make, self.positions, alarm, clock=SystemClock())

    def make(self, instrument: Instrument) -> Strategy:
        self.made.append(Says(instrument, self.say))
        return self.made[-1]


def candle(number: int, close: int = 60_000) -> Candle:
    price = Decimal(close)
    return Candle(XBT.symbol, number * MINUTE, MINUTE, price, price, price, price, Decimal(1))


def test_a_closed_candle_becomes_a_signal_that_waits_for_the_cycle() -> None:
    stage = Stage()
    stage.signals.closed(candle(1))
    waiting = stage.signals.waiting
    (given,) = stage.signals.due(77)
    assert waiting
    assert (given.at, given.symbol, given.price, given.closed_at) == (77, XBT.symbol, Decimal(60_000), 2 * MINUTE)
    assert not stage.signals.waiting
    assert stage.signals.due(78) == []


def test_what_is_said_about_the_past_is_not_acted_on() -> None:
    stage = Stage()
    stage.signals.warm([candle(n) for n in range(5)])
    assert not stage.signals.waiting
    assert len(stage.made[0].shown) == 5


def test_a_candle_that_was_seen_before_is_not_fed_twice() -> None:
    stage = Stage()
    stage.signals.warm([candle(1), candle(2)])
    for number in (1, 2, 3, 3):
        stage.signals.closed(candle(number))
    assert [shown.opened_at // MINUTE for shown, _ in stage.made[0].shown] == [1, 2, 3]
    assert len(stage.signals.due(0)) == 1


def test_a_contract_that_is_not_traded_is_ignored() -> None:
    stage = Stage()
    price = Decimal(1)
    stage.signals.closed(Candle("DOGEUSDTM", 0, MINUTE, price, price, price, price, price))
    assert not stage.signals.waiting


@pytest.mark.parametrize("kind", BROKEN)
def test_a_strategys_fault_costs_its_signal_and_nothing_else(kind: str) -> None:
    stage = Stage(BROKEN[kind])
    stage.signals.closed(candle(1))
    (given,) = stage.signals.due(0)
    assert given.signal.action is Action.HOLD
    assert given.signal.reason.startswith("the strategy failed: ")
    (alarm,) = stage.alarms
    assert alarm.startswith("strategy: XBTUSDTM: ")


def test_a_strategy_sees_its_position_and_the_candles_so_far() -> None:
    stage = Stage()
    stage.signals.closed(candle(1))
    stage.positions.fill(fill(lots=10), XBT, None, 3, 0)
    stage.signals.closed(candle(2))
    (_, flat), (_, held) = stage.made[0].shown
    assert (flat.lots, flat.entry, len(flat.recent)) == (0, None, 1)
    assert (held.lots, held.entry, len(held.recent)) == (10, Decimal(60_000), 2)


def test_equipped_again_they_are_new_and_know_nothing() -> None:
    stage = Stage()
    stage.signals.closed(candle(9))
    stage.signals.equip([XBT])
    stage.signals.warm([candle(1)])
    assert len(stage.made) == 2
    assert len(stage.made[1].shown) == 1


def test_what_is_said_bears_the_close_of_the_newest_candle_heard() -> None:
    stage = Stage()
    for number in (1, 2):
        stage.signals.closed(candle(number))
    assert [given.newest - given.closed_at for given in stage.signals.due(5)] == [MINUTE, 0]


class Beside(Stage):
    """The same with the strategies in a thread of their own; `held` keeps them from returning."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.go = threading.Event()
        self.go.set()
        self.anew = threading.Event()
        self.awake = asyncio.Event()
        self.clock = Ahead()
        super().__init__(self.slowly)

    def slowly(self) -> Signal:
        assert self.go.wait(10)
        return signal()

    def signals_of(self, alarm: Callable[[str, str], None]) -> Signals:
        told: dict[str, Any] = {"clock": self.clock, "runner": Apart("strategies"), "awake": self.awake.set}
        return Signals(self.make, self.positions, alarm, deadline=self.deadline, **told)

    def make(self, instrument: Instrument) -> Strategy:
        made = super().make(instrument)
        self.anew.set()
        return made

    async def said(self) -> list[Signal]:
        while not self.signals.waiting:
            self.awake.clear()
            await asyncio.wait_for(self.awake.wait(), 5)
        return [given.signal for given in self.signals.due(0)]

    async def hang(self) -> None:
        """Close a candle at which the strategy stays for longer than it may, and then some."""
        self.go.clear()
        self.signals.closed(candle(1))
        await asyncio.wait_for(self.awake.wait(), 5)
        self.clock.ahead = 7 * SECOND


class Ahead(SystemClock):
    """A clock that can be put forward."""

    ahead = 0

    def monotonic(self) -> int:
        return super().monotonic() + self.ahead


async def staged(deadline: float) -> AsyncIterator[Beside]:
    stage = Beside(deadline)
    assert await asyncio.to_thread(stage.anew.wait, 5)
    stage.anew.clear()
    yield stage
    stage.go.set()
    stage.signals.close()


@pytest.fixture
async def beside() -> AsyncIterator[Beside]:
    """One that has all the time there is."""
    async for stage in staged(60.0):
        yield stage


@pytest.fixture
async def hasty() -> AsyncIterator[Beside]:
    """One whose strategies have hardly any time."""
    async for stage in staged(0.25):
        yield stage


async def test_beside_the_loop_nobody_waits_and_the_answer_wakes_the_cycle(beside: Beside) -> None:
    beside.signals.warm([candle(0)])
    beside.go.clear()
    beside.signals.closed(candle(1))
    assert beside.signals.due(0) == []
    beside.go.set()
    assert [each.action for each in await beside.said()] == [Action.BUY]
    assert len(beside.made[0].shown) == 2  # history came first
    assert beside.signals.view.answers == 2


async def test_one_that_does_not_return_holds_is_told_of_and_is_asked_no_more(hasty: Beside) -> None:
    await hasty.hang()
    (held,) = await hasty.said()
    assert (held.action, held.reason) == (
        Action.HOLD,
        "the strategy of XBTUSDTM has not come back from a candle within 0.25 s",
    )
    (alarm,) = hasty.alarms
    assert alarm.endswith("has not come back from a candle within 0.25 s; none of this bot is asked until it has")
    assert (hasty.signals.view.hanging, hasty.signals.view.hangs) == (XBT.symbol, 7)
    hasty.signals.closed(candle(2))
    (held,) = await hasty.said()
    assert held.action is Action.HOLD
    assert len(hasty.made[0].shown) == 1


async def test_once_it_returns_what_it_said_is_not_acted_on_and_all_are_made_anew_from_history(hasty: Beside) -> None:
    await hasty.hang()
    hasty.signals.closed(candle(2))
    assert len(await hasty.said()) == 2
    hasty.go.set()
    assert await asyncio.to_thread(hasty.anew.wait, 5)
    hasty.signals.closed(candle(3))
    assert [each.action for each in await hasty.said()] == [Action.BUY]
    assert [shown.opened_at // MINUTE for shown, _ in hasty.made[1].shown] == [1, 2, 3]
    assert hasty.signals.view.failing == ()
    assert "came back after 7 s" in hasty.alarms[-1]


async def test_made_anew_while_it_is_asked_holds_at_what_was_asked(beside: Beside) -> None:
    beside.go.clear()
    beside.signals.closed(candle(1))
    beside.signals.equip([XBT])
    beside.go.set()
    assert [each.reason for each in await beside.said()] == ["the strategies are made anew"]
    beside.signals.closed(candle(2))
    assert [each.action for each in await beside.said()] == [Action.BUY]


async def test_one_that_does_not_keep_up_is_not_asked_about_all_of_them(beside: Beside) -> None:
    beside.go.clear()
    for number in range(30):
        beside.signals.closed(candle(number))
    assert {each.action for each in await beside.said()} == {Action.HOLD}
    assert "does not keep up" in beside.alarms[0]
    beside.go.set()
    assert await asyncio.to_thread(beside.anew.wait, 5)
    beside.signals.closed(candle(30))
    assert [each.action for each in await beside.said()] == [Action.BUY]
    assert len(beside.made[0].shown) <= 1, "what nobody waits for any more is not asked"


def test_one_that_cannot_be_made_costs_its_signals_and_no_worker() -> None:
    def fails() -> object:
        raise ValueError("never made")

    stage = Stage()
    stage.make = lambda _: fails()  # type: ignore[method-assign, assignment, return-value]
    stage.signals = stage.signals_of(lambda where, text: stage.alarms.append(text))
    stage.signals.equip([XBT])
    stage.signals.warm([candle(1), candle(2)])
    stage.signals.closed(candle(3))
    assert stage.alarms[0] == ("XBTUSDTM: it cannot be made: ValueError: never made (at 2 of 2 candles of its history)")
    assert stage.signals.view.failing[0].in_a_row == 3


async def test_one_that_comes_back_after_the_end_is_no_news(hasty: Beside) -> None:
    await hasty.hang()
    told = len(hasty.alarms)
    hasty.signals.close()
    hasty.go.set()
    await asyncio.sleep(0.02)
    assert len(hasty.alarms) == told
    assert len(hasty.made) == 1


def test_told_something_else_they_are_made_anew_and_fed_what_was_kept() -> None:
    stage = Stage()
    stage.signals.warm([candle(1), candle(2)])
    stage.signals.closed(candle(3))
    stage.signals.due(0)
    others: list[Says] = []

    def other(instrument: Instrument) -> Strategy:
        others.append(Says(instrument))
        return others[-1]

    stage.signals.follow(other)
    assert [shown.opened_at // MINUTE for shown, _ in others[0].shown] == [1, 2, 3]
    assert not stage.signals.waiting  # nobody acts again on what is past
    stage.signals.closed(candle(4))
    assert (len(others[0].shown), len(stage.made[0].shown), len(stage.signals.due(0))) == (4, 3, 1)
