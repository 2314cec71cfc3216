"""A cockpit in a browser leaves quietly, however its server goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from radtui.tui.driver import CockpitDriver, driver_for
from radtui.tui.served import ServedDriver
from radtui.tui.terminal import DRIVER, read_terminal

PROJECT = str(Path(__file__).parents[2])
APP = """
import sys
from textual.app import App
from textual.widgets import Static
from radtui.tui.driver import driver_for
from radtui.tui.terminal import read_terminal

class Small(App[str]):
    def compose(self):
        yield Static("hello", id="said")

    def on_key(self, event):
        self.query_one("#said", Static).update(f"key {event.key}")

    def terminal_gone(self):
        self.exit("gone")

left = Small(driver_class=driver_for(read_terminal())).run(mouse=False)
print(left, file=sys.stderr)
"""


class Served:
    """An app, served by us."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", APP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": PROJECT, DRIVER: "x", "COLUMNS": "40"},
        )  # fmt: skip
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.keys, self.paint = self.process.stdin, self.process.stdout
        assert self.paint.readline() == b"__GANGLION__\n"

    def send(self, kind: bytes, content: bytes) -> None:
        self.keys.write(kind + len(content).to_bytes(4, "big") + content)
        self.keys.flush()

    def painted(self, text: bytes) -> None:
        """Read packets until one paints `text`."""
        seen = b""
        while text not in seen:
            head = self.paint.read(5)
            assert head, seen
            seen += self.paint.read(int.from_bytes(head[1:], "big"))

    def left(self) -> str:
        """Return how it was left."""
        assert self.process.stderr is not None
        said = self.process.stderr.read().decode()
        assert self.process.wait(30) == 0, said
        return said.strip()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                with suppress(OSError):  # what was not sent is not missed
                    stream.close()


@pytest.fixture
def served() -> Iterator[Served]:
    made = Served()
    yield made
    made.close()


def test_a_browser_is_painted_on_and_its_keys_arrive(served: Served) -> None:
    served.painted(b"hello")
    served.send(b"D", b"x")
    served.painted(b"key x")
    served.send(b"M", json.dumps({"type": "resize", "width": 60, "height": 20}).encode())
    served.send(b"D", b"y")
    served.painted(b"y")


def test_a_closed_tab_is_a_terminal_that_is_gone(served: Served) -> None:
    served.painted(b"hello")
    served.send(b"M", b'{"type": "quit"}')
    assert served.left() == "gone"


def test_so_is_a_server_that_died(served: Served) -> None:
    served.painted(b"hello")
    served.keys.close()
    assert served.left() == "gone"


def test_and_one_that_reads_no_more(served: Served) -> None:
    served.painted(b"hello")
    served.paint.close()
    served.send(b"D", b"x")
    assert served.left() == "gone"


def test_the_driver_is_the_terminals() -> None:
    assert driver_for(read_terminal({DRIVER: "x"})) is ServedDriver
    assert driver_for(read_terminal({"TERM": "xterm"})) is CockpitDriver


def test_a_signal_ends_it(served: Served) -> None:
    served.painted(b"hello")
    served.process.send_signal(signal.SIGTERM)
    assert served.left() == "None"
