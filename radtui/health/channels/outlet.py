"""All channels together, and the watch over the engine's loop: alerts leave through here and nothing waits for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from threading import Event, Thread
from typing import Final

from msgspec.structs import replace

from radtui.core.alert_view import ChannelView
from radtui.health.channels.channel import Channel
from radtui.health.channels.message import Message

_LOOK: Final = 1.0
_FAREWELL: Final = 2.0
"""Seconds that what waits has at the end."""


class Outlet:
    """Sends to every channel.

    Args:
        longest: seconds that the engine's loop may be silent before that is told from here, for it cannot any more.
        silent: makes what is then sent, of the seconds so far.
        redact: returns a text without secrets: what leaves the machine is cleaned first.
    """

    def __init__(
        self,
        channels: Iterable[Channel] = (),
        *,
        longest: float = 30.0,
        silent: Callable[[float], Message] | None = None,
        redact: Callable[[str], str] = str,
        look: float = _LOOK,
    ) -> None:
        self.channels = {channel.name: channel for channel in channels}
        self._longest, self._silent, self._redact, self._look = longest, silent, redact, look
        self._heard_at = time.monotonic()
        self._opened = False
        self._closing = Event()
        self._watch = Thread(target=self._watching, name="alerts watch", daemon=True)

    def open(self) -> None:
        """Begin to send and to watch, the first time; without any channel there is nothing to do either for."""
        self.heard()
        if self._opened:
            return
        self._opened = True
        for channel in self.channels.values():
            channel.open()
        if self.channels and self._silent is not None:
            self._watch.start()

    def heard(self) -> None:
        """Note that the engine's loop lives."""
        self._heard_at = time.monotonic()

    def send(self, message: Message) -> None:
        """Queue a message for every channel; returns at once."""
        clean = replace(message, title=self._redact(message.title), body=self._redact(message.body))
        for channel in self.channels.values():
            channel.send(clean)

    def test(self, message: Message, name: str = "") -> dict[str, Future[str]]:
        """Send to one channel, or to all, before everything else; each future says why it failed, or is empty."""
        return {each.name: each.test(message) for each in self.channels.values() if name in {"", each.name}}

    def views(self) -> tuple[ChannelView, ...]:
        """Return how each channel fares."""
        return tuple(channel.view() for channel in self.channels.values())

    def close(self) -> None:
        """Send what waits, for no longer than two seconds altogether."""
        self._closing.set()
        until = time.monotonic() + _FAREWELL
        for channel in self.channels.values():
            channel.close(max(0.0, until - time.monotonic()))

    def _watching(self) -> None:
        told = False
        while not self._closing.wait(self._look):
            silent = time.monotonic() - self._heard_at
            if silent <= self._longest:
                told = False
            elif not told and self._silent is not None:
                told = True
                self.send(self._silent(silent))
