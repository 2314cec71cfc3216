"""The engine's side: it beats, hires, dismisses, and tells what a guardian did; nothing of it holds the engine up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path

import msgspec
import pytest

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.core.guardian_view import GuardianView
from radtui.core.guarding import Ack, Beat, Cover, Deed, Did, Dismissed, Landed, Phase, Word
from radtui.engine.beacon import GUARDIAN, Beacon, Guarding
from radtui.health.monitor import HealthMonitor
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import SystemClock
from tests.engine.flights import core_config

QUICKLY = Backoff(base=0.02, maximum=0.1, floor=0.0)


async def until(true: Callable[[], object]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(10):
        for _ in count():
            if true():
                return
            await asyncio.sleep(0.005)


class Guardian:
    """A guardian as the engine sees it.

    Attributes:
        heard: all that was said to it.
    """

    def __init__(self, path: Path, *, terms: str = "abc", hired: bool = True) -> None:
        self.path, self.terms, self.hired = path, terms, hired
        self.heard: list[Word] = []
        self.changed = asyncio.Event()
        self.deaf = False
        self._server: asyncio.Server | None = None

    async def begin(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def end(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
            self.path.unlink(missing_ok=True)

    async def until(self, kind: type[Word], least: int = 1) -> list[Word]:
        async with asyncio.timeout(10):
            while len(found := [word for word in self.heard if isinstance(word, kind)]) < least:
                self.changed.clear()
                await self.changed.wait()
        return found

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while self._server is not None:
                self.heard.append(msgspec.json.decode(await reader.readuntil(), type=Word))
                self.changed.set()
                if self.deaf:
                    break
                number = getattr(self.heard[-1], "number", 0)
                ack = Ack(number=number, pid=9, phase=Phase.WATCHING, terms=self.terms, hired=self.hired)
                writer.write(msgspec.json.encode(ack) + b"\n")
                await writer.drain()
        writer.close()


class World:
    """A beacon, and what it said and asked for."""

    def __init__(self, home: Path) -> None:
        self.clock = SystemClock()
        self.health = HealthMonitor(self.clock)
        self.health.heartbeats.register(GUARDIAN, 30)
        self.core = Core(core_config(boot=5))
        self.said: list[Trouble] = []
        self.hired = 0
        self.on_hire: Callable[[], None] = lambda: None
        self.record = home / "r.jsonl"
        guarding = Guarding(socket=home / "g.sock", record=self.record, interval=0.05, terms="abc", hire=self._hire)
        self.beacon = Beacon(guarding, self.core, self.health, self.clock, self.said.append, QUICKLY)
        self.guardian = Guardian(home / "g.sock")

    def _hire(self) -> None:
        self.hired += 1
        self.on_hire()

    def write(self, *deeds: Did, text: str = "what was done") -> None:
        with self.record.open("ab") as file:
            for did in deeds:
                file.write(msgspec.json.encode(Deed(at=1, bot="t", boot=4, did=did, text=text)) + b"\n")

    @property
    def worker(self) -> tuple[bool, str]:
        [view] = self.health.worker_views()
        return view.age is not None, view.note

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.beacon.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.guardian.end()


@pytest.fixture
async def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_it_beats_and_an_answer_is_a_sign_of_the_guardians_life(world: World) -> None:
    await world.guardian.begin()
    async with world.beating():
        beats = await world.guardian.until(Beat, 3)
        assert isinstance(beats[0], Beat)
        assert [beat.number for beat in beats if isinstance(beat, Beat)][:3] == [1, 2, 3]
        assert (beats[0].bot, beats[0].boot, beats[0].recovered) == ("t", 5, False)
        assert world.worker == (True, "")
    assert world.hired == 0


async def test_where_nobody_is_one_is_hired_and_found(world: World) -> None:
    async with world.beating():
        await until(lambda: world.hired)
        await world.guardian.begin()
        await world.guardian.until(Beat)
    assert world.beacon.notice == ""


async def test_without_a_guardian_the_operator_is_told_once_and_the_next_answer_ends_it(world: World) -> None:
    def broken() -> None:
        raise OSError("no more processes")

    world.on_hire = broken
    async with world.beating():
        await until(lambda: world.beacon.notice)
        assert [trouble.kind for trouble in world.said] == ["guardian silent"]
        assert "nobody would look after its orders" in world.beacon.view.missing == world.beacon.notice
        await until(lambda: "no more processes" in world.worker[1])
        await world.guardian.begin()
        await world.guardian.until(Beat, 2)
    assert world.beacon.view == GuardianView(wanted=True)
    assert len(world.said) == 1


async def test_one_that_hangs_up_is_called_again(world: World) -> None:
    await world.guardian.begin()
    world.guardian.deaf = True
    async with world.beating():
        await world.guardian.until(Beat, 2)
        world.guardian.deaf = False
        await world.guardian.until(Beat, 4)
    assert world.hired >= 1


async def test_a_hired_one_of_other_terms_is_replaced(world: World) -> None:
    world.guardian.terms = "old"
    await world.guardian.begin()
    async with world.beating():
        await world.guardian.until(Dismissed)
        await until(lambda: world.hired)


async def test_a_persons_own_one_of_other_terms_is_kept_and_said(world: World) -> None:
    world.guardian.terms, world.guardian.hired = "old", False
    await world.guardian.begin()
    async with world.beating():
        await world.guardian.until(Beat, 3)
    assert "start it anew" in world.worker[1]
    assert world.hired == 0


async def test_what_is_new_to_protect_is_told_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[Cover] = []
    monkeypatch.setattr("radtui.engine.beacon.covers", lambda _: tuple(found))
    world.beacon = Beacon(
        msgspec.structs.replace(world.beacon._guarding, interval=3600.0),
        world.core, world.health, world.clock, world.said.append, QUICKLY,
    )  # fmt: skip
    await world.guardian.begin()
    async with world.beating():
        await world.guardian.until(Beat)
        world.beacon.look()
        found.append(Cover(symbol="XBTUSDTM", long=True))
        world.beacon.look()
        beats = await world.guardian.until(Beat, 2)
        assert isinstance(beats[1], Beat)
        assert beats[1].covers == tuple(found)


async def test_landing_is_told_and_without_a_guardian_holds_nothing_up(world: World) -> None:
    await world.beacon.land()
    await world.guardian.begin()
    await world.beacon.land()
    await world.guardian.end()
    assert world.guardian.heard == [Landed(bot="t", boot=5)]


@pytest.mark.parametrize(
    ("deeds", "severity"),
    [
        ((), None),
        ((Did.RETURNED,), None),
        ((Did.SILENCE, Did.DONE), "warning"),
        ((Did.SILENCE, Did.CANCELLED, Did.DONE), "alarm"),
        ((Did.CLOSED,), "alarm"),
    ],
)
async def test_what_a_guardian_did_is_told_once(world: World, deeds: tuple[Did, ...], severity: str | None) -> None:
    world.write(*deeds)
    world.beacon.tell_deeds()
    world.beacon.tell_deeds()
    assert [trouble.severity for trouble in world.said] == ([severity] if severity else [])
    seen = world.beacon.view
    assert (seen.acted_at is not None, seen.changed) == (severity is not None, severity == "alarm")
    assert seen.deeds == "".join(trouble.message for trouble in world.said)
    later = World(world.record.parent)
    later.beacon.tell_deeds()
    assert later.said == []


async def test_a_record_that_cannot_be_marked_is_told_at_the_next_start_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.write(Did.SILENCE, Did.DONE)

    def full(*_: object) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("radtui.engine.beacon.os.write", full)
        world.beacon.tell_deeds()
    later = World(world.record.parent)
    later.beacon.tell_deeds()
    assert (len(world.said), len(later.said)) == (1, 1)


async def test_what_it_did_while_beats_were_lost_is_told_when_it_answers_again(world: World) -> None:
    await world.guardian.begin()
    async with world.beating():
        await world.guardian.until(Beat)
        world.write(Did.SILENCE, Did.PROTECTED, Did.RETURNED)
        await world.guardian.until(Beat, 4)
    assert [trouble.kind for trouble in world.said] == ["guardian acted"]
