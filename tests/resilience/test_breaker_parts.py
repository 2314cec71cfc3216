"""What the breaker hands to the library, by itself; how they work together is the breaker's own test."""

from __future__ import annotations

import pytest
from fluxgate.metric import Metric, Record
from fluxgate.state import State
from fluxgate.trippers import CallContext

from radtui.resilience.breaker_parts import Answered, Hook, Recovered, Streak
from radtui.resilience.failures import Refused


@pytest.mark.parametrize(
    ("state", "failures", "opens"),
    [("closed", 2, False), ("closed", 3, True), ("half_open", 0, False), ("half_open", 1, True)],
)
def test_a_streak_opens_and_one_failed_probe_does(state: State, failures: int, opens: bool) -> None:
    assert Streak(3)(CallContext(metric=Metric.empty(), state=state, consecutive_failures=failures)) is opens


def test_a_change_is_told_and_nothing_is_kept() -> None:
    told: list[str] = []
    hook = Hook(lambda: told.append("changed"))
    hook.record(Record(success=False))
    assert hook.get_metric() == Metric.empty()
    hook.reset()
    assert told == ["changed"]


def test_the_breakers_own_clock_says_when_a_probe_is_due() -> None:
    assert Recovered(lambda: True)(9e12, 0)
    assert not Recovered(lambda: False)(0.0, 0)


def test_an_answer_comes_out_as_the_failure_it_is() -> None:
    failure = Refused("no")
    with pytest.raises(Refused) as caught:
        Answered(failure).say()
    assert caught.value is failure
