"""An exchange in memory, behind the transport port: it answers what it was told to and notes what it was sent."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from radtui.exchange.kucoin.rest.client import Rest, guards
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.rest.transport import Request, Response
from radtui.resilience.backoff import Backoff
from radtui.resilience.breaker import Breaker
from radtui.resilience.clock import LoopClock
from radtui.resilience.retry import RetryPlan
from radtui.resilience.virtual import run_virtual

T = TypeVar("T")

EPOCH = 1_757_000_000_000_000_000
"""Nanoseconds UTC at which the tests' machine begins."""
KEY, SECRET, PASSPHRASE = "64a1f0c2b7d3e90001f4a5b6", "3c1d0b4e-7a52-4f0e-9c8b-1f2e3d4c5b6a", "radtui-Pass_1!"
SECRETS = (KEY, SECRET, PASSPHRASE)

Answer = Response | Exception | Callable[[Request], "Answer"]


def ok(data: Any = None, **more: Any) -> Response:
    """Return a success."""
    return Response(200, json.dumps({"code": "200000", "data": data, **more}).encode())


def no(code: str, msg: str = "", status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal."""
    return Response(status, json.dumps({"code": code, "msg": msg}).encode(), headers or {})


class Memory:
    """A transport that gives its answers in turn, then the last one for ever; the clock it serves runs `skew` off."""

    def __init__(self, *answers: Answer, skew: float = 0.0, travel: float = 0.0) -> None:
        self.sent: list[Request] = []
        self.answers = deque(answers)
        self.skew, self.travel = skew, travel
        self.closed = False

    async def send(self, request: Request, deadline: float) -> Response:
        self.sent.append(request)
        await asyncio.sleep(self.travel / 2)
        if request.target == "/api/v1/timestamp":
            return await self._time()
        answer = self.answers[0] if len(self.answers) == 1 else self.answers.popleft()
        while callable(answer):
            answer = answer(request)
        await asyncio.sleep(self.travel / 2)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        self.closed = True

    @property
    def asked(self) -> list[str]:
        """Method and target of what was sent, readings of the clock left out."""
        return [f"{request.method} {request.target}" for request in self.sent if "timestamp" not in request.target]

    @property
    def readings(self) -> int:
        return sum("timestamp" in request.target for request in self.sent)

    async def _time(self) -> Response:
        now = EPOCH / 1e9 + asyncio.get_running_loop().time() + self.skew
        await asyncio.sleep(self.travel / 2)
        return ok(int(now * 1000))


class Record:
    """Notes what the observer is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.took: list[int] = []

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        self.calls.append((endpoint, failure))
        self.took.append(nanoseconds)


class World:
    """A client before a `Memory`, on the running loop's clock."""

    def __init__(self, memory: Memory, *, retries: int = 0, credentials: bool = True, deadline: float = 10.0) -> None:
        self.memory, self.record = memory, Record()
        self.clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        self.breaker = Breaker("kucoin", self.clock)
        plan = RetryPlan(backoff=Backoff(retries=retries), draw=lambda: 0.0)
        self.guards = guards(self.clock, self.breaker, Breaker("unified", self.clock), plan)
        self.door = Door(
            memory,
            self.guards,
            clock=self.clock,
            observer=self.record,
            credentials=Credentials(KEY, SECRET, PASSPHRASE) if credentials else None,
            deadline=deadline,
        )
        self.rest = Rest(self.door)

    @property
    def recorded(self) -> list[tuple[str, str]]:
        """What the observer was told, readings of the clock left out."""
        return [call for call in self.record.calls if call[0] != "time"]


def fly(memory: Memory, story: Callable[[World], Awaitable[T]], **how: Any) -> T:
    """Live a story before `memory`, in virtual time."""

    async def main() -> T:
        return await story(World(memory, **how))

    return run_virtual(main())
