"""One visitor of the cockpit in a browser: a process of their own, attached to engines, between pipes."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

FAREWELL: Final = 5.0
"""Seconds that a visitor's cockpit has for its end before it is killed: it owns no engine."""
_BEGIN: Final = b"__GANGLION__\n"
"""What Textual's apps say first to whoever serves them."""
_MOST_CELLS: Final = 1_000
_log = logging.getLogger("radtui.browser")


class Visit(AppService):
    """One visitor's cockpit: a process of its own, started without a shell, and ended for certain."""

    def __init__(self, command: Sequence[str], line: web.WebSocketResponse, server: Server) -> None:
        super().__init__(
            "",
            write_bytes=line.send_bytes,
            write_str=line.send_str,
            close=line.close,  # type: ignore[arg-type]  # it returns whether it was open, which nobody asks
            download_manager=server.download_manager,
        )
        self._line_of_command = tuple(command)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        variables = self._build_environment(width, height)
        self._process = process = await asyncio.create_subprocess_exec(
            *self._line_of_command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=variables
        )
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Pass on what the cockpit paints until it ends."""
        match self._process:
            case Process(stdout=asyncio.StreamReader() as output, stderr=asyncio.StreamReader() as complaints):
                with suppress(asyncio.IncompleteReadError, ConnectionError):
                    await self._pass_on(output, complaints)
        await self.remote_close()

    async def _pass_on(self, output: asyncio.StreamReader, complaints: asyncio.StreamReader) -> None:
        """Pass on pictures; a cockpit that does not begin tells the visitor why."""
        heard = asyncio.create_task(complaints.read())
        try:
            if await self._begins(output):
                await self._paint(output)
            else:
                await self.remote_write_bytes((await heard).replace(b"\n", b"\r\n"))
        finally:
            heard.cancel()

    async def _begins(self, output: asyncio.StreamReader) -> bool:
        while line := await output.readline():
            if line == _BEGIN:
                return True
        return False

    async def _paint(self, output: asyncio.StreamReader) -> None:
        """Take packets apart: a letter, four bytes of length, and the rest."""
        while True:
            head = await output.readexactly(5)
            packet = await output.readexactly(int.from_bytes(head[1:], "big"))
            if head[:1] == b"D":
                await self.on_data(packet)
            elif head[:1] == b"M":
                await self.on_meta(packet)

    async def end(self) -> None:
        """End the cockpit: as a closed terminal would, by force after a while."""
        process = self._process
        try:
            async with asyncio.timeout(FAREWELL):
                await self.stop()
                if process is not None:
                    await process.wait()
        except TimeoutError:
            _log.warning("a visitor's cockpit did not end and was killed")
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)  # its own `kill` would look for its end, and take it from `wait`
            await process.wait()


async def say(visit: Visit, line: web.WebSocketResponse, told: list[Any]) -> None:
    """Pass on what the browser's terminal tells: keys, its size, whether it is looked at.

    Raises:
        ValueError, TypeError: no terminal says such things.
    """
    kind, *what = told
    match kind, what:
        case "stdin", [str(keys)]:
            await visit.send_bytes(keys.encode())
        case "resize", [{"width": int(width), "height": int(height)}]:
            await visit.set_terminal_size(cells(str(width)), cells(str(height)))
        case "ping", [data]:
            await line.send_json(["pong", data])
        case "focus", _:
            await visit.focus()
        case "blur", _:
            await visit.blur()


def visitors_command(engines: Sequence[str]) -> list[str]:
    """Return what is run for each visitor; the working folder is no place to take programs from."""
    return [sys.executable, "-P", "-m", "radtui", "attach", *engines]


def cells(text: str | None) -> int:
    return min(max(int(text), 1), _MOST_CELLS) if text and text.isascii() and text.isdecimal() else 24
