"""The cockpit's own terminal driver: no terminal, however broken, stops the event loop (row T3).

Every use of something private to Textual stands in this module; `tests/tui/test_driver.py` holds the contract, which an
upgrade of Textual breaks loudly.
"""

from __future__ import annotations

import logging
import os
import selectors
import signal
import sys
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final

from textual import constants
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._xterm_parser import XTermParser
from textual.app import ScreenStackError
from textual.driver import Driver
from textual.drivers.linux_driver import (
    KITTY_DISAMBIGUATE_ESCAPE_CODES,
    KITTY_REPORT_ALL_KEYS,
    KITTY_REPORT_ASSOCIATED_TEXT,
    LinuxDriver,
)

from radtui.tui.frames import FrameWriter
from radtui.tui.keystream import Keystream
from radtui.tui.terminal import RESTORE, Terminal

if TYPE_CHECKING:
    from textual.app import App

_log: Final = logging.getLogger("radtui.tui")
_CONTROLS: Final = ("\x1b[?", "\x1b[>", "\x1b[<", "\x1b[=", "\x1b]", "\x07")
"""How everything begins that Textual writes and that is not a part of a frame."""
_KITTY: Final = KITTY_DISAMBIGUATE_ESCAPE_CODES | KITTY_REPORT_ALL_KEYS | KITTY_REPORT_ASSOCIATED_TEXT
_TICK: Final = 0.1
_LAST_WORDS: Final = 1.0
"""Seconds that a stalled terminal gets at the end to take the sequences that restore it."""


def driver_for(terminal: Terminal) -> type[Driver]:
    """Return the driver for a cockpit there: in a browser, or on a terminal."""
    if terminal.served:
        from radtui.tui.served import ServedDriver

        return ServedDriver
    return CockpitDriver


