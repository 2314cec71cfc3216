from __future__ import annotations

import pytest

from radtui.core.market import DAY
from radtui.core.why_day import GateCount, bounds, day_of, moment_of, tally
from radtui.core.why_view import GateView, WhyView


def weighed(action: str = "buy", outcome: str = "", **gates: bool) -> WhyView:
    views = tuple(GateView(gate=gate, value="", limit="", passed=passed) for gate, passed in gates.items())
    return WhyView(symbol="X", at=0, action=action, confidence=0.5, reason="", outcome=outcome, gates=views)


def test_what_blocked_is_counted_the_most_frequent_first() -> None:
    day = tally(
        "2026-01-31",
        [
            weighed(size=False, margin=False),
            weighed(size=False, margin=True),
            weighed(size=True, margin=True),
            weighed("hold", "holds: nothing to do"),
            weighed("hold", "unusable signal: NaN"),
            weighed("sell", "closes the position; enters when it is flat"),
        ],
    )
    assert (day.signals, day.entries, day.refused, day.holds, day.others) == (6, 1, 2, 1, 2)
    assert day.gates == (GateCount(gate="size", blocked=2, alone=1), GateCount(gate="margin", blocked=1, alone=0))


def test_a_day_without_signals_has_none() -> None:
    assert tally("2026-01-31", ()).signals == 0


def test_a_day_has_its_bounds() -> None:
    begins, ends = bounds("2026-01-31")
    assert ends - begins == DAY
    assert (day_of(begins), day_of(ends - 1), day_of(ends)) == ("2026-01-31", "2026-01-31", "2026-02-01")
    assert (moment_of(begins), moment_of(ends - 1)) == ("2026-01-31 00:00:00", "2026-01-31 23:59:59")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "2026-01-31T12:00", "20260131"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        bounds(text)
