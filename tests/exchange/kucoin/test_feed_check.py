"""Whether the feed answers: measured by one ping, and closed again whatever comes of it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from scripted_exchange import NOW, Refusing, ScriptedExchange, ScriptedSocket

from radtui.exchange.check import Check, Verdict
from radtui.exchange.kucoin.feed_check import feed_check
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual

WELCOME = '{"id":"check","type":"welcome"}'


def checked(
    *frames: str, answer: Any = None, latency: float | None = 0.04, rehearsal: bool = True
) -> tuple[Check, bool]:
    """Return the finding, and whether the socket was closed."""

    async def check() -> tuple[Check, bool]:
        clock = LoopClock(asyncio.get_running_loop(), NOW * 1_000_000)
        there = ScriptedExchange({} if answer is None else {"/api/v1/bullet-public": answer})
        socket = ScriptedSocket(*frames, latency=latency)
        found = await feed_check(there.rest(clock), socket, clock, rehearsal=rehearsal)
        return found, socket.closed

    return run_virtual(check())


def bullet(*endpoints: str) -> dict[str, object]:
    return {"token": "t0ken", "instanceServers": [{"endpoint": endpoint} for endpoint in endpoints]}


def test_a_feed_that_answers_says_how_fast() -> None:
    found, closed = checked(WELCOME)
    assert (found.verdict, found.said) == (Verdict.OK, "round trip 40 ms")
    assert closed


@pytest.mark.parametrize("frames", [(), ("nonsense",)])
def test_a_feed_without_a_welcome_is_a_failure_and_is_closed(frames: tuple[str, ...]) -> None:
    found, closed = checked(*frames, latency=None)
    assert found.verdict is Verdict.FAIL
    assert "does not answer" in found.said
    assert "WebSocket" in found.remedy
    assert closed


def test_a_feed_that_is_half_open_is_noticed() -> None:
    found, _ = checked(WELCOME, latency=None)
    assert "no answer within 10 s" in found.said


def test_a_slow_feed_is_said() -> None:
    assert checked(WELCOME, latency=1.5)[0].verdict is Verdict.WARN


@pytest.mark.parametrize("answer", [bullet(), Refusing("500000", status=500)])
def test_no_server_no_feed(answer: object) -> None:
    assert checked(WELCOME, answer=answer)[0].verdict is Verdict.FAIL


def test_a_tunnel_to_the_real_exchange_is_no_rehearsal() -> None:
    real = bullet("wss://ws-api-futures.kucoin.com/")
    found, _ = checked(WELCOME, answer=real)
    assert found.verdict is Verdict.FAIL
    assert "no rehearsal" in found.said
    assert "bot.mode = live" in found.remedy
    assert "t0ken" not in str(found)
    assert checked(WELCOME, answer=real, rehearsal=False)[0].verdict is Verdict.OK