class CockpitDriver(LinuxDriver):
    """A driver for `App(driver_class=CockpitDriver)` that outlives its terminal.

    Attributes:
        on_gone: called once, in the event loop, when the terminal is gone for good. An app that has a method
            ``terminal_gone`` gets that one called, any other is told to exit.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.on_gone: Callable[[], object] = getattr(app, "terminal_gone", app.exit)
        self._context = copy_context()
        self._output_descriptor = 2 if sys.__stderr__ is None else sys.__stderr__.fileno()
        self._output: FrameWriter | None = None
        self._group: list[str] | None = None
        self._gone = False
        self._gone_lock = threading.RLock()
        self._woken = False
        self._raw: list[Any] | None = None
        self._last_size = (80, 24)

    @property
    def can_suspend(self) -> bool:
        """Never: the engine lives in this process, and a stopped process guards no position."""
        return False

    def terminal_gone(self) -> None:
        """Stop reading and writing for good and tell the app. From any thread, as often as you like."""
        with self._gone_lock:
            if self._gone:
                return
            self._gone = True
        if self._output is not None:
            self._output.abandon()
        self._in_loop(self.on_gone)

    # Output

    def write(self, data: str) -> None:
        """Hand `data` on without waiting. What stands between the marks of a synchronised update is one frame."""
        if self._output is None or self._gone:
            return
        if data == SYNC_START:
            self._group = []
        elif data == SYNC_END and self._group is not None:
            frame, self._group = "".join(self._group), None
            if frame:
                self._output.frame(SYNC_START + frame + SYNC_END)
        elif data.startswith(_CONTROLS):
            self._output.control(data)
        elif self._group is not None:
            self._group.append(data)
        else:
            self._output.frame(data)

    def start_application_mode(self) -> None:
        """Take the terminal over: alternate screen, raw keys, mouse, and the two threads."""
        self._output = FrameWriter(
            self._output_descriptor, drained=lambda: self._in_loop(self._repaint), lost=self.terminal_gone
        )
        self._output.start()
        try:
            super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual left it so
        except BaseException:
            self._force_restore()
            raise
        self._dismiss_stock_writer()
        for number in (signal.SIGTTIN, signal.SIGTTOU):
            # A shell that has taken the terminal back must not stop the engine: reading fails then, and we leave.
            signal.signal(number, signal.SIG_IGN)
        with suppress(termios.error):
            self._raw = termios.tcgetattr(self.fileno)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was, whatever goes wrong on the way."""
        self.write("\x1b[?1016l\x1b[0m")
        try:
            super().stop_application_mode()
        except BaseException:
            self._force_restore()
            raise

    def close(self) -> None:
        """End the output; a terminal that does not read is left behind after a second."""
        if self._output is not None:
            self._output.finish(_LAST_WORDS)

    def _force_restore(self) -> None:
        self.write(RESTORE)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    def _dismiss_stock_writer(self) -> None:
        """End the writer that the base class has started: its queue blocks the event loop when it is full."""
        if self._writer_thread is not None:
            self._writer_thread.stop()
            self._writer_thread = None

    def _repaint(self) -> None:
        """Paint the whole screen once, after frames were dropped."""
        app = self._app
        if self._gone or not app._running or app._exit:  # noqa: SLF001 - see the module's docstring
            return
        if app._batch_count:  # noqa: SLF001
            self._loop.call_later(_TICK, self._repaint, context=self._context)
            return
        with suppress(ScreenStackError):
            screen = app.screen
            update = screen._compositor.render_update(full=True, screen_stack=app._background_screens)  # noqa: SLF001
            app._display(screen, update)  # noqa: SLF001

    # Signals

    def _sigtstp_application(self, *_: object) -> None:
        """Stay: to stop this process is to stop the engine in it."""

    def _sigcont_application(self, *_: object) -> None:
        """Look once, in the event loop, whether the terminal was taken from us meanwhile.

        No lock: this runs between any two instructions of the main thread, which may hold it.
        """
        if not self._woken:
            self._woken = True
            self._in_loop(self._wake)

    def _wake(self) -> None:
        """Take the terminal over again where a shell has reset it; a hang-up sends SIGCONT too, and needs nothing."""
        self._woken = False
        if self._gone:
            return
        if self._key_thread is None:  # started in the background, and only now allowed to
            self.start_application_mode()
        elif self._raw is not None and self._was_reset():
            termios.tcsetattr(self.fileno, termios.TCSANOW, self._raw)
            self._take_over_again()
            self._repaint()

    def _was_reset(self) -> bool:
        try:
            cooked = termios.tcgetattr(self.fileno)[3] & termios.ICANON
            return bool(cooked) and os.tcgetpgrp(self.fileno) == os.getpgrp()
        except (termios.error, OSError):
            return False

    def _take_over_again(self) -> None:
        self.write("\x1b[?1049h\x1b[?25l\x1b[?1004h")
        if not constants.DISABLE_KITTY_KEY:
            self.write(f"\x1b[={_KITTY};1u")
        self._enable_mouse_support()
        self._enable_bracketed_paste()
        self._disable_line_wrap()

    def _in_loop(self, action: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody is left to tell
            self._loop.call_soon_threadsafe(action, context=self._context)

    # Input

    def run_input_thread(self) -> None:
        """Read keys until the app ends or the terminal is gone."""
        keys, parser = Keystream(), XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not (self.exit_event.is_set() or self._gone):
                text = keys.feed(self._read()) if selector.select(_TICK) else keys.idle()
                parser = self._dispatch(parser, text)

    def _read(self) -> bytes:
        try:
            data = os.read(self.fileno, 4096)
        except BlockingIOError:
            return b""
        except OSError:
            self.terminal_gone()
            return b""
        if not data:
            self._end_of_input()
        return data

    def _end_of_input(self) -> None:
        """Tell a hung-up terminal from one that another program has put into line mode for a moment."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            self.terminal_gone()
        else:
            self.exit_event.wait(_TICK)

    def _dispatch(self, parser: XTermParser, text: str) -> XTermParser:
        """Send what was typed, and return the parser to go on with: a new one where this one choked on `text`."""
        try:
            for message in parser.feed(text) if text else ():
                self.process_message(message)
            for message in parser.tick():
                self.process_message(message)
        except Exception as error:  # supervision point: no input, however strange, may end the cockpit
            _log.warning("input was not understood (%s)", type(error).__name__)  # not what it was: somebody typed it
            fresh = XTermParser(self._debug)
            fresh.mouse_pixels = parser.mouse_pixels
            fresh.terminal_size, fresh.terminal_pixel_size = parser.terminal_size, parser.terminal_pixel_size
            return fresh
        return parser

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return columns and lines of the terminal we paint on, which stdout need not be."""
        with suppress(OSError):
            columns, lines = os.get_terminal_size(self._output_descriptor)
            self._last_size = (columns or 80, lines or 24)
        return self._last_size
