"""The door to an engine elsewhere, on real sockets: near, over a bad line, and over none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.api.door import Door
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.order import Side
from radtui.engine import dialing, remote, replica, wire
from radtui.engine.host import EngineHost
from radtui.engine.remote import LineState, RemoteHandle
from radtui.resilience.backoff import Backoff
from tests.api.callers import Scripted
from tests.engine.flights import Idle
from tests.engine.hosts import hosted, soon
from tests.engine.proxies import Proxy, proxied

Attach = Callable[..., RemoteHandle]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_BACKOFF", Backoff(base=0.05, maximum=0.2, floor=0.02))


@pytest.fixture
def host() -> Iterator[EngineHost]:
    flown = hosted(Idle)
    flown.start()
    yield flown
    flown.settle(who="test")


@pytest.fixture
def door(host: EngineHost, tmp_path: Path) -> Iterator[Path]:
    opened = Door(host.handle, tmp_path / "run" / "engine.sock")
    opened.open()
    yield tmp_path / "run" / "engine.sock"
    opened.close()


@pytest.fixture
def proxy(door: Path) -> Iterator[Proxy]:
    with proxied(door) as between:
        yield between


@pytest.fixture
def attach() -> Iterator[Attach]:
    opened: list[RemoteHandle] = []

    def start(path: Path, *, wait: bool = True, **told: Any) -> RemoteHandle:
        handle = RemoteHandle(path, label="far", **told)
        opened.append(handle)
        handle.open()
        if wait:
            assert handle.wait(10), handle.line
        return handle

    yield start
    for handle in opened:
        handle.close()


def live(handle: RemoteHandle) -> bool:
    return handle.line.state is LineState.LIVE


def test_it_shows_what_the_engine_shows_and_never_long_after(host: EngineHost, door: Path, attach: Attach) -> None:
    far = attach(door)
    assert live(far)
    assert far.snapshot().bot == host.handle.snapshot().bot
    soon(lambda: far.snapshot().at >= host.handle.snapshot().at - 500_000_000)
    seen = far.snapshot().at
    soon(lambda: far.snapshot().at > seen)
    age = far.age
    assert age is not None
    assert age < 2.0


def test_what_is_asked_is_acknowledged_at_once_and_answered(host: EngineHost, door: Path, attach: Attach) -> None:
    far = attach(door, name="alice")
    soon(lambda: far.snapshot().status.recovered)
    ack = far.send(Ask.START, who="key:alice", why="because")
    assert ack.ask is Ask.START
    soon(lambda: far.receipt(ack.id))
    receipt = far.receipt(ack.id)
    assert receipt is not None
    assert (receipt.success, receipt.message) == (True, "Bot started")
    assert receipt.who.startswith("cli:")
    assert receipt.who.endswith("/alice")
    assert far.snapshot().status.state is State.RUNNING, "who reads an answer looks next"
    assert far.receipt(receipt.id) == receipt
    assert not far.forgotten(ack.id)
    assert [each.fact.receipt.id for each in far.events() if hasattr(each.fact, "receipt")] == [receipt.id]


def test_a_cut_line_comes_back_by_itself_and_misses_nothing(host: EngineHost, proxy: Proxy, attach: Attach) -> None:
    far = attach(proxy.path)
    soon(lambda: far.snapshot().status.recovered)
    began = far.send(Ask.START, who="test")
    soon(lambda: far.receipt(began.id))
    for ask in (Ask.PAUSE, Ask.RESUME):
        proxy.shut = True
        proxy.cut()
        soon(lambda: far.line.state is LineState.LOST)
        assert far.line.why
        host.handle.send(ask, who="test")
        time.sleep(0.1)
        proxy.shut = False
        soon(lambda: live(far))
    latest = host.handle.events()[-1].sequence
    soon(lambda: far.events() and far.events()[-1].sequence >= latest)
    heard = [each for each in far.events() if each.sequence <= latest]
    assert heard == host.handle.events(heard[0].sequence - 1)[: len(heard)]


@pytest.mark.parametrize("after", [0, 30, 60, 100, 160, 260])
def test_an_instruction_is_carried_out_once_wherever_the_line_breaks(
    host: EngineHost, proxy: Proxy, attach: Attach, after: int
) -> None:
    far = attach(proxy.path)
    soon(lambda: far.snapshot().status.recovered and far.helm().yours)
    sent = proxy.up.bytes
    proxy.up.cut_after = sent + after
    ack = far.send(Ask.START, who="test", why="once")
    time.sleep(0.05)
    proxy.up.cut_after = None
    proxy.cut()
    soon(lambda: far.receipt(ack.id))
    receipt = far.receipt(ack.id)
    assert receipt is not None
    assert receipt.message == "Bot started"
    told = [each for each in host.handle.events() if type(each.fact).__name__ == "Instructed"]
    assert len(told) == 1


def test_a_half_open_line_is_found_and_left(proxy: Proxy, attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialing, "ALIVE", (0.2, 0.3))
    far = attach(proxy.path)
    proxy.hush()
    age = far.age
    soon(lambda: far.line.state is LineState.LOST, within=5)
    assert far.line.why == "it answered no ping for 0.3 s"
    assert (far.age or 0) > (age or 0)
    proxy.speak()
    soon(lambda: live(far))


def test_what_cannot_be_delivered_is_told_as_not_done(
    host: EngineHost, proxy: Proxy, attach: Attach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "PATIENCE", 0.3)
    far = attach(proxy.path)
    proxy.shut = True
    proxy.cut()
    soon(lambda: far.line.state is LineState.LOST)
    ack = far.send(Ask.START, who="test")
    assert far.receipt(ack.id) is None
    soon(lambda: far.receipt(ack.id))
    receipt = far.receipt(ack.id)
    assert receipt is not None
    assert (receipt.status, receipt.message) == (wire.WITHDRAWN, wire.NOT_DELIVERED)
    proxy.shut = False
    soon(lambda: live(far))
    time.sleep(0.2)
    assert host.handle.snapshot().status.state is State.STOPPED


def test_where_nobody_listens_it_says_so_and_goes_on_looking(tmp_path: Path, attach: Attach) -> None:
    far = attach(tmp_path / "nobody.sock", wait=False)
    soon(lambda: far.line.state is LineState.LOST)
    assert far.line.why == "nobody listens there: the engine has ended, or was never there"
    assert far.age is None
    assert not far.wait(0.01)
    assert far.snapshot().status.why == "nothing was heard from the engine yet"


def test_the_end_of_the_engine_is_answered_before_the_line_ends(
    host: EngineHost, tmp_path: Path, attach: Attach
) -> None:
    opened = Door(host.handle, tmp_path / "run" / "ending.sock")
    opened.open()
    far = attach(tmp_path / "run" / "ending.sock")
    soon(lambda: far.snapshot().status.recovered)
    ack = far.send(Ask.SHUTDOWN, who="test")
    assert host.wait(10)
    opened.close()
    soon(lambda: far.receipt(ack.id), within=2)
    soon(lambda: far.line.state is LineState.LOST)
    assert far.receipt(ack.id) is not None


def test_the_helm_is_taken_where_it_is_free_and_over_only_when_that_is_said(door: Path, attach: Attach) -> None:
    alice = attach(door, name="alice")
    soon(lambda: alice.helm().yours)
    bob = attach(door, name="bob")
    soon(lambda: bob.helm().holder.endswith("/alice"))
    assert not bob.helm().yours
    refused = bob.send(Ask.START, who="bob")
    soon(lambda: bob.receipt(refused.id))
    receipt = bob.receipt(refused.id)
    assert receipt is not None
    assert (receipt.refused, receipt.status) == (True, wire.REFUSED)
    assert receipt.message.endswith(
        "/alice holds control: nothing was done; take over first (an emergency stop needs no control)"
    )
    bob.take_helm()
    soon(lambda: bob.helm().yours and not alice.helm().yours)
    assert alice.helm().holder.endswith("/bob")
    bob.close()
    soon(lambda: not alice.helm().holder)


def test_an_emergency_stop_needs_no_helm(door: Path, attach: Attach) -> None:
    alice, bob = attach(door, name="alice"), attach(door, name="bob")
    soon(lambda: alice.helm().yours and bob.snapshot().status.recovered)
    ack = bob.send(Ask.EMERGENCY_STOP, who="bob")
    soon(lambda: bob.receipt(ack.id))
    receipt = bob.receipt(ack.id)
    assert receipt is not None
    assert receipt.status != wire.REFUSED


def test_a_cut_of_its_holders_line_leaves_the_helm_where_it_is_once_it_is_back(proxy: Proxy, attach: Attach) -> None:
    alice = attach(proxy.path, name="alice")
    soon(lambda: alice.helm().yours)
    proxy.cut()
    soon(lambda: proxy.lines == 2 and live(alice) and alice.helm().yours)


HELLO = wire.Hello(
    version=1, shape=wire.shape(), radtui="9.9", bot="b", run="r", mode="paper", scope="read", helm=wire.Helm()
)


async def _speak(path: Path, said: bytes) -> asyncio.Server:
    from websockets.asyncio.server import ServerConnection, unix_serve

    async def answer(connection: ServerConnection) -> None:
        await connection.send(said, text=True)
        await connection.wait_closed()

    return await unix_serve(answer, str(path))  # type: ignore[return-value]  # what matters is that it can be closed


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            wire.encode(msgspec.structs.replace(HELLO, version=99)),
            "speaks otherwise",
        ),
        (b'{"type":"Helm"}', "no engine of radtui"),
        (b'{"type":"Nonsense"}', "is not understood"),
        (b"<html>", "is not understood"),
    ],
)
async def test_who_speaks_otherwise_is_refused_with_words(
    tmp_path: Path, attach: Attach, said: bytes, words: str
) -> None:
    server = await _speak(tmp_path / "other.sock", said)
    far = attach(tmp_path / "other.sock", wait=False)
    await asyncio.to_thread(soon, lambda: far.line.state is LineState.REFUSED)
    assert words in far.line.why
    assert "attach with the same radtui" in far.line.why or "no engine" in far.line.why
    assert not far.wait(0.01)
    await asyncio.to_thread(far.close)
    server.close()


def test_it_hangs_up_at_once_whatever_it_is_doing(tmp_path: Path, door: Path) -> None:
    for path in (door, tmp_path / "nobody.sock"):
        handle = RemoteHandle(path)
        handle.open()
        handle.wait(0.2)
        began = time.monotonic()
        handle.close()
        handle.close()
        assert time.monotonic() - began < 2
        assert not handle._thread.is_alive()
    RemoteHandle(door).close()


def test_one_that_was_never_opened_shows_nothing_and_asks_nothing() -> None:
    handle = RemoteHandle("/nowhere.sock", label="x")
    handle.send(Ask.START, who="test")
    handle.take_helm()
    assert handle.line.state is LineState.CONNECTING
    assert handle.controls


def test_a_scripted_engine_hears_every_particular(tmp_path: Path, attach: Attach) -> None:
    scripted = Scripted()
    opened = Door(scripted, tmp_path / "run" / "s.sock")
    opened.open()
    far = attach(tmp_path / "run" / "s.sock")
    far.send(Ask.RESET_BREAKERS, who="x", why="why not", subject="daily loss")
    far.send(Ask.EMERGENCY_STOP, who="x", foreign=True)
    meant = HandOrder(symbol="XBTUSDTM", side=Side.BUY, lots=3, stop=Decimal("59000.10"))
    far.send(Ask.PLACE_ORDER, who="x", order=meant)
    soon(lambda: len(scripted.heard) == 3)
    placing = scripted.heard.pop()
    assert placing.order is not None
    assert placing.order.key, "the key of the line, so that a restart does not place it again"
    assert msgspec.structs.replace(placing.order, key="") == meant
    assert [(each.ask, each.why, each.subject, each.foreign) for each in scripted.heard] == [
        (Ask.RESET_BREAKERS, "why not", "daily loss", False),
        (Ask.EMERGENCY_STOP, "", "", True),
    ]
    far.close()
    opened.close()


def test_over_a_slow_and_narrow_line_it_stays_usable(proxy: Proxy, attach: Attach) -> None:
    proxy.delay, proxy.down.rate = 0.1, 125_000.0  # 100 ms each way, 1 Mbit/s
    began = time.monotonic()
    far = attach(proxy.path)
    assert time.monotonic() - began < 3.0
    soon(lambda: far.snapshot().status.recovered)
    began = time.monotonic()
    ack = far.send(Ask.START, who="test")
    assert time.monotonic() - began < 0.05, "a key press waits for no line"
    soon(lambda: far.receipt(ack.id))
    assert time.monotonic() - began < 2.0
    assert (far.age or 0.0) < 1.5


def test_nothing_that_is_said_too_long_ends_the_line(door: Path, attach: Attach) -> None:
    far = attach(door, name="Alice in Wonderland, " * 9)
    soon(lambda: far.helm().yours)
    ack = far.send(Ask.RESET_BREAKERS, who="x", why="w" * 999, subject="s" * 999)
    soon(lambda: far.receipt(ack.id))
    assert live(far)
    assert "/Alice-in-Wonderland--" in far.helm().holder


@pytest.mark.parametrize("number", range(6))
def test_a_receipt_of_the_last_moment_is_heard_all_the_same(tmp_path: Path, attach: Attach, number: int) -> None:
    scripted = Scripted()
    opened = Door(scripted, tmp_path / "run" / f"s{number}.sock")
    opened.open()
    far = attach(tmp_path / "run" / f"s{number}.sock")
    ack = far.send(Ask.SHUTDOWN, who="test")
    soon(lambda: scripted.heard)
    scripted.done()
    opened.close()
    assert far.receipt(ack.id) is not None
    soon(lambda: far.line.state is LineState.LOST)
    assert far.line.why in {
        "the engine there has ended",
        "nobody listens there: the engine has ended, or was never there",
    }


@pytest.mark.parametrize("kept", [True, False])
def test_over_a_restart_what_was_asked_is_answered_and_not_asked_again(
    tmp_path: Path, attach: Attach, kept: bool
) -> None:
    first, second, path = Scripted(), Scripted(), tmp_path / "run" / "again.sock"
    opened = Door(first, path)
    opened.open()
    far = attach(path)
    ack = far.send(Ask.STOP, who="test")
    soon(lambda: first.heard)
    time.sleep(0.2)
    opened.close()
    soon(lambda: far.line.state is LineState.LOST)
    if kept:
        second.done("i1")
    else:
        second.lost.add("i1")
    opened = Door(second, path)
    opened.open()
    soon(lambda: far.receipt(ack.id))
    receipt = far.receipt(ack.id)
    opened.close()
    assert receipt is not None
    assert receipt.status == ("stopped" if kept else wire.LOST)
    assert not second.heard
