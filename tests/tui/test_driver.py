from __future__ import annotations

import fcntl
import inspect
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyte
import pytest
from textual import _ansi_sequences
from textual._compositor import Compositor
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers import linux_driver
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

APP = Path(__file__).with_name("driver_app.py")
COLUMNS, LINES = 100, 24
UNTOUCHED = b"\x1b[20;1H"
"""The start of a line that only a full paint sends."""
DEADLINE = 10.0
KITTY = re.compile(rb"\x1b\[[<>=][\d;]*u")


class Cockpit:
    """The small app at the far end of a pseudo-terminal."""

    def __init__(self, status: Path, *options: str) -> None:
        self.status_file = status
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.before = termios.tcgetattr(slave)
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        environment["PYTHONPATH"] = str(APP.parents[2])
        environment.pop("NO_COLOR", None)
        self.process = subprocess.Popen(
            [sys.executable, str(APP), str(status), *options],
            stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True,
        )  # fmt: skip
        self.slave: int | None = slave
        self.seen = bytearray()

    def status(self) -> dict[str, Any]:
        return json.loads(self.status_file.read_text()) if self.status_file.exists() else {"beats": 0, "cpu": 0.0}

    def until(self, true: Callable[[dict[str, Any]], bool], *, reading: bool = True) -> dict[str, Any]:
        deadline = time.monotonic() + DEADLINE
        while time.monotonic() < deadline:
            if reading:
                self.read(0.01)
            else:
                select.select([], [], [], 0.01)
            status = self.status()
            if true(status):
                return status
        pytest.fail(f"not within {DEADLINE} s: {self.status()}; last seen {bytes(self.seen[-1500:])!r}")

    def beats(self, more: int, *, reading: bool = True) -> dict[str, Any]:
        wanted = self.status()["beats"] + more
        return self.until(lambda status: status["beats"] >= wanted, reading=reading)

    def read(self, within: float) -> bytes:
        if not select.select([self.master], [], [], within)[0]:
            return b""
        data = os.read(self.master, 65536)
        self.seen += data
        return data

    def settle(self) -> None:
        while self.read(0.15):
            pass

    def type(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def hang_up(self) -> None:
        if self.slave is not None:
            os.close(self.slave)
            self.slave = None
        os.close(self.master)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor is not None:
                try:
                    os.close(descriptor)
                except OSError:
                    continue


def begun(status: Path, *options: str) -> Cockpit:
    cockpit = Cockpit(status, *options)
    cockpit.until(lambda facts: facts["beats"] > 8 and b"typed" in cockpit.seen)
    return cockpit


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Cockpit]]:
    all_begun: list[Cockpit] = []

    def begin(*options: str) -> Cockpit:
        all_begun.append(begun(tmp_path / f"status{len(all_begun)}.json", *options))
        return all_begun[-1]

    yield begin
    for cockpit in all_begun:
        cockpit.close()


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A cockpit on which nothing moves, for the tests that leave it as it was."""
    cockpit = begun(tmp_path_factory.mktemp("still") / "status.json")
    cockpit.type(b"z")
    cockpit.until(lambda status: status["frozen"])
    cockpit.settle()
    yield cockpit
    cockpit.close()


def replay(data: bytes) -> pyte.Screen:
    screen = pyte.Screen(COLUMNS, LINES)
    pyte.ByteStream(screen).feed(KITTY.sub(b"", data))
    return screen


def cells(screen: pyte.Screen) -> list[list[Any]]:
    return [[screen.buffer[y][x] for x in range(COLUMNS)] for y in range(LINES)]


def test_a_stalled_terminal_stops_nothing_and_is_painted_once_when_it_reads_again(
    start: Callable[..., Cockpit],
) -> None:
    cockpit = start()
    cockpit.until(lambda status: status["dropping"], reading=False)
    cockpit.beats(100, reading=False)  # two seconds and more in which nobody reads
    before = len(cockpit.seen)
    cockpit.until(lambda status: not status["dropping"])
    cockpit.type(b"z")
    cockpit.until(lambda status: status["frozen"])
    cockpit.settle()
    assert cockpit.seen[before:].count(UNTOUCHED) == 1
    after_stall = cells(replay(bytes(cockpit.seen)))
    full = len(cockpit.seen)
    cockpit.type(b"f")
    cockpit.until(lambda status: UNTOUCHED in cockpit.seen[full:] and status["typed"] == "zf")
    cockpit.settle()
    fresh = replay(bytes(cockpit.seen[full:]))
    assert "title 5" in fresh.display[0]
    wanted, typed_line = cells(fresh), next(y for y, text in enumerate(fresh.display) if "typed" in text)
    del after_stall[typed_line], wanted[typed_line]
    assert after_stall == wanted


@pytest.mark.parametrize("options", [(), ("ignore-hup",)], ids=["hang-up", "end-of-file"])
def test_a_closed_terminal_ends_the_cockpit_and_nothing_else(
    start: Callable[..., Cockpit], options: tuple[str]
) -> None:
    cockpit = start(*options)
    cockpit.type(b"z")  # nothing is painted any more: the reader alone can notice
    cockpit.until(lambda status: status["frozen"])
    cockpit.hang_up()
    gone = cockpit.until(lambda status: status["ui"] == "down", reading=False)
    later = cockpit.beats(30, reading=False)
    assert later["gone"] == 1
    assert later["cpu"] - gone["cpu"] < 0.4
    assert cockpit.process.poll() is None


def typed(cockpit: Cockpit, keys: bytes, wanted: str) -> None:
    """Type `keys` and see that exactly `wanted` arrives."""
    before = cockpit.status()["typed"]
    cockpit.type(keys)
    assert cockpit.until(lambda status: len(status["typed"]) >= len(before + wanted))["typed"] == before + wanted
    cockpit.settle()


def test_bytes_that_are_not_utf8_cost_no_key_and_a_mouse_report_is_none(still: Cockpit) -> None:
    typed(still, b"a\xe9b" + b"\x1b[M \xe1!" + b"c" + b"\xff\xfe\x80d" + "é!".encode(), "abcdé!")


def test_stop_and_continue_signals_change_nothing(still: Cockpit) -> None:
    quiet = len(still.seen)
    for _ in range(50):
        still.process.send_signal(signal.SIGTSTP)
        still.process.send_signal(signal.SIGCONT)
    still.beats(10)
    assert bytes(still.seen[quiet:]) == b""
    assert len(list(Path(f"/proc/{still.process.pid}/task").iterdir())) == 3  # the loop, one reader, one writer
    typed(still, b"k", "k")


def test_a_terminal_that_a_shell_has_reset_is_taken_over_again(still: Cockpit) -> None:
    assert still.slave is not None
    quiet = len(still.seen)
    termios.tcsetattr(still.slave, termios.TCSANOW, still.before)
    still.process.send_signal(signal.SIGCONT)
    still.until(lambda status: UNTOUCHED in still.seen[quiet:])
    assert not termios.tcgetattr(still.slave)[3] & termios.ICANON
    typed(still, b"k", "k")  # no line end: read only in raw mode


def test_leaving_gives_the_terminal_back(start: Callable[..., Cockpit]) -> None:
    cockpit = start()
    before = len(cockpit.seen)
    cockpit.type(b"x")
    cockpit.until(lambda status: cockpit.process.poll() is not None)
    assert cockpit.status()["typed"] == "x"
    cockpit.settle()
    assert cockpit.process.returncode == 0
    assert cockpit.slave is not None
    assert termios.tcgetattr(cockpit.slave)[:4] == cockpit.before[:4]
    for mode in (b"?1049l", b"?25h", b"?1000l", b"?1003l", b"?1006l", b"?1004l", b"?2004l", b"<u"):
        assert b"\x1b[" + mode in cockpit.seen[before:]


def test_leaving_a_stalled_terminal_does_not_hang(start: Callable[..., Cockpit]) -> None:
    cockpit = start()
    cockpit.until(lambda status: status["dropping"], reading=False)
    cockpit.type(b"x")
    cockpit.until(lambda status: cockpit.process.poll() is not None, reading=False)
    assert cockpit.process.returncode == 0


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (App, "_display _batch_count _background_screens _exit _running _begin_update _end_update _build_driver"),
        (
            LinuxDriver,
            (
                "_get_terminal_size _sigtstp_application _sigcont_application _enable_mouse_support run_input_thread "
                "_enable_bracketed_paste _disable_line_wrap start_application_mode stop_application_mode disable_input "
                "_run_input_thread process_message close write can_suspend"
            ),
        ),
        (XTermParser, "feed tick"),
        (linux_driver, "KITTY_DISAMBIGUATE_ESCAPE_CODES KITTY_REPORT_ALL_KEYS KITTY_REPORT_ASSOCIATED_TEXT"),
        (_ansi_sequences, "SYNC_START SYNC_END"),
    ],
    ids=["app", "driver", "parser", "kitty", "sync"],
)
def test_textual_still_has_what_the_driver_uses(owner: object, names: str) -> None:
    text = inspect.getsource(owner)  # type: ignore[arg-type]
    assert [name for name in names.split() if not hasattr(owner, name) and f"self.{name}" not in text] == []


def test_textual_still_works_the_way_the_driver_relies_on() -> None:
    assert {"full", "screen_stack"} <= set(inspect.signature(Compositor.render_update).parameters)
    assert "_compositor" in inspect.getsource(Screen.__init__)
    starting = inspect.getsource(LinuxDriver.start_application_mode)
    assert "self._writer_thread = WriterThread(self._file)" in starting
    assert "self._key_thread = Thread(target=self._run_input_thread" in starting
    assert "self.attrs_before = termios.tcgetattr(self.fileno)" in starting
    assert "self.exit_event" in inspect.getsource(LinuxDriver.disable_input)
    displaying = inspect.getsource(App._display)
    assert displaying.index("_begin_update()") < displaying.index("_driver.write(") < displaying.index("_end_update()")
    parser = inspect.getsource(XTermParser.__init__)
    for name in ("mouse_pixels", "terminal_size", "terminal_pixel_size"):
        assert f"self.{name}" in parser
