"""Asking strategies: whatever they do costs their signal."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from radtui.core.instrument import Instrument
from radtui.core.signal import Action
from radtui.engine.minds import RECENT, Minds
from radtui.resilience.clock import SystemClock
from radtui.strategies.base import Strategy, View
from tests.core.makers import XBT, signal
from tests.engine.test_signals import Says, candle

VIEW = View(symbol=XBT.symbol)


def minds(say: Callable[[], object] = signal) -> tuple[Minds, list[Says]]:
    made: list[Says] = []

    def make(instrument: Instrument) -> Strategy:
        made.append(Says(instrument, say))
        return made[-1]

    found = Minds(make, SystemClock())
    found.renew([XBT])
    return found, made


def cancels() -> object:
    raise asyncio.CancelledError


@pytest.mark.parametrize("end", [lambda: 1 / 0, lambda: sys.exit(3), cancels])
def test_one_that_fails_or_wants_to_end_the_process_gives_no_signal(end: Callable[[], object]) -> None:
    found, _ = minds(end)
    verdict = found.judge(candle(1), VIEW)
    assert verdict.signal.action is Action.HOLD
    assert verdict.signal.reason == f"the strategy failed: {verdict.fault}"
    assert found.at is None


def interrupts() -> object:
    raise KeyboardInterrupt


def test_an_interrupt_is_the_persons_in_the_main_thread_alone() -> None:
    found, _ = minds(interrupts)
    with pytest.raises(KeyboardInterrupt):
        found.judge(candle(1), VIEW)
    with ThreadPoolExecutor(1) as apart:
        assert apart.submit(found.judge, candle(1), VIEW).result(5).fault == "KeyboardInterrupt"


def test_one_that_cannot_be_made_fails_at_every_candle_and_says_why() -> None:
    def make(_: Instrument) -> Strategy:
        raise ValueError("no such parameter")

    found = Minds(make, SystemClock())
    found.renew([XBT])
    assert found.judge(candle(1), VIEW).fault == "it cannot be made: ValueError: no such parameter"
    assert found.rehearse([candle(1), candle(2)], 0, None, lambda: True).in_a_row == 2


def test_what_it_is_at_can_be_seen_meanwhile() -> None:
    seen: list[object] = []
    found, _ = minds(lambda: seen.append(found.at) or signal())
    found.judge(candle(1), VIEW)
    assert [getattr(each, "symbol", None) for each in seen] == [XBT.symbol]
    assert found.at is None


def test_history_is_counted_and_the_candles_so_far_are_shown() -> None:
    answers = iter([None, signal(), None, None])
    found, made = minds(lambda: next(answers))
    done = found.rehearse([candle(number) for number in range(4)], 3, None, lambda: True)
    assert (done.answers, done.faults, done.in_a_row, done.symbol) == (1, 3, 2, XBT.symbol)
    assert "Signal" in done.fault
    assert [len(view.recent) for _, view in made[0].shown] == [1, 2, 3, 4]
    assert {view.lots for _, view in made[0].shown} == {3}


def test_no_more_is_shown_than_may_be_looked_back_on() -> None:
    found, made = minds()
    found.rehearse([candle(number) for number in range(RECENT + 2)], 0, None, lambda: True)
    assert len(made[0].shown[-1][1].recent) == RECENT


def test_history_that_nobody_wants_any_more_is_left() -> None:
    found, made = minds()
    assert found.rehearse([candle(1), candle(2)], 0, None, lambda: not made[0].shown).answers == 1
