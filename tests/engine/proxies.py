"""A bad line: a proxy between a cockpit and an engine that counts, delays, throttles, cuts, and falls silent."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from radtui.engine.socket_name import socket_name


@dataclass
class Way:
    """One direction.

    Attributes:
        bytes: that went this way, over all lines.
        rate: bytes a second; 0 for no limit.
        cut_after: bytes after which a line is cut, each counted anew; None for never.
    """

    bytes: int = 0
    rate: float = 0.0
    cut_after: int | None = None


class Proxy:
    """Hands on what comes to `path` to the socket at `target`; a thread of its own, steered from any other.

    Attributes:
        up: to the engine. down: to the cockpit.
        lines: how many were opened.
        delay: seconds that each chunk is late.
        shut: whoever connects is hung up on.
    """

    def __init__(self, path: Path, target: Path) -> None:
        self.path, self.target = path, target
        self.up, self.down = Way(), Way()
        self.lines = 0
        self.delay = 0.0
        self.shut = False
        self._ends: set[asyncio.StreamWriter] = set()
        self._lines: set[asyncio.Task[None]] = set()
        self._ready = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._main()), daemon=True)
        self._loop = asyncio.new_event_loop()
        self._over, self._sound = asyncio.Event(), asyncio.Event()
        self._sound.set()

    def start(self) -> None:
        self._loop.close()
        self._thread.start()
        assert self._ready.wait(10)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)

    def cut(self) -> None:
        """Break every line that is open now."""
        self._loop.call_soon_threadsafe(self._break)

    def hush(self) -> None:
        """Let nothing pass any more, either way, and tell nobody: a half-open line."""
        self._loop.call_soon_threadsafe(self._sound.clear)

    def speak(self) -> None:
        """Let everything pass again."""
        self._loop.call_soon_threadsafe(self._sound.set)

    async def _main(self) -> None:
        self._loop = asyncio.get_running_loop()
        with socket_name(self.path) as name:
            server = await asyncio.start_unix_server(self._take, name)
        self._ready.set()
        await self._over.wait()
        server.close()
        self._break()
        await asyncio.gather(*self._lines, return_exceptions=True)

    def _break(self) -> None:
        for end in self._ends:
            end.transport.abort()

    def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.shut:
            writer.transport.abort()
            return
        self.lines += 1
        line = asyncio.get_running_loop().create_task(self._line(reader, writer))
        self._lines.add(line)
        line.add_done_callback(self._lines.discard)

    async def _line(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = {writer}
        try:
            with socket_name(self.target) as name:
                back, there = await asyncio.open_unix_connection(name)
            ends.add(there)
            self._ends |= ends
            pumps = [
                asyncio.create_task(self._pump(reader, there, self.up)),
                asyncio.create_task(self._pump(back, writer, self.down)),
            ]
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass  # nobody is there: the line is cut, as it would be without us
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        gone = 0
        while data := await reader.read(2048 if way.rate else 65536):
            await self._sound.wait()
            await asyncio.sleep(self.delay + (len(data) / way.rate if way.rate else 0.0))
            left = len(data) if way.cut_after is None else max(0, way.cut_after - gone)
            writer.write(data[:left])
            with contextlib.suppress(OSError):
                await writer.drain()
            if left < len(data):
                return
            gone += len(data)
            way.bytes += len(data)


@contextmanager
def proxied(target: Path) -> Iterator[Proxy]:
    """Give a proxy in front of `target`."""
    proxy = Proxy(target.with_name("line.sock"), target)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.close()
