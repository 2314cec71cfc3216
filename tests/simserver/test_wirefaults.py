"""The plan of what goes wrong: seeded, each fault on its own, names and figures checked."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.wirefaults import AnswerPlan, WireFault, WireFaults
from radtui.venue.faults import BadFault

RATES = (
    *(WireFault.LOST, WireFault.LOST_AFTER, WireFault.TWICE, WireFault.ERROR, WireFault.ERROR_AFTER),
    *(WireFault.HTML, WireFault.RATE_LIMIT),
)
FRAMES = (WireFault.GAP, WireFault.DUPLICATE, WireFault.REORDER, WireFault.GARBAGE, WireFault.HALF_OPEN, WireFault.CUT)


def plans(faults: WireFaults, count: int = 200) -> list[AnswerPlan]:
    return [faults.answer() for _ in range(count)]


def test_without_faults_nothing_happens() -> None:
    faults = WireFaults(7)
    assert plans(faults) == [AnswerPlan()] * 200
    line = faults.socket()
    assert line.through(["a", "b"]) == ["a", "b"]
    assert (line.silent, line.cut, line.delay()) == (False, False, 0)
    assert (faults.skew, faults.maintenance, faults.expires()) == (0, 0, False)


@pytest.mark.parametrize(
    ("fault", "times", "lost"),
    [
        (WireFault.LOST, 0, True),
        (WireFault.LOST_AFTER, 1, True),
        (WireFault.TWICE, 2, False),
        (WireFault.ERROR, 0, False),
        (WireFault.ERROR_AFTER, 1, False),
        (WireFault.HTML, 0, False),
        (WireFault.RATE_LIMIT, 0, False),
    ],
)
def test_a_certain_fault_strikes_every_request(fault: WireFault, times: int, lost: bool) -> None:
    for plan in plans(WireFaults(7, {fault: 1.0})):
        assert (plan.times, plan.lost) == (times, lost)
        assert (plan.instead is None) == (fault in {WireFault.LOST, WireFault.LOST_AFTER, WireFault.TWICE})


def test_a_storm_says_how_long_and_comes_in_rows() -> None:
    struck = [plan.instead for plan in plans(WireFaults(7, {WireFault.RATE_LIMIT: 0.3}))]
    rows = [{answer is not None for answer in struck[first : first + 10]} for first in range(0, 200, 10)]
    assert all(len(row) == 1 for row in rows)
    assert {True} in rows
    assert {False} in rows
    answer = next(answer for answer in struck if answer is not None)
    assert (answer.status, json.loads(answer.body)["code"]) == (429, "429000")
    assert int(answer.headers["gw-ratelimit-reset"]) > 0


@given(st.integers(0, 50), st.sets(st.sampled_from(RATES), min_size=2), st.sampled_from(RATES))
def test_taking_a_fault_away_moves_no_other(seed: int, which: set[WireFault], gone: WireFault) -> None:
    """What is not struck by the one that went, or only by it, stays as it was."""
    every = WireFaults(seed, dict.fromkeys(which, 0.2))
    fewer = WireFaults(seed, dict.fromkeys(which - {gone}, 0.2))
    alone = WireFaults(seed, {gone: 0.2} if gone in which else {})
    for with_all, without, only in zip(plans(every), plans(fewer), plans(alone), strict=True):
        if only == AnswerPlan():
            assert with_all == without


@given(st.integers(0, 50), st.sampled_from(FRAMES), st.lists(st.text(min_size=4, max_size=9), max_size=30))
def test_frames_fare_alike_however_they_are_bundled(seed: int, fault: WireFault, frames: list[str]) -> None:
    one, other = (WireFaults(seed, {fault: 0.3}).socket() for _ in range(2))
    assert one.through(frames) == [arrived for frame in frames for arrived in other.through([frame])]


@given(st.integers(0, 50), st.integers(1, 60))
def test_duplicates_and_reordered_frames_lose_nothing_but_one_that_is_still_on_its_way(seed: int, count: int) -> None:
    frames = [str(number) for number in range(count)]
    line = WireFaults(seed, {WireFault.DUPLICATE: 0.2, WireFault.REORDER: 0.2}).socket()
    arrived = line.through(frames)
    assert set(frames) - set(arrived) <= {frames[-1]}
    for number, frame in enumerate(dict.fromkeys(arrived)):
        assert abs(int(frame) - number) <= 1


def test_a_line_that_is_cut_or_half_open_says_nothing_more() -> None:
    for fault in (WireFault.CUT, WireFault.HALF_OPEN):
        line = WireFaults(3, {fault: 0.2}).socket()
        arrived = line.through(map(str, range(100)))
        assert len(arrived) < 100
        assert arrived == [str(number) for number in range(len(arrived))]
        assert (line.cut, line.silent) == (fault is WireFault.CUT, fault is WireFault.HALF_OPEN)
        assert line.through(["more"]) == []


def test_garbage_is_no_json() -> None:
    (arrived,) = WireFaults(3, {WireFault.GARBAGE: 1}).socket().through(['{"id":"1"}'])
    with pytest.raises(json.JSONDecodeError):
        json.loads(arrived)


def test_slow_answers_overtake_each_other_and_keep_their_mean() -> None:
    delays = [plan.delay / 1e6 for plan in plans(WireFaults(7, {WireFault.SLOW: 100}), 2_000)]
    assert delays != sorted(delays)
    assert 90 < sum(delays) / len(delays) < 110


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("lsot=0.1", "did you mean lost"),
        ("nonsense", "Possible: slow, lost"),
        ("lost", "needs a figure"),
        ("lost=often", "needs a figure"),
        ("lost=1.5", "between 0 and 1"),
        ("lost=nan", "between 0 and 1"),
        ("slow=-1", "between 0 and 60000"),
        ("maintenance=3", "between 0 and 2"),
    ],
)
def test_settings_that_mean_nothing_are_refused(setting: str, says: str) -> None:
    with pytest.raises(BadFault, match=says):
        WireFaults.parse([setting])


def test_settings_are_read() -> None:
    faults = WireFaults.parse(["skew=-8000", " lost-after = 0.05 ", "maintenance=1"], seed=4)
    assert (faults.skew, faults.maintenance, faults.seed) == (-8_000_000_000, 1, 4)
    assert faults.figure(WireFault.LOST_AFTER) == 0.05
