from __future__ import annotations

from itertools import pairwise

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from radtui.core.facts import CycleEnded, Envelope, MetricsReset, Receipted, Trouble
from radtui.core.instruction import Ask, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.bulletin import KEPT, Bulletin
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.store.memory import MemoryJournal
from tests.engine.flights import Flight, fly


def bulletin(sequence: int = 0) -> Bulletin:
    clock = SystemClock()
    return Bulletin("t", clock, MemoryJournal(), HealthMonitor(clock), sequence)


def receipt(number: int) -> Receipted:
    return Receipted(Receipt(id=f"i{number}", ask=Ask.START, success=True, message="", status="running", at=0))


@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(-5, 70))
def test_sequences_go_on_by_one_and_after_returns_just_the_newer_ones(first: int, count: int, after: int) -> None:
    board = bulletin(first)
    said = [board.publish(MetricsReset(str(number)), "test") for number in range(count)]
    assert [envelope.sequence for envelope in said] == list(range(first + 1, first + count + 1))
    assert board.after(first + after) == said[max(0, after) :]


def test_only_the_latest_are_kept_and_a_gap_shows() -> None:
    board = bulletin()
    for number in range(KEPT + 5):
        board.publish(MetricsReset(str(number)), "test")
    kept = board.after(0)
    assert (len(kept), kept[0].sequence) == (KEPT, 6)


def test_an_observer_that_raises_harms_nobody_and_is_recorded() -> None:
    board, heard = bulletin(), list[Envelope]()
    clock = SystemClock()
    health = HealthMonitor(clock)
    board = Bulletin("t", clock, MemoryJournal(), health, 0)

    def broken(envelope: Envelope) -> None:
        raise ValueError("observer's own")

    board.watch(broken)
    board.watch(heard.append)
    board.publish(MetricsReset("x"), "test")
    assert len(heard) == 1
    (error,) = health.error_views()
    assert (error.kind, error.message) == ("observer", "ValueError: observer's own")


def test_observers_may_read_the_status_and_speak_inside_the_callback() -> None:
    seen: list[tuple[int, Snapshot]] = []

    async def scenario(flight: Flight) -> list[int]:
        flight.engine.bulletin.watch(lambda envelope: seen.append((envelope.sequence, flight.engine.snapshot())))
        await flight.ready()
        await flight.hold()
        return [envelope.sequence for envelope in flight.engine.bulletin.after(0)]

    sequences = fly(scenario)
    assert len(seen) > 10
    assert all(later - sooner == 1 for sooner, later in pairwise(sequences))
    assert all(snapshot.sequence >= sequence for sequence, snapshot in seen)
    assert {str(snapshot.status.state) for _, snapshot in seen} >= {"starting", "running"}


def test_receipts_are_found_by_id_and_bounded() -> None:
    board = bulletin()
    for number in range(250):
        board.publish(receipt(number), "test")
    assert "i249" in board.receipts
    assert "i0" not in board.receipts
    assert len(board.receipts) == 200


@pytest.mark.parametrize(("severity", "level"), [("warning", "warning"), ("error", "error"), ("alarm", "critical")])
def test_trouble_is_recorded_and_logged_at_its_severity(severity: str, level: str) -> None:
    structlog.reset_defaults()
    clock = SystemClock()
    health = HealthMonitor(clock)
    board = Bulletin("t", clock, MemoryJournal(), health, 0)
    with capture_logs() as logs:
        board.publish(Trouble("journal", "the disk is full", "journal", severity), "engine")
        board.publish(CycleEnded(1, True, 0.5), "core")
    assert [(log["log_level"], log["event"]) for log in logs] == [(level, "trouble"), ("info", "cycle")]
    assert health.error_views()[0].severity == severity
