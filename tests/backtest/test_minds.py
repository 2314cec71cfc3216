"""What a strategy sees behind it never changes and never holds what is to come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.backtest.minds import RECENT, Minds, Window
from radtui.backtest.series import Series
from radtui.core.market import MINUTE, Candle
from radtui.core.positions import Positions
from radtui.core.signal import HOLD, Signal
from radtui.strategies.base import View
from radtui.strategies.batch import History
from radtui.venue.contracts import CONTRACTS
from tests.backtest.worlds import Scripted, lean, market, walk

XBT = CONTRACTS["XBTUSDTM"]
ROWS = walk(40)
CANDLES = [Candle(XBT.symbol, row[0], MINUTE, *row[1:]) for row in ROWS]


@given(st.integers(0, 40), st.integers(0, 12), st.slices(12))
def test_a_window_is_the_end_of_its_list(count: int, most: int, part: slice) -> None:
    window, wanted = Window(CANDLES, count, most), CANDLES[max(0, count - most) : count]
    assert (list(window), len(window)) == (wanted, len(wanted))
    assert list(window[part]) == wanted[part]
    assert [window[at] for at in range(-len(wanted), len(wanted))] == [*wanted, *wanted]
    assert View(symbol="X", recent=window).closes(3) == [candle.close for candle in wanted[-3:]]


def test_a_strategy_is_asked_in_order_and_sees_what_closed() -> None:
    script = Scripted({1: lean(buy=True)})
    minds = minded(script)
    signals = [minds.word(place, Positions()) for place in range(3)]
    assert signals == [HOLD, lean(buy=True), HOLD]
    assert [candle for candle, _ in script.seen] == CANDLES[:3]
    assert [view.recent[-1] for _, view in script.seen] == CANDLES[:3]
    assert RECENT == 500


def test_who_is_told_ahead_is_stopped_at_its_first_word_and_asked_once() -> None:
    script = Scripted({3: lean(buy=True), 5: lean(buy=False)})
    minds = minded(script)
    assert minds.speaks(10, Positions()) == 3
    assert len(script.seen) == 4
    assert [minds.word(3, Positions()), minds.word(4, Positions())] == [lean(buy=True), HOLD]
    assert minds.speaks(5, Positions()) is None
    assert len(script.seen) == 5


class Knows(Scripted):
    """Tells its whole script at once, and must not be asked."""

    def foretell(self, history: History) -> dict[int, Signal]:
        """Read the script."""
        return self._script if len(history) == len(CANDLES) else {}

    def on_candle(self, candle: Candle, view: View) -> Signal:
        raise AssertionError("it told everything before")


def test_a_history_that_was_told_at_once_is_not_asked_for_again() -> None:
    script = Knows({0: lean(buy=True), 7: lean(buy=False)})
    minds = minded(script)
    assert minds.expects() == 0
    assert [minds.word(place, Positions()) for place in range(3)] == [lean(buy=True), HOLD, HOLD]
    assert (minds.expects(), minds.speaks(7, Positions()), minds.speaks(9, Positions())) == (7, None, 7)
    assert minds.word(7, Positions()) == lean(buy=False)
    assert minds.expects() == len(CANDLES)


def test_one_that_fails_to_foretell_is_asked_candle_by_candle_and_counted() -> None:
    script = Scripted({1: lean(buy=True)})
    script.foretell = lambda history: {0: "buy"}  # type: ignore[attr-defined]  # what somebody's code may do
    minds = minded(script)
    assert [minds.word(place, Positions()) for place in range(2)] == [HOLD, lean(buy=True)]
    assert (minds.faults, minds.fault) == (1, "XBTUSDTM: a strategy returns a Signal, not str")


def minded(script: Scripted) -> Minds:
    """Return the mind of a script at the first of the candles."""
    minds = Minds(script, XBT)
    minds.follow(Series(market(ROWS, 0), MINUTE, 0), Positions())
    return minds
