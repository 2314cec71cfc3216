"""One word to several engines: each is told, none waits for another, and the exit code is the worst of theirs."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from radtui.api.socket import listen
from radtui.cli import engines
from radtui.cli.failures import Exit, Failure
from radtui.cli.telling import pause, shutdown
from radtui.cli.together import Outcome, at_once, concluded, everybody
from radtui.core.instruction import Ask, Receipt
from radtui.settings.folders import control_folder
from tests.cli.obeying import Obeying, asked


@pytest.fixture
def mute(monkeypatch: pytest.MonkeyPatch, own_folders: object) -> Iterator[socket.socket]:
    """An engine that takes the line and never says a word."""
    monkeypatch.setattr(engines, "_MARGIN", 0.3)
    listener = listen(control_folder() / "mute.abcdef.sock")
    yield listener
    listener.close()


def test_all_are_told_and_each_answer_is_said_with_its_name(
    two: tuple[Obeying, Obeying], capsys: pytest.CaptureFixture[str]
) -> None:
    assert pause(every=True, why="x") == Exit.DONE
    assert [asked(each) for each in two] == [[Ask.PAUSE], [Ask.PAUSE]]
    assert sorted(capsys.readouterr().out.splitlines()) == ["alpha: done", "beta: done"]
    assert shutdown(every=True, as_json=True) == Exit.DONE
    document = json.loads(capsys.readouterr().out)
    assert [(each["bot"], each["success"]) for each in document["bots"]] == [("alpha", True), ("beta", True)]


def test_one_that_refuses_is_named_and_the_others_are_done(
    two: tuple[Obeying, Obeying], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    no = Receipt(id="i1", ask=Ask.PAUSE, success=False, refused=True, message="it is stopped", status="stopped", at=1)
    monkeypatch.setattr(two[0], "receipt", lambda _id: no)
    with pytest.raises(Failure, match="1 bot of 2 not done: alpha") as failed:
        pause(every=True)
    assert failed.value.code == Exit.REFUSED
    assert failed.value.means.splitlines() == ["alpha: it is stopped", "alpha: Nothing was changed."]
    assert capsys.readouterr().out == "beta: done\n"
    assert [each["success"] for each in failed.value.document()["bots"]] == [False, True]


@pytest.mark.usefixtures("mute")
def test_one_that_hangs_holds_up_nobody_and_is_named(
    two: tuple[Obeying, Obeying], capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[float] = []
    began = time.monotonic()
    monitored = everybody(None)
    assert [each.name for each in monitored] == ["alpha", "beta", "mute"]

    def tell(engine: engines.RunningEngine) -> str:
        try:
            return str(engine.tell(Ask.PAUSE, 1.0, {}).success)
        except engines.Silent:
            return "silent"

    said = at_once(tell, monitored, lambda _: heard.append(time.monotonic() - began))
    assert said == ["True", "True", "silent"]
    assert heard[1] < heard[2] - 0.5, "those that answer are heard while one is still waited for"
    with pytest.raises(Failure, match="1 bot of 3 not done: mute") as failed:
        pause(every=True, timeout=0.1)
    assert "kill -9" in failed.value.means
    assert capsys.readouterr().out.count("done") == 2


def test_nobody_there_and_one_named_as_well_are_refused(own_folders: object) -> None:
    with pytest.raises(Failure, match="no engine runs here") as failed:
        pause(every=True)
    assert failed.value.code == Exit.NO_ENGINE
    with pytest.raises(Failure, match="exclude each other") as failed:
        pause(every=True, bot="alpha")
    assert failed.value.code == Exit.USAGE


def test_the_exit_code_is_the_worst_of_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    codes = (Exit.REFUSED, Exit.NOT_SAFE, Exit.USAGE)
    outcomes = [Outcome(f"bot{code}", None, Failure("no", todo="look", code=code)) for code in codes]
    with pytest.raises(Failure, match="3 bots of 3 not done") as failed:
        concluded(outcomes, as_json=False)
    assert failed.value.code == Exit.NOT_SAFE
    assert "bot4: What to do: look" in failed.value.means
    assert failed.value.document()["bots"][1]["error"]["code"] == Exit.NOT_SAFE
    assert capsys.readouterr().out == ""


def test_whoever_stops_waiting_is_free_at_once() -> None:
    never = Event()

    def do(engine: engines.RunningEngine) -> str:
        if engine.name == "mute":
            never.wait(20)
        return engine.name

    def leave(_name: str) -> None:
        raise KeyboardInterrupt

    two = [engines.RunningEngine(Path(f"{name}.sock"), 1, None) for name in ("alpha", "mute")]
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        at_once(do, two, leave)
    assert time.monotonic() - began < 10
    assert all(each.daemon for each in threading.enumerate() if each.name.startswith("radtui-told"))
    never.set()


def test_an_answer_that_breaks_us_loses_nobody_elses(
    two: tuple[Obeying, Obeying], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tell = engines.RunningEngine.tell

    def breaks(engine: engines.RunningEngine, *arguments: Any, **named: Any) -> Any:
        if engine.name == "alpha":
            raise ZeroDivisionError
        return tell(engine, *arguments, **named)

    monkeypatch.setattr(engines.RunningEngine, "tell", breaks)
    with pytest.raises(Failure, match="1 bot of 2 not done: alpha"):
        shutdown(every=True)
    assert asked(two[1]) == [Ask.SHUTDOWN]
    assert capsys.readouterr().out.startswith("beta: done")
