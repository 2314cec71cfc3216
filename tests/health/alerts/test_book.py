"""The book: one alert a subject, whatever flickers; told once in a cooldown; never forgotten, never without bound."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.alert_view import AlertView, Phase, Severity
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.health.alerts.book import KEPT, MOST_OPEN, Book, NoSuchAlert
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.quiet import Quiet
from tests.health.alerts.makers import NOW, judged, rule

BARE, SLOW = rule("position-bare", Severity.ALARM, recovered=True), rule("slow-cycles", Severity.WARNING)


def firing(policy: Policy | None = None) -> Book:
    book = Book(policy or Policy())
    book.look([judged(BARE)], NOW, recovered=True)
    return book


def look(book: Book, minutes: float, *found: object, recovered: bool = True) -> list[AlertView]:
    at = NOW + round(minutes * MINUTE)
    book.look(found, at, recovered=recovered)  # type: ignore[arg-type]
    return book.due(at)


def test_what_persists_fires_only_after_a_while() -> None:
    book, patient = Book(Policy()), judged(rule("exchange-calls", persists=10.0))
    book.look([patient], NOW, recovered=True)
    book.look([patient], NOW + 10 * SECOND - 1, recovered=True)
    assert book.open == ()
    book.look([patient], NOW + 10 * SECOND, recovered=True)
    assert len(book.open) == 1


def test_what_went_away_meanwhile_waits_anew() -> None:
    book, patient = Book(Policy()), judged(rule("exchange-calls", persists=10.0))
    book.look([patient], NOW, recovered=True)
    book.look([], NOW + 5 * SECOND, recovered=True)
    book.look([patient], NOW + 9 * SECOND, recovered=True)
    book.look([patient], NOW + 12 * SECOND, recovered=True)
    assert book.open == ()


def test_the_cooldown_is_of_the_subject_alone() -> None:
    book = firing()
    assert len(book.due(NOW)) == 1
    assert [each.subject for each in look(book, 1, judged(BARE), judged(BARE, "Y"))] == ["Y"]
    assert [each.rule for each in look(book, 2, judged(BARE), judged(BARE, "Y"), judged(SLOW))] == ["slow-cycles"]


def test_one_that_flickers_is_one_alert_told_once_in_a_cooldown() -> None:
    book = firing()
    told = book.due(NOW)
    for minute in range(2, 12, 4):
        told += look(book, minute) + look(book, minute + 2, judged(BARE))
    assert len(told) == 1
    assert [(each.id, each.times) for each in book.open] == [("1", 4)]


def test_one_that_came_back_and_stays_is_told_again_after_its_cooldown() -> None:
    book = firing()
    book.due(NOW)
    assert look(book, 2) == []
    assert look(book, 4, judged(BARE)) == []
    assert look(book, 14.9, judged(BARE)) == []
    assert [each.times for each in look(book, 15, judged(BARE))] == [2]


def test_nobody_is_told_that_it_is_over_while_it_may_come_back_unsaid() -> None:
    book = firing()
    book.due(NOW)
    assert look(book, 2) == []
    assert look(book, 14.9) == []
    assert [each.phase for each in look(book, 15)] == [Phase.RESOLVED]
    assert look(book, 16) == []


def test_after_the_cooldown_it_is_a_new_alert() -> None:
    book = firing()
    book.due(NOW)
    look(book, 2)
    assert [each.id for each in look(book, 16, judged(BARE)) if each.open] == ["2"]
    assert [each.id for each in book.history] == ["1"]


def test_it_is_over_only_after_a_calm_minute() -> None:
    book = firing()
    book.look([], NOW + MINUTE - 1, recovered=True)
    assert len(book.open) == 1
    book.look([], NOW + MINUTE, recovered=True)
    assert not book.open


def test_what_nobody_acknowledged_is_told_again() -> None:
    book = firing()
    book.due(NOW)
    assert look(book, 59.9, judged(BARE)) == []
    assert len(look(book, 60, judged(BARE))) == 1
    assert look(book, 61, judged(BARE)) == []
    never = firing(Policy(repeat=0))
    never.due(NOW)
    assert look(never, 6000, judged(BARE)) == []


def test_an_acknowledged_one_that_comes_back_soon_stays_acknowledged() -> None:
    book = firing()
    book.due(NOW)
    book.acknowledge("1", "key:alice", NOW)
    look(book, 2)
    assert look(book, 4, judged(BARE)) == []
    assert [each.phase for each in book.open] == [Phase.ACKNOWLEDGED]


def test_one_that_gets_worse_wants_to_be_seen_again() -> None:
    book = Book(Policy())
    look(book, 0, judged(BARE, severity=Severity.WARNING))
    book.acknowledge("", "key:alice", NOW)
    [told] = look(book, 1, judged(BARE, severity=Severity.ALARM))
    assert (told.severity, told.phase, told.by) == (Severity.ALARM, Phase.FIRING, "")


def test_all_are_acknowledged_at_once_and_each_once() -> None:
    book = Book(Policy())
    look(book, 0, judged(BARE), judged(SLOW))
    assert {each.rule for each in book.acknowledge("", "cli:bob", NOW)} == {"position-bare", "slow-cycles"}
    assert book.acknowledge("", "cli:bob", NOW) == []
    assert book.acknowledge("1", "cli:eve", NOW) == []
    assert {each.by for each in book.open} == {"cli:bob"}


def test_an_unknown_id_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NoSuchAlert, match="no open alert has the id 7; open are: 1"):
        firing().acknowledge("7", "key:alice", NOW)
    with pytest.raises(NoSuchAlert, match="open are: none"):
        Book(Policy()).acknowledge("1", "key:alice", NOW)


def test_the_worst_and_then_the_newest_stand_first() -> None:
    book = Book(Policy())
    look(book, 0, judged(SLOW), judged(BARE, "X"))
    look(book, 1, judged(SLOW), judged(BARE, "X"), judged(BARE, "Y"))
    assert [each.subject for each in book.open] == ["Y", "X", "X"]
    assert book.open[-1].rule == "slow-cycles"


def test_a_muted_rule_never_fires_and_ends_where_it_did() -> None:
    book = firing()
    muted = Book(Policy(muted=("position-bare",)), book.open, NOW)
    look(muted, 2, judged(BARE))
    assert muted.open == ()


def test_what_is_below_the_least_severity_is_kept_and_not_sent() -> None:
    book = Book(Policy(least=Severity.ERROR))
    assert look(book, 0, judged(SLOW)) == []
    assert len(book.open) == 1


def test_quiet_hours_hold_it_until_they_end_where_it_still_fires() -> None:
    begin = (NOW // MINUTE) % 1440
    book = Book(Policy(quiet=Quiet(begin, begin + 60)))
    assert [each.rule for each in look(book, 0, judged(SLOW), judged(BARE))] == ["position-bare"]
    assert look(book, 59, judged(SLOW), judged(BARE)) == []
    assert [each.rule for each in look(book, 60, judged(SLOW), judged(BARE))] == ["position-bare", "slow-cycles"]


def test_what_came_and_went_in_quiet_hours_is_told_of_never_but_is_in_the_history() -> None:
    begin = (NOW // MINUTE) % 1440
    book = Book(Policy(quiet=Quiet(begin, begin + 60)))
    look(book, 0, judged(SLOW))
    look(book, 5)
    assert look(book, 90) == []
    assert [each.sent_at for each in book.history] == [None]


def test_before_recovery_what_needs_it_is_not_over() -> None:
    book = firing()
    look(book, 5, recovered=False)
    assert len(book.open) == 1
    look(book, 5)
    assert not book.open


def test_what_does_not_need_it_is_over_before_recovery_too() -> None:
    book = Book(Policy())
    look(book, 0, judged(SLOW))
    look(book, 5, recovered=False)
    assert book.open == ()


def test_a_restart_goes_on_with_the_same_alert_and_tells_nothing_twice() -> None:
    book = firing()
    book.due(NOW)
    book.acknowledge("1", "key:alice", NOW)
    again = Book(Policy(), book.changes(), NOW + HOUR)
    assert look(again, 60, recovered=True) == [], "what was found is not over before this run has looked for a while"
    assert [(each.id, each.by) for each in again.open] == [("1", "key:alice")]
    assert look(again, 60.5, judged(BARE), judged(SLOW))[0].id == "2", "no id is given twice"


def test_only_changes_are_kept_not_every_look() -> None:
    book = firing()
    book.due(NOW)
    assert [each.id for each in book.changes()] == ["1"]
    for minute in range(1, 10):
        look(book, minute, judged(BARE, text=f"bare for {minute} minutes"))
    assert book.changes() == []
    assert book.open[0].text == "bare for 9 minutes"


def test_neither_open_nor_over_grow_without_bound() -> None:
    book = Book(Policy())
    many = [judged(BARE, f"S{number}") for number in range(MOST_OPEN + 50)]
    book.look(many, NOW, recovered=True)
    assert len(book.open) == MOST_OPEN
    for hour in range(3):
        book.look(many, NOW + hour * HOUR, recovered=True)
        book.look([], NOW + hour * HOUR + 10 * MINUTE, recovered=True)
    assert len(book.history) == KEPT
    assert len({each.id for each in book.history}) == KEPT


def test_an_id_that_is_no_number_is_borne() -> None:
    strange = msgspec.structs.replace(firing().open[0], id="x")
    book = Book(Policy(), [strange], NOW)
    look(book, 0.5, judged(SLOW))
    assert {each.id for each in book.open} == {"x", "1"}


@given(st.lists(st.tuples(st.integers(1, 20 * 60), st.booleans(), st.booleans()), max_size=60))
@settings(deadline=None, max_examples=200)
def test_however_it_flickers_it_is_told_at_most_once_in_a_cooldown_and_the_last_word_is_true(
    steps: list[tuple[int, bool, bool]],
) -> None:
    policy = Policy()
    book, at, fired, word = Book(policy), NOW, [], False
    for seconds, true, seen in steps:
        at += seconds * SECOND
        book.look([judged(BARE)] * true, at, recovered=True)
        if seen:
            book.acknowledge("", "key:alice", at)
        for told in book.due(at):
            word = told.open
            if told.open:
                fired.append(at)
        book = Book(policy, [*reversed(book.history), *book.open], at) if seconds % 7 == 0 else book
    assert all(later - earlier >= policy.cooldown for earlier, later in pairwise(fired))
    book.look([], at + HOUR, recovered=True)
    book.look([], at + 2 * HOUR, recovered=True)
    word = next((told.open for told in book.due(at + 2 * HOUR)), word)
    assert not word, "whoever was told that it fires was told that it is over"
    assert book.open == ()
