from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.cycles import CycleMetrics, retry_after
from radtui.core.market import SECOND

CYCLES = st.lists(st.tuples(st.floats(0, 300), st.booleans()), max_size=40)


def after_all(cycles: list[tuple[float, bool]]) -> CycleMetrics:
    figures = CycleMetrics()
    for at, (seconds, ok) in enumerate(cycles, 1):
        figures = figures.after(seconds, at, ok=ok)
    return figures


@given(CYCLES)
def test_the_figures_are_those_of_the_cycles(cycles: list[tuple[float, bool]]) -> None:
    figures = after_all(cycles)
    good = [seconds for seconds, ok in cycles if ok]
    assert (figures.total, figures.ok, figures.failed) == (len(cycles), len(good), len(cycles) - len(good))
    assert figures.success_rate == (round(len(good) / len(cycles) * 100, 2) if cycles else 0.0)
    assert figures.average == (pytest.approx(sum(good) / len(good)) if good else None)
    assert figures.last_seconds == (cycles[-1][0] if cycles else None)
    assert figures.last_at == max((at for at, (_, ok) in enumerate(cycles, 1) if ok), default=None)


def test_eleven_of_twelve_is_91_67_and_none_is_0() -> None:
    assert after_all([(1.0, True)] * 11 + [(1.0, False)]).success_rate == 91.67
    assert CycleMetrics().success_rate == 0.0
    assert CycleMetrics().average is None


@given(st.integers(1, 10_000), st.integers(1, 600), st.integers(1, 3600), st.floats(-1, 1))
def test_a_retry_waits_for_the_doubled_delay_within_its_jitter(
    failures: int, base: int, interval: int, jitter: float
) -> None:
    plain = min(base * SECOND << min(failures - 1, 62), interval * SECOND)
    wait = retry_after(failures, base * SECOND, interval * SECOND, jitter)
    assert plain * 3 // 4 <= wait <= plain * 5 // 4
    assert wait >= SECOND // 10


def test_a_retry_in_production_and_in_development() -> None:
    production = [retry_after(n, 60 * SECOND, 300 * SECOND, 0.0) // SECOND for n in range(1, 6)]
    assert production == [60, 120, 240, 300, 300]
    development = [retry_after(n, 10 * SECOND, 60 * SECOND, 0.0) // SECOND for n in range(1, 6)]
    assert development == [10, 20, 40, 60, 60]
    assert retry_after(1, 0, 300 * SECOND, 0.0) == SECOND // 10
