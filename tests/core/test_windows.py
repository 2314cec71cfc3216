"""When a bot may enter, and how often a day: over midnight, over weekdays, over both changes of the clocks."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.commands import Remember
from radtui.core.config import CoreConfig
from radtui.core.desk import Desk
from radtui.core.market import DAY, HOUR, MINUTE, SECOND
from radtui.core.windowing import Traded, Window
from radtui.core.windows import TradingWindow, changes_at, day_of, is_open, named, resets_at

WORKDAYS = (0, 1, 2, 3, 4)


def at(text: str, zone: str = "UTC", *, fold: int = 0) -> int:
    """Return a moment of a zone's clock, nanoseconds UTC."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return round(moment.timestamp()) * SECOND


def told(nanoseconds: int | None, zone: str = "UTC") -> str:
    assert nanoseconds is not None
    return f"{datetime.fromtimestamp(nanoseconds // SECOND, ZoneInfo(zone)):%a %d %H:%M}"


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (0, 24, set(range(24))),
        (9, 17, set(range(9, 17))),
        (0, 1, {0}),
        (23, 24, {23}),
        (22, 6, {22, 23, 0, 1, 2, 3, 4, 5}),
        (23, 0, {23}),
        (8, 8, set(range(24))),
    ],
)
def test_the_first_hour_is_in_and_the_last_is_not(start: int, end: int, hours: set[int]) -> None:
    window = Window(start=start, end=end)
    for hour in range(24):
        first = at(f"2026-03-04 {hour:02}:00")
        assert is_open(window, first) is (hour in hours)
        assert is_open(window, first + HOUR - 1) is (hour in hours)


def test_hours_are_those_of_the_zone() -> None:
    window = Window(start=9, end=17, zone="Asia/Kathmandu")  # UTC + 5:45
    assert not is_open(window, at("2026-01-05 03:14"))
    assert is_open(window, at("2026-01-05 03:15"))
    assert told(changes_at(window, at("2026-01-05 03:15")), "Asia/Kathmandu") == "Mon 05 17:00"


def test_only_on_its_weekdays() -> None:
    window = Window(start=9, end=17, weekdays=WORKDAYS)
    assert is_open(window, at("2026-01-09 16:59"))  # a Friday
    assert not is_open(window, at("2026-01-10 12:00"))
    assert told(changes_at(window, at("2026-01-09 17:00"))) == "Mon 12 09:00"


def test_a_night_belongs_to_the_weekday_on_which_it_began() -> None:
    friday_night = Window(start=22, end=6, weekdays=(4,))
    assert is_open(friday_night, at("2026-01-09 23:00"))
    assert is_open(friday_night, at("2026-01-10 05:59"))
    assert not is_open(friday_night, at("2026-01-10 06:00"))
    assert not is_open(friday_night, at("2026-01-09 05:00"))  # that was Thursday's
    assert told(changes_at(friday_night, at("2026-01-09 23:00"))) == "Sat 10 06:00"


def test_whole_days_change_at_midnight() -> None:
    window = Window(weekdays=WORKDAYS)
    assert told(changes_at(window, at("2026-01-07 12:00"))) == "Sat 10 00:00"
    assert told(changes_at(window, at("2026-01-10 12:00"))) == "Mon 12 00:00"
    assert changes_at(Window(), at("2026-01-07 12:00")) is None


def test_in_spring_an_hour_is_missing() -> None:
    zone = "Europe/Berlin"  # on the 29th 02:00 is 03:00
    window = Window(start=2, end=3, zone=zone)
    assert told(changes_at(window, at("2026-03-29 00:30", zone)), zone) == "Mon 30 02:00"
    day = Window(start=1, end=4, zone=zone)
    opened = at("2026-03-29 01:00", zone)
    closes = changes_at(day, opened)
    assert closes is not None
    assert (closes - opened) // HOUR == 2
    assert (resets_at(day, opened) - at("2026-03-29 00:00", zone)) // HOUR == 23


