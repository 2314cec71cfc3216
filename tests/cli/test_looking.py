"""What is listed on a terminal: what needs an eye stands out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from radtui.api.door import Door
from radtui.api.socket import listen
from radtui.cli import engines
from radtui.cli.failures import Exit, Failure
from radtui.cli.looking import breakers, orders, positions, status
from radtui.core.breaker_view import TradingBreakerView
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted
from tests.api.routes.test_looking import HELD, ORDER


@pytest.fixture
def engine(own_folders: Path) -> Iterator[Scripted]:
    handle = Scripted()
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


def show(engine: Scripted, **shown: object) -> None:
    engine.seen = msgspec.structs.replace(engine.seen, **shown)


def test_a_position_without_a_stop_stands_out(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    show(engine, positions=(HELD, msgspec.structs.replace(HELD, symbol="ETHUSDTM", own=False)), notices=("NO STOP",))
    assert status() == positions() == Exit.DONE
    said = capsys.readouterr().out
    assert "2, 1 WITHOUT STOP" in said
    assert "scripted: NO STOP" in said
    assert "NOT CONFIRMED" in said
    assert "ETHUSDTM (not ours)" in said


@pytest.mark.parametrize(
    ("exchange", "mode", "said"),
    [
        ("paper", "paper", "paper"),
        ("", "paper", "paper"),
        ("kucoin", "paper", "rehearsal"),
        ("kucoin", "live", "live"),
    ],
)
def test_play_money_behind_the_real_client_is_called_a_rehearsal(
    engine: Scripted, capsys: pytest.CaptureFixture[str], exchange: str, mode: str, said: str
) -> None:
    show(engine, exchange=exchange, status=msgspec.structs.replace(engine.seen.status, mode=mode))
    assert status() == Exit.DONE
    head, line, *_ = capsys.readouterr().out.splitlines()
    assert line[head.index("MODE") :].split()[0] == said


def test_an_engine_that_does_not_answer_is_listed(
    engine: Scripted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LOOK_WITHIN", 1.0)
    stuck = listen(control_folder() / "stuck.sock")
    assert status() == Exit.REFUSED
    assert "stuck: does not answer: no answer within 1 s" in capsys.readouterr().out
    status(as_json=True)
    first, second = json.loads(capsys.readouterr().out)["engines"]
    assert (first["bot"], second["silent"]) == ("scripted", "no answer within 1 s")
    with pytest.raises(Failure, match=r"stuck \(pid \d+\) does not answer"):
        positions(bot="stuck")
    stuck.close()


def test_orders_that_are_done_are_shown_where_asked(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    show(engine, orders=(ORDER, msgspec.structs.replace(ORDER, client_id="scripted-2", state="filled", trigger=None)))
    orders()
    assert "scripted-2" not in capsys.readouterr().out
    orders(every=True)
    assert "market" in capsys.readouterr().out
    orders(as_json=True)
    assert [each["client_id"] for each in json.loads(capsys.readouterr().out)["orders"]] == ["scripted-1"]


def test_nothing_is_said_too(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    positions()
    orders()
    assert capsys.readouterr().out == "flat: no positions\nno orders\n"


def test_a_tripped_breaker_says_until_when(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    closed = TradingBreakerView(name="order rate", value="1", limit="< 10", share=10.0, tripped=False)
    timed = TradingBreakerView(
        name="losing streak", value="3", limit="< 3", share=100.0, tripped=True, since=1, resets_at=3, why="3 losses"
    )
    show(engine, breakers=(closed, timed, msgspec.structs.replace(timed, name="drawdown", resets_at=None)))
    breakers()
    said = capsys.readouterr().out
    assert "3 losses; until 1970-01-01" in said
    assert "until `radtui reset-breakers`" in said
    breakers(as_json=True)
    assert len(json.loads(capsys.readouterr().out)["breakers"]) == 3


def test_an_engine_that_hangs_is_told_apart(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    show(engine, hangs=43)
    assert status() == Exit.REFUSED
    assert "HANGS 43 s" in capsys.readouterr().out
