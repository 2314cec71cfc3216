"""Quiet hours on somebody's wall: over midnight, over a change of summer time, and never without an end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.alert_view import Severity
from radtui.core.market import DAY, SECOND
from radtui.health.alerts.quiet import Quiet


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp()) * SECOND


def ends(quiet: Quiet, text: str) -> str | None:
    until = quiet.until(at(text))
    return None if until is None else f"{datetime.fromtimestamp(until // SECOND, UTC):%Y-%m-%dT%H:%M}"


NIGHT = Quiet(22 * 60, 7 * 60)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-01-10T21:59:59+00:00", None),
        ("2026-01-10T22:00:00+00:00", "2026-01-11T07:00"),
        ("2026-01-11T00:00:00+00:00", "2026-01-11T07:00"),
        ("2026-01-11T06:59:59+00:00", "2026-01-11T07:00"),
        ("2026-01-11T07:00:00+00:00", None),
    ],
)
def test_they_may_lie_on_both_sides_of_midnight(moment: str, end: str | None) -> None:
    assert ends(NIGHT, moment) == end


def test_they_are_of_somebodys_own_wall() -> None:
    berlin = Quiet(22 * 60, 7 * 60, "Europe/Berlin")
    assert ends(berlin, "2026-01-10T20:59:00+00:00") is None
    assert ends(berlin, "2026-01-10T21:00:00+00:00") == "2026-01-11T06:00"
    assert ends(berlin, "2026-07-10T20:00:00+00:00") == "2026-07-11T05:00"


def test_a_change_of_summer_time_moves_their_end() -> None:
    berlin = Quiet(22 * 60, 7 * 60, "Europe/Berlin")
    assert ends(berlin, "2026-03-28T23:00:00+00:00") == "2026-03-29T05:00", "the night is an hour shorter"
    assert ends(berlin, "2026-10-24T23:00:00+00:00") == "2026-10-25T06:00", "and an hour longer"


def test_equal_ends_are_no_quiet_hours() -> None:
    assert Quiet(60, 60).until(at("2026-01-10T01:00:00+00:00")) is None


def test_what_must_wake_somebody_passes() -> None:
    moment = at("2026-01-10T23:00:00+00:00")
    assert [each for each in Severity if NIGHT.holds(each, moment)] == [Severity.WARNING, Severity.ERROR]
    assert not NIGHT.holds(Severity.WARNING, at("2026-01-10T12:00:00+00:00"))


ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]


@given(st.integers(0, 1439), st.integers(0, 1439), st.sampled_from(ZONES), st.integers(1_600_000_000, 1_900_000_000))
def test_they_always_end_within_a_day_or_so_and_then_they_are_over(
    begin: int, end: int, zone: str, second: int
) -> None:
    quiet, moment = Quiet(begin, end, zone), second * SECOND
    until = quiet.until(moment)
    assert until is None or moment < until <= moment + DAY + 3600 * SECOND
