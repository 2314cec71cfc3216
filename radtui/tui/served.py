"""The driver of a cockpit in a browser: packets on standard input and output, to whoever serves it.

It owns no engine, so a browser that stalls may hold it up; one that has gone ends it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.drivers.web_driver import WebDriver

if TYPE_CHECKING:
    from textual.app import App


class ServedDriver(WebDriver):
    """Leaves quietly when the browser's tab, or the server between, is closed."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.on_gone: Callable[[], object] = getattr(app, "terminal_gone", app.exit)
        self._write = partial(self._send)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Take a word of the server's; ``quit`` means that the tab was closed."""
        if packet_type == "quit":
            self._gone()
        else:
            super().on_meta(packet_type, payload)

    def run_input_thread(self) -> None:
        """Read keys until the app ends or the server is gone."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._gone()

    def _send(self, data: bytes) -> int:
        try:
            return os.write(self.fileno, data)
        except OSError:
            self._gone()
            return 0

    def _gone(self) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(self.on_gone)
