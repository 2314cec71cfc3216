"""What comparing with the exchange found, read from a journal that nobody writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.core.facts import AnyFact, Envelope, Found, MetricsReset, Reconciled
from radtui.core.recovery_report import RecoveryReport
from radtui.store.faults import BackupRefused
from radtui.store.findings import findings
from radtui.store.writer import SqlJournal


def test_the_latest_recovery_and_the_differences_in_their_order(tmp_path: Path) -> None:
    def report(fills: int) -> Reconciled:
        return Reconciled(RecoveryReport(began_at=1, ended_at=2, last_run="shut down", fills=fills))

    facts: tuple[AnyFact, ...] = (
        report(1),
        Found("XBTUSDTM", "more", "adopted"),
        MetricsReset("x"),
        report(2),
        Found("ETHUSDTM", "less", "closed"),
    )
    journal = SqlJournal(tmp_path / "a.db")
    journal.keep([Envelope(sequence=n, bot="a", at=n, who="core", fact=fact) for n, fact in enumerate(facts, 1)])
    journal.close(clean=True)
    assert [each.sequence for each in findings(tmp_path / "a.db")] == [2, 4, 5]


def test_a_journal_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused):
        findings(tmp_path / "none.db")
    (tmp_path / "odd.db").write_bytes(b"x" * 5000)
    with pytest.raises(BackupRefused):
        findings(tmp_path / "odd.db")
