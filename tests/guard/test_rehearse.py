"""A rehearsal tries everything and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radtui.core.guarding import Phase
from radtui.guard.account import NewOrder, Shown
from radtui.guard.client import Away, Failure, Refused
from radtui.guard.journal import Memory, MemoryFile
from radtui.guard.rehearse import Finding, guessed, rehearse
from tests.guard.makers import Account, beat, config, cover, holding, order, stop

LEFT = Shown(
    orders=(order(), order("web-1")), stops=(stop("t-b-2", "ETHUSDTM"),),
    holdings=(holding(), holding("ETHUSDTM"), holding("XRPUSDTM")),
)  # fmt: skip


class Trial(Account):
    """An account that may refuse to check an order."""

    refuses: Failure | None = None

    def try_out(self, order: NewOrder) -> None:
        if self.refuses:
            raise self.refuses


Rehearsed = Callable[..., list[Finding]]


@pytest.fixture
def rehearsed(tmp_path: Path) -> Rehearsed:
    def run(account: Account, memory: Memory | None = None, **other: Any) -> list[Finding]:
        told = config(tmp_path, **other)
        if memory:
            MemoryFile(Path(told.memory)).keep(memory)
        before = account.shown
        found = list(rehearse(told, account))
        assert account.shown is before
        assert set(account.calls) <= {"read"}
        return found

    return run


def of(found: list[Finding], what: str) -> list[str]:
    return [each.said for each in found if each.what == what]


def test_it_says_what_it_would_do_by_what_the_engine_told_last(rehearsed: Rehearsed) -> None:
    memory = Memory(phase=Phase.WATCHING, beat=beat(cover(), cover("ETHUSDTM")))
    found = rehearsed(Trial(LEFT), memory)
    assert of(found, "would") == [
        "cancel t-b-1 (buy 5 XBTUSDTM): it could open a position",
        "place a stop at 90 for long 5 XBTUSDTM",
    ]
    assert of(found, "verified") == ["long 5 ETHUSDTM has its stop"]
    assert of(found, "not ours") == ["long 5 XRPUSDTM would be left alone"]
    assert of(found, "account") == ["3 positions, 3 orders and stops, 2 of them t's"]
    assert all(each.ok and each.safe for each in found)


def test_before_any_flight_it_goes_by_our_own_stops(rehearsed: Rehearsed) -> None:
    found = rehearsed(Trial(LEFT), flatten=True)
    assert of(found, "would")[1:] == ["close long 5 ETHUSDTM at the market"]
    assert [each.symbol for each in guessed(LEFT, "t").covers] == ["ETHUSDTM"]


def test_a_bare_position_needs_a_person(rehearsed: Rehearsed) -> None:
    memory = Memory(phase=Phase.WATCHING, beat=beat(cover(stop=None)))
    found = rehearsed(Trial(Shown(holdings=(holding(),))), memory)
    assert of(found, "bare") == ["long 5 XBTUSDTM has no stop, and none is planned"]
    assert not all(each.safe for each in found)
    assert of(found, "would") == ["change nothing"]


def test_an_account_in_order_needs_nothing(rehearsed: Rehearsed) -> None:
    assert of(rehearsed(Trial(Shown())), "would") == ["change nothing: all is as it should be"]


def test_an_exchange_that_is_away_ends_it(rehearsed: Rehearsed) -> None:
    found = rehearsed(Trial(LEFT, lambda: "away"))
    assert (found[-1].what, found[-1].ok) == ("exchange", False)


@pytest.mark.parametrize(
    ("refusal", "ok"),
    [(Refused("400007 lacks Futures", "400007"), False), (Refused("300009", "300009"), True), (Away("429"), False)],
)
def test_a_key_that_may_not_trade_is_found(rehearsed: Rehearsed, refusal: Failure, ok: bool) -> None:
    account = Trial(LEFT)
    account.refuses = refusal
    assert [each.ok for each in rehearsed(account) if each.what == "key"] == [ok]


def test_folders_that_cannot_be_written_are_found(rehearsed: Rehearsed, tmp_path: Path) -> None:
    found = rehearsed(Trial(LEFT), socket=str(tmp_path / "no" / "s"), record=str(tmp_path / "no" / "r.jsonl"))
    assert [each.ok for each in found if each.what in {"socket", "record"}] == [False, False]


def test_a_rehearsal_leaves_nothing_behind(rehearsed: Rehearsed, tmp_path: Path) -> None:
    rehearsed(Trial(LEFT))
    assert list(tmp_path.iterdir()) == []
