"""The rim of the simulated exchange: who is gone is not written to for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from radtui.simserver.shell import write


class Line:
    """A WebSocket that takes everything at once, whether anybody is there or not."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send_text(self, frame: str) -> None:
        self.sent.append(frame)


class Talkative:
    """A session with a great deal to say."""

    woken: Any = None
    closing = None

    def take(self) -> list[str]:
        return ["frame"] * 1_000


class Faultless:
    """No fault on the line."""

    cut = silent = False

    def delay(self) -> int:
        return 0

    def through(self, frames: list[str]) -> list[str]:
        return frames


async def test_a_client_that_has_gone_is_heard_between_two_frames() -> None:
    line: Any = Line()
    reading = asyncio.create_task(asyncio.sleep(0))  # its end is how the server hears that the client has gone
    await asyncio.wait_for(write(line, Talkative(), Faultless(), reading), 5)  # type: ignore[arg-type]
    assert 1 <= len(line.sent) < 5, "beyond five asyncio itself begins to complain, a line each"
