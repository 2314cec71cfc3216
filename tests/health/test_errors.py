from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.health_view import ErrorView
from radtui.core.market import DAY, SECOND
from radtui.health.errors import KEPT, ErrorLog

TODAY = 20_000 * DAY

occurrences = st.lists(
    st.tuples(
        st.sampled_from(["transient", "refused"]), st.sampled_from(["feed lost", "slow down"]), st.integers(0, 5)
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None)
@given(occurrences)
def test_each_occurrence_is_counted_and_no_error_is_shown_twice(happened: list[tuple[str, str, int]]) -> None:
    log = ErrorLog()
    for second, (kind, message, number) in enumerate(happened):
        log.record(kind, f"{message} after {number}.5 s", "feed", TODAY + second * SECOND)
    views = log.views()
    assert sum(view.count for view in views) == log.today(TODAY) == len(happened)
    assert len(views) == len({(kind, message) for kind, message, _ in happened})
    assert [view.at for view in views] == sorted((view.at for view in views), reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 250))
def test_the_last_hundred_are_kept(many: int) -> None:
    log = ErrorLog()
    for ordinal in range(many):
        log.record("kind" + "x" * ordinal, "message", "where", TODAY + ordinal)
    views = log.views()
    assert len(views) == min(many, KEPT)
    assert [view.at - TODAY for view in views] == list(range(many - 1, max(-1, many - 1 - KEPT), -1))
    assert log.today(TODAY) == many


def test_a_repeat_keeps_its_newest_words_and_its_first_time() -> None:
    log = ErrorLog()
    log.record("rate limited", "wait 1,200 ms", "orders.place", TODAY, "warning")
    log.record("rate limited", "wait 30.5 ms", "orders.place", TODAY + 9)
    assert log.views() == (
        ErrorView(
            at=TODAY + 9,
            first_at=TODAY,
            kind="rate limited",
            message="wait 30.5 ms",
            where="orders.place",
            count=2,
            severity="error",
        ),
    )


def test_another_place_is_another_error() -> None:
    log = ErrorLog()
    log.record("transient", "no answer", "candles", TODAY)
    log.record("transient", "no answer", "orders.place", TODAY)
    assert [view.count for view in log.views()] == [1, 1]


def test_an_error_that_comes_again_outlives_those_that_do_not() -> None:
    log = ErrorLog()
    log.record("often", "again", "here", TODAY)
    for ordinal in range(KEPT - 1):
        log.record("once" + "x" * ordinal, "m", "w", TODAY)
    log.record("often", "again", "here", TODAY + 1)
    log.record("new", "m", "w", TODAY + 2)
    views = log.views()
    assert (views[1].kind, views[1].count) == ("often", 2)
    assert "once" not in {view.kind for view in views}


def test_today_begins_at_midnight_utc() -> None:
    log = ErrorLog()
    log.record("transient", "m", "w", TODAY - 1)
    assert (log.today(TODAY - 1), log.today(TODAY)) == (1, 0)
    log.record("transient", "m", "w", TODAY)
    log.record("transient", "late news of yesterday", "w", TODAY - 1)
    assert log.today(TODAY + DAY - 1) == 1


def test_what_a_journal_kept_counts_for_its_day_and_goes_on_counting() -> None:
    log = ErrorLog()
    old = ErrorView(at=TODAY, first_at=TODAY - DAY, kind="transient", message="no answer 1", where="candles", count=9)
    new = ErrorView(at=TODAY + 1, first_at=TODAY, kind="refused", message="no", where="orders", count=3)
    log.restore([old, new])
    log.record("transient", "no answer 2", "candles", TODAY + 2)
    assert log.today(TODAY) == 1 + 3 + 1
    assert [(view.kind, view.count, view.first_at) for view in log.views()] == [
        ("transient", 10, TODAY - DAY),
        ("refused", 3, TODAY),
    ]
