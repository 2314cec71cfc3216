"""Who answers, who fails, how long it is ago."""

from __future__ import annotations

from radtui.engine.minds import Rehearsal
from radtui.engine.track_record import TrackRecord


def test_faults_in_a_row_are_counted_a_symbol_each_and_end_with_an_answer() -> None:
    record = TrackRecord(60.0)
    for symbol, fault in (("A", "x"), ("B", ""), ("A", "y"), ("B", "z"), ("A", "w")):
        record.judged(symbol, fault, 7)
    seen = record.view(0, "")
    assert [(each.symbol, each.in_a_row, each.why) for each in seen.failing] == [("A", 3, "w"), ("B", 1, "z")]
    assert (seen.answers, seen.faults, seen.answered_at, seen.every) == (1, 4, 7, 60.0)
    record.judged("A", "", 9)
    assert [each.symbol for each in record.view(0, "").failing] == ["B"]
    assert record.view(0, "").answered_at == 9


def test_history_counts_and_is_no_answer_to_a_candle_that_closed() -> None:
    record = TrackRecord(60.0)
    record.begin(5)
    record.rehearsed(Rehearsal("A", answers=4, faults=3, in_a_row=2, fault="x"))
    seen = record.view(0, "")
    assert (seen.answers, seen.faults, seen.answered_at, seen.since) == (4, 3, None, 5)
    assert [(each.symbol, each.in_a_row) for each in seen.failing] == [("A", 2)]
    record.judged("A", "y", 6)
    assert record.view(0, "").failing[0].in_a_row == 3


def test_made_anew_none_fails_any_more() -> None:
    record = TrackRecord(60.0)
    record.overdue("A", "it does not return")
    record.begin(5)
    assert record.view(12, "A").failing == ()
    assert (record.view(12, "A").hangs, record.view(12, "A").hanging) == (12, "A")
