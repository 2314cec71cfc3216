"""The same command does the same from a key, from the command line and over REST (row L2): one walk by each door."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from scripted import screen_text, shelf
from structlog.testing import capture_logs
from textual import events

from radtui.api.door import Door
from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from radtui.core.facts import Receipted
from radtui.core.instruction import Ask, Receipt
from radtui.engine.host import EngineHost
from radtui.resilience.clock import SystemClock
from radtui.settings.folders import control_folder
from radtui.tui.app import CockpitApp
from tests.api.callers import Caller
from tests.engine.flights import Bot, Turner
from tests.engine.hosts import hosted


class Outcome(NamedTuple):
    """What came of one command: done, no-op or refused; what was said of it, and the state afterwards."""

    came: str
    said: str
    state: str


class Step(NamedTuple):
    """One command, as each door has it, and what must come of it; `says` must be part of what is said."""

    ask: Ask
    keys: tuple[str, ...]
    came: str
    says: str
    state: str
    flags: tuple[str, ...] = ()


_PALETTE_STOP: Final = ("ctrl+p", *"cycles", "enter")
_TYPED: Final = ("exclamation_mark", *"STOP", "enter")
WALK: Final = (
    Step(Ask.PAUSE, ("p",), "refused", "stopped", "stopped"),
    Step(Ask.RESUME, ("r",), "refused", "stopped", "stopped"),
    Step(Ask.START, ("s",), "done", "Bot started", "running"),
    Step(Ask.START, ("s",), "no-op", "running", "running"),
    Step(Ask.PAUSE, ("p",), "done", "Bot paused: no entries; open positions stay protected", "paused"),
    Step(Ask.PAUSE, ("p",), "refused", "paused", "paused"),
    Step(Ask.RESUME, ("r",), "done", "Bot resumed", "running"),
    Step(Ask.RESET_METRICS, ("m", "y"), "done", "Performance metrics reset successfully", "running"),
    Step(Ask.STOP, _PALETTE_STOP, "done", "Bot stopped: no entries; open positions keep their stops", "stopped"),
    Step(Ask.START, ("s",), "done", "Bot started", "running"),
    Step(Ask.EMERGENCY_STOP, _TYPED, "done", "Emergency stop completed: flat", "stopped", ("--yes",)),
    Step(Ask.SHUTDOWN, ("escape", "g", "y"), "done", "Graceful shutdown completed", "stopped", ("--keep",)),
)
Do = Callable[[Step], Awaitable[Outcome]]


@pytest.fixture
def flown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EngineHost]:
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    host = hosted(Turner, bot=Bot(Turner, autostart=False, speed=60, engine={"pulse": 0.05, "position_interval": 0.2}))
    with capture_logs():  # a command's answer is all that may stand on its standard output
        host.start()
        yield host
        host.settle(who="test")


@pytest.fixture
def path(flown: EngineHost) -> Iterator[Path]:
    door = Door(flown.handle, control_folder() / "t.abcdef.sock")
    door.open()
    yield control_folder() / "t.abcdef.sock"
    door.close()


@asynccontextmanager
async def over_rest(host: EngineHost, path: Path, _capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Do]:
    caller = Caller(path)

    async def do(step: Step) -> Outcome:
        reply = caller.post(f"/api/bot/{step.ask}")
        assert reply.status == (400 if step.came == "refused" else 200)
        assert caller.get("/api/status").body["state"] == host.handle.snapshot().status.state
        return _outcome(reply.body["receipt"], host)

    yield do


@asynccontextmanager
async def by_command(host: EngineHost, _path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Do]:
    async def do(step: Step) -> Outcome:
        try:
            code = answer([str(step.ask), "--json", *step.flags])
            told = json.loads(capsys.readouterr().out)
        except Failure as failure:
            code, told = failure.code, msgspec.to_builtins(failure.document())
        assert code == (Exit.DONE if step.came == "done" else Exit.REFUSED)
        return _outcome(told["receipt"], host)

    yield do


@asynccontextmanager
async def by_key(host: EngineHost, _path: Path, _capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Do]:
    app = CockpitApp(host.handle, theme="radtui-dark", themes=shelf(), clock=SystemClock().now, user="lena")
    async with app.run_test(size=(120, 40)) as pilot:

        async def do(step: Step) -> Outcome:
            app.look()  # the state it shows decides what a key may ask
            before = len(_receipts(host))
            for (
                key
            ) in step.keys:  # the pilot's own `press` waits for an idle processor, and the engine has a thread here
                app.post_message(events.Key(key, key if len(key) == 1 else None))
                await pilot.pause(0.02)
            if step.came != "done":  # the cockpit says by itself that it would come to nothing, and asks for nothing
                assert len(_receipts(host)) == before
                return Outcome(step.came, screen_text(app), host.handle.snapshot().status.state)
            until = time.monotonic() + 10
            while len(_receipts(host)) == before or step.says not in _shown(app):
                assert time.monotonic() < until, screen_text(app)
                await pilot.pause(0.01)
            return _outcome(msgspec.to_builtins(_receipts(host)[-1]), host)

        yield do


def _shown(app: CockpitApp) -> str:
    app.look()
    return screen_text(app)


def _receipts(host: EngineHost) -> list[Receipt]:
    """Return what the engine wrote of all that it was told."""
    told = [each.fact.receipt for each in host.handle.events() if isinstance(each.fact, Receipted)]
    return [each for each in told if each.ask is not Ask.PREVIEW]


def _outcome(receipt: dict[str, Any], host: EngineHost) -> Outcome:
    came = "refused" if receipt.get("refused") else "done" if receipt["success"] else "no-op"
    return Outcome(came, receipt["message"], host.handle.snapshot().status.state)


@pytest.mark.parametrize("door", [by_key, by_command, over_rest])
async def test_a_walk_through_all_commands_comes_to_the_same_by_each_door(
    flown: EngineHost,
    path: Path,
    capsys: pytest.CaptureFixture[str],
    door: Callable[[EngineHost, Path, pytest.CaptureFixture[str]], AbstractAsyncContextManager[Do]],
) -> None:
    async with door(flown, path, capsys) as do:
        for step in WALK:
            found = await do(step)
            assert (step.ask, found.came, found.state) == (step.ask, step.came, step.state)
            assert step.says in found.said
    asked = [each.ask for each in _receipts(flown) if each.success]
    assert asked == [step.ask for step in WALK if step.came == "done"]
