"""The figures of a connection and its score, by the formula of the requirements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import HOUR, SECOND
from radtui.exchange.kucoin.feed.figures import FAILURES, Figures, score


@pytest.mark.parametrize(
    ("errors", "reconnects", "latency", "expected"),
    [
        (0.0, 0, None, 100.0),
        (0.0, 0, 1.0, 100.0),
        (0.0, 0, 1.001, 80.0),
        (0.1, 0, 0.1, 95.0),
        (0.0, 2, 0.1, 80.0),
        (0.0, 3, 0.1, 70.0),
        (0.0, 50, 0.1, 70.0),
        (1.0, 50, 5.0, 0.0),
    ],
)
def test_the_score_is_the_formula(errors: float, reconnects: int, latency: float | None, expected: float) -> None:
    assert score(errors, reconnects, latency) == expected


@given(st.floats(0, 1), st.integers(0, 10**6), st.none() | st.floats(0, 1e6))
def test_the_score_stays_within_its_scale(errors: float, reconnects: int, latency: float | None) -> None:
    assert 0 <= score(errors, reconnects, latency) <= 100


def test_rate_and_errors_are_of_the_last_minute() -> None:
    figures = Figures()
    figures.opened(0)
    figures.frames, figures.errors = 1_000, 500
    for second in range(0, 181, 18):
        figures.ponged(second * SECOND, SECOND // 100)
    figures.frames += 144
    figures.errors += 18
    rate, errors = figures.rates(180 * SECOND)
    assert rate == 144 / 72
    assert errors == 18 / 144
    view = figures.view("public 1", "open", 3, 180 * SECOND)
    assert (view.age, view.latency, view.error_rate) == (180.0, 0.01, 0.125)
    assert view.score == 100 - 50 * 0.125


def test_three_failures_in_a_row_are_unhealthy_and_a_pong_is_the_cure() -> None:
    figures = Figures()
    for number in range(FAILURES):
        assert figures.healthy
        figures.failed(number, "cut")
    assert not figures.healthy
    figures.opened(10)
    assert not figures.healthy
    figures.ponged(20, 5)
    assert figures.healthy
    assert figures.view("x", "open", 0, 20).why == "cut"


def test_reconnects_are_forgotten_after_an_hour() -> None:
    figures = Figures()
    for number in range(100):
        figures.failed(number * SECOND, "cut")
    assert figures.reconnects(100 * SECOND) == 64, "as many as are remembered"
    assert figures.reconnects(99 * SECOND + HOUR) == 0


def test_a_planned_renewal_is_nobodys_failure() -> None:
    figures = Figures()
    figures.opened(0)
    figures.renewed(5, "old")
    view = figures.view("x", "connecting", 0, 9)
    assert (view.failures, view.reconnects, view.age, view.quiet) == (0, 0, None, None)


def test_a_connection_that_never_was_has_figures_too() -> None:
    view = Figures().view("x", "connecting", 0, 0)
    assert (view.rate, view.error_rate, view.score, view.healthy) == (0.0, 0.0, 100.0, True)
