"""Why a symbol traded or not, now and then, and what kept the bot from trading over a day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.api.door import Door
from radtui.cli.failures import Exit, Failure
from radtui.cli.why import why
from radtui.core.market import SECOND
from radtui.core.why_day import GateCount, WhyDay
from radtui.core.why_view import GateView, WhyView
from radtui.engine.inquiries import NothingWeighed
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted

NO = GateView(gate="spread", value="1.20 %", limit="≤ 1.00 %", passed=False)
WHY = WhyView(
    symbol="XBTUSDTM", at=1, action="buy", confidence=0.9, reason="up", outcome="no entry: spread", gates=(NO,)
)
DAY = WhyDay(
    day="2026-01-31", signals=5, entries=1, refused=3, holds=1, gates=(GateCount(gate="spread", blocked=3, alone=2),)
)


class Ledger(Scripted):
    """An engine whose ledger knows one signal of a symbol, and one day."""

    asked: tuple[Any, ...] = ()

    @property
    def inquiries(self) -> Ledger:
        return self

    def why(self, symbol: str, at: int) -> Future[WhyView]:
        self.asked = (symbol, at)
        done: Future[WhyView] = Future()
        if symbol == WHY.symbol:
            done.set_result(msgspec.structs.replace(WHY, at=at))
        else:
            done.set_exception(NothingWeighed(f"the ledger knows no signal of {symbol} up to then"))
        return done

    def why_day(self, day: str) -> Future[WhyDay]:
        self.asked = (day,)
        done: Future[WhyDay] = Future()
        done.set_result(DAY if day else WhyDay(day="2026-02-01"))
        return done

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@pytest.fixture
def ledger(own_folders: Path) -> Iterator[Ledger]:
    handle = Ledger(why=(WHY,))
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


def test_the_last_signal_gate_by_gate(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert why("xbtusdtm") == Exit.DONE
    said = capsys.readouterr().out
    assert "no entry: spread" in said
    assert "NO      spread  1.20 %  ≤ 1.00 %" in said
    ledger.seen = msgspec.structs.replace(ledger.seen, why=(msgspec.structs.replace(WHY, gates=()),))
    why("XBTUSDTM")
    assert "no gate was asked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reason", "outcome"), [("nothing to do", "holds: nothing to do"), ("", "unusable signal: buy is nan")]
)
def test_a_reason_that_adds_nothing_is_not_repeated(
    ledger: Ledger, capsys: pytest.CaptureFixture[str], reason: str, outcome: str
) -> None:
    held = msgspec.structs.replace(WHY, action="hold", reason=reason, outcome=outcome, gates=())
    ledger.seen = msgspec.structs.replace(ledger.seen, why=(held,))
    why("XBTUSDTM")
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {outcome}", "no gate was asked"]


def test_what_came_of_it_at_a_moment(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert why("xbtusdtm", at="2026-01-31T12:00", as_json=True) == Exit.DONE
    assert ledger.asked == ("XBTUSDTM", 1_769_860_800 * SECOND)
    assert json.loads(capsys.readouterr().out)["at"] == 1_769_860_800 * SECOND
    with pytest.raises(Failure, match="knows no signal of ETHUSDTM") as failed:
        why("ETHUSDTM", at="2026-01-31")
    assert "`radtui why SYMBOL`" in failed.value.todo


def test_what_blocked_over_a_day(ledger: Ledger, capsys: pytest.CaptureFixture[str]) -> None:
    assert why(day="2026-01-31") == Exit.DONE
    said = capsys.readouterr().out
    assert "2026-01-31: 5 signals weighed, 1 entered, 3 refused, 1 held, 0 other" in said
    assert said.splitlines()[-1].split() == ["spread", "3", "2"]
    assert why() == why(day="today") == Exit.DONE
    assert ledger.asked == ("",)
    assert "2026-02-01: no signal was weighed" in capsys.readouterr().out


@pytest.mark.parametrize("symbol", ["ÄÖ", "²³", "", "a b", "../x", "x?y"])
def test_what_cannot_be_a_symbol_is_asked_of_nobody(own_folders: Path, symbol: str) -> None:
    with pytest.raises(Failure, match="is no symbol") as failed:
        why(symbol)
    assert failed.value.code == Exit.USAGE


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"at": "2026-01-31"}, "--at goes with a symbol"),
        ({"symbol": "XBTUSDTM", "day": "2026-01-31"}, "--day without one"),
        ({"day": "yesterday"}, "is no day"),
        ({"symbol": "XBTUSDTM", "at": "noon"}, "is no time"),
    ],
)
def test_what_does_not_go_together_is_asked_of_nobody(own_folders: Path, asked: dict[str, str], says: str) -> None:
    with pytest.raises(Failure, match=says) as failed:
        why(asked.pop("symbol", None), **asked)  # type: ignore[arg-type]
    assert failed.value.code == Exit.USAGE
