"""Several signals made into one: weights, the least confidence of each, and whose stop it is."""

from decimal import Decimal
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.combining import NOTHING, Voice, combined
from radtui.core.signal import HOLD, Action, Signal
from radtui.strategies.leaning import BUYS, SELLS, lean


def voice(name: str, signal: Signal, weight: float = 1.0, least: float = 0.0) -> Voice:
    return Voice(name=name, weight=weight, least=least, signal=signal)


BUY = lean(BUYS, 0.8, "up", stop=Decimal(90), target=Decimal(120))
SELL = lean(SELLS, 0.8, "down", stop=Decimal(110), target=Decimal(80))


def test_probabilities_and_confidence_are_means_by_weight() -> None:
    said = combined([voice("a", Signal(0.6, 0.2, 0.2, 0.9, "a"), 3), voice("b", Signal(0.2, 0.2, 0.6, 0.5, "b"), 1)])
    assert isclose(said.buy, 0.5)
    assert isclose(said.sell, 0.2)
    assert isclose(said.hold, 0.3)
    assert isclose(said.confidence, 0.8)
    assert said.action is Action.BUY


@pytest.mark.parametrize(("confidence", "counts"), [(0.59, False), (0.6, True), (0.61, True)])
def test_one_that_trusts_itself_too_little_does_not_count(confidence: float, counts: bool) -> None:
    said = combined([voice("a", Signal(0.8, 0.1, 0.1, confidence, "up"), 0.45, 0.6)])
    assert (said.action is Action.BUY) is counts
    assert counts or said == NOTHING


def test_where_nobody_counts_it_holds() -> None:
    assert (NOTHING.buy, NOTHING.sell, NOTHING.hold, NOTHING.confidence) == (0.2, 0.2, 0.6, 0.5)
    assert combined([]) == NOTHING == combined([voice("a", BUY, weight=0.0)])
    assert not NOTHING.fault()


def test_against_each_other_they_hold() -> None:
    said = combined([voice("a", BUY), voice("b", SELL)])
    assert said.action is Action.HOLD
    assert (said.stop, said.target) == (None, None)


def test_the_stop_is_that_of_the_strongest_one_that_goes_the_same_way() -> None:
    far = lean(BUYS, 0.7, "up", stop=Decimal(80), target=Decimal(140))
    said = combined([voice("light", BUY, 0.2), voice("heavy", far, 0.7), voice("other", SELL, 0.1)])
    assert (said.action, said.stop, said.target) == (Action.BUY, Decimal(80), Decimal(140))
    assert said.reason == "buy: light buy 0.80, heavy buy 0.70, other sell 0.80"


def test_one_that_holds_with_confidence_is_heard_too() -> None:
    calm = Signal(0.0, 0.0, 1.0, 0.9, "calm")
    assert combined([voice("a", BUY, 0.3), voice("b", calm, 0.7)]).action is Action.HOLD
    assert combined([voice("a", BUY, 0.3), voice("b", HOLD, 0.7, 0.5)]).action is Action.BUY


odds = st.floats(0, 1)
signals = (
    st.tuples(odds, odds, odds, odds)
    .filter(lambda o: o[0] + o[1] + o[2] > 0.01)
    .map(lambda o: Signal(o[0] / sum(o[:3]), o[1] / sum(o[:3]), o[2] / sum(o[:3]), o[3], "x"))
)
voices = st.lists(st.builds(Voice, name=st.just("a"), weight=odds, least=odds, signal=signals), max_size=6)


@given(voices)
def test_what_comes_out_can_always_be_used(said: list[Voice]) -> None:
    assert combined(said).fault() == ""


@given(voices, st.floats(0.1, 10))
def test_only_the_proportion_of_weights_matters(said: list[Voice], factor: float) -> None:
    scaled = [voice(v.name, v.signal, v.weight * factor, v.least) for v in said]
    before, after = combined(said), combined(scaled)
    assert isclose(before.buy, after.buy, abs_tol=1e-6)
    assert isclose(before.confidence, after.confidence, abs_tol=1e-6)