def test_in_autumn_an_hour_comes_twice_and_is_open_both_times() -> None:
    zone = "Europe/Berlin"  # on the 25th 03:00 is 02:00
    window = Window(start=2, end=3, zone=zone)
    first = at("2026-10-25 02:00", zone)
    second = at("2026-10-25 02:30", zone, fold=1)
    assert is_open(window, first)
    assert is_open(window, second)
    closes = changes_at(window, first)
    assert closes is not None
    assert (closes - first) // HOUR == 2
    assert (resets_at(window, first) - at("2026-10-25 00:00", zone)) // HOUR == 25


def test_a_midnight_that_the_clocks_leave_out_is_when_they_go_on() -> None:
    zone = "Africa/Cairo"  # on Friday, April 24th, 00:00 is 01:00
    assert told(resets_at(Window(zone=zone), at("2026-04-23 12:00", zone)), zone) == "Fri 24 01:00"


@given(
    start=st.integers(0, 23),
    length=st.integers(1, 24),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"]),
    minute=st.integers(0, 366 * 24 * 60),
)
def test_it_changes_when_it_says_and_not_before(
    start: int, length: int, weekdays: set[int], zone: str, minute: int
) -> None:
    window = Window(start=start, end=(start + length) % 24, zone=zone, weekdays=tuple(sorted(weekdays)))
    now = at("2026-01-01 00:00") + minute * MINUTE
    edge = changes_at(window, now)
    if edge is None:
        assert window.always
        return
    assert now < edge
    assert is_open(window, edge) is not is_open(window, now) is is_open(window, edge - SECOND)
    step = max((edge - now) // 50, MINUTE)
    assert all(is_open(window, moment) is is_open(window, now) for moment in range(now, edge, step))


def desk(window: Window, now: int) -> Desk:
    """Return a desk whose market clock stands at `now`."""
    made = Desk(CoreConfig(bot="a", boot=1, window=window))
    made.at = made.market_at = now
    return made


def test_the_budget_of_a_day_ends_entries_until_midnight() -> None:
    now = at("2026-01-05 12:00")
    trading = TradingWindow(shown := desk(Window(trades=5), now))
    for count in range(5):
        assert (trading.closed, trading.view().trades) == ("", count)
        assert all(gate.passed for gate in trading.gates())
        trading.entered()
    assert trading.closed == "5 of 5 trades of the day are made"
    within, budget = trading.gates()
    assert within.passed
    assert (budget.gate, budget.value, budget.limit, budget.passed) == ("trades a day", "5", "< 5", False)
    assert trading.view().used == 100.0
    shown.market_at = resets_at(Window(), now)
    assert trading.closed == ""
    assert trading.view().trades == 0


def test_the_day_is_the_zones_and_not_the_windows() -> None:
    night = Window(start=22, end=6, zone="America/New_York", trades=1)
    trading = TradingWindow(shown := desk(night, at("2026-01-05 23:59", night.zone)))
    trading.entered()
    assert trading.closed
    shown.market_at += MINUTE
    assert not trading.closed


def test_a_clock_that_goes_back_opens_no_day_again() -> None:
    trading = TradingWindow(shown := desk(Window(trades=1), at("2026-01-05 00:01")))
    trading.entered()
    shown.market_at -= 2 * MINUTE
    assert trading.closed
    trading.entered()
    assert trading.kept == Traded(day=day_of(Window(), at("2026-01-05 00:01")), count=2)


def test_each_entry_is_kept() -> None:
    trading = TradingWindow(shown := desk(Window(trades=2), DAY))
    trading.entered()
    assert shown.clear() == [Remember()]


def test_outside_it_says_when_it_is() -> None:
    trading = TradingWindow(desk(Window(start=9, end=17, weekdays=WORKDAYS), at("2026-01-10 12:30")))
    assert trading.closed == "outside the trading window (Mon–Fri 09–17 UTC)"
    (gate,) = trading.gates()
    assert (gate.gate, gate.value, gate.passed) == ("trading window", "Sat 12:30", False)
    assert not trading.view().open


def test_its_name_leaves_out_what_goes_without_saying() -> None:
    assert named(Window()) == "00–24 UTC"
    assert named(Window(weekdays=(5, 6), zone="Asia/Tokyo")) == "Sat+Sun 00–24 Asia/Tokyo"
