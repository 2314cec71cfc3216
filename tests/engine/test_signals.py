from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import nan

import pytest

from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE, Candle
from radtui.core.positions import Positions
from radtui.core.signal import HOLD, Signal
from radtui.engine.signals import Signals
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
        self.signals = Signals(self.make, self.positions, lambda where, text: self.alarms.append(f"{where}: {text}"))
        self.signals.equip([XBT])

    def make(self, instrument: Instrument) -> Strategy:
        self.made.append(Says(instrument, self.say))
        return self.made[-1]


def candle(number: int, close: int = 60_000) -> Candle:
    price = Decimal(close)
    return Candle(XBT.symbol, number * MINUTE, MINUTE, price, price, price, price, Decimal(1))


def test_a_closed_candle_becomes_a_signal_that_waits_for_the_cycle() -> None:
    stage = Stage()
    stage.signals.closed(candle(1))
    assert stage.signals.waiting
    (given,) = stage.signals.due(77)
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
    assert given.signal is HOLD
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
