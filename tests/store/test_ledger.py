"""What came of every signal is found again, also while the journal is written, and only so much of it is kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from radtui.core.facts import CycleEnded, Envelope, Evaluated
from radtui.core.why_view import GateView, WhyView
from radtui.store import writing
from radtui.store.ledger import weighed_at, weighed_between
from radtui.store.memory import MemoryJournal
from radtui.store.port import Journal, JournalFailed
from radtui.store.writer import SqlJournal

Said = Callable[..., Envelope]
Written = Callable[[SqlJournal], None]
GATE = GateView(gate="size", value="0 lots", limit="≥ 1 lot", passed=False)


def weighed(at: int, symbol: str = "XBTUSDTM", outcome: str = "no entry: size") -> Evaluated:
    return Evaluated(
        WhyView(symbol=symbol, at=at, action="buy", confidence=0.7, reason="up", outcome=outcome, gates=(GATE,))
    )


def story(said: Said) -> list[Envelope]:
    facts = [weighed(10), weighed(10, "ETHUSDTM"), CycleEnded(1, True, 0.1), weighed(20, outcome="enters"), weighed(30)]
    return [said(number, fact) for number, fact in enumerate(facts, 1)]


async def found(journal: Journal) -> tuple[list[WhyView | None], list[int]]:
    """Return what is known at some moments, and when something came of a signal in a span."""
    then = [await journal.weighed_at("XBTUSDTM", at) for at in (9, 10, 19, 20, 1000)]
    return then, [why.at for why in await journal.weighed_between(10, 30)]


def test_both_journals_find_what_came_of_a_signal_then(journal: SqlJournal, said: Said, written: Written) -> None:
    async def inline() -> tuple[list[WhyView | None], list[int]]:
        twin = MemoryJournal()
        twin.keep(story(said))
        await twin.durable()
        return await found(twin)

    journal.keep(story(said))
    written(journal)
    then, between = asyncio.run(found(journal))
    assert [why and (why.at, why.outcome) for why in then] == [
        None, (10, "no entry: size"), (10, "no entry: size"), (20, "enters"), (30, "no entry: size"),
    ]  # fmt: skip
    assert between == [10, 10, 20]
    assert then[1] is not None
    assert then[1].gates == (GATE,)
    assert asyncio.run(inline()) == (then, between)


def test_the_file_is_read_without_its_engine(journal: SqlJournal, file: Path, said: Said, written: Written) -> None:
    journal.keep(story(said))
    written(journal)
    assert weighed_at(file, "ETHUSDTM", 99) is not None
    assert weighed_at(file, "XBTUSDTM' OR 1=1 --", 99) is None
    assert len(weighed_between(file, 0, 99)) == 4
    journal.close(clean=True)
    assert weighed_at(file, "NIX", 99) is None


def test_a_file_that_cannot_be_read_is_said(journal: SqlJournal, file: Path, tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error):
        weighed_at(tmp_path / "none.db", "XBTUSDTM", 1)
    journal.close(clean=True)
    for part in file.parent.iterdir():
        part.unlink()
    with pytest.raises(JournalFailed, match="cannot be read now"):
        asyncio.run(journal.weighed_at("XBTUSDTM", 1))


def test_only_so_many_are_kept(
    journal: SqlJournal, file: Path, said: Said, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "EVALUATIONS_KEPT", 5)
    monkeypatch.setattr(writing, "_LOOK_EVERY", 10)
    for number in range(1, 25):
        journal.keep([said(number, weighed(number))])
    journal.keep([said(25, CycleEnded(1, True, 0.1))])
    written(journal)
    kept = [why.at for why in weighed_between(file, 0, 99)]
    assert kept[-5:] == [20, 21, 22, 23, 24]
    assert len(kept) <= 14
