from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from radtui.tui.frames import PATIENCE, FrameWriter

WAIT = 5.0
FULL = "x" * 300_000
"""More than a pipe holds: whoever writes it waits for a reader."""


class Bench:
    """A writer on a pipe that reads only when told to, with a clock that stands."""

    def __init__(self) -> None:
        self.reader, self.end = os.pipe()
        self.time = 0.0
        self.drained = threading.Event()
        self.lost = threading.Event()
        self.repaints = 0
        self.writer = FrameWriter(self.end, drained=self.on_drained, lost=self.lost.set, now=lambda: self.time)
        self.writer.start()

    def on_drained(self) -> None:
        self.repaints += 1
        self.drained.set()

    def read_until(self, end: bytes) -> bytes:
        data = b""
        while not data.endswith(end):
            data += os.read(self.reader, 65536)
        return data

    def stall(self) -> None:
        """Let the writer wait in the middle of a frame."""
        self.writer.frame(FULL)
        assert os.read(self.reader, 1) == b"x"  # it has begun
        self.time += PATIENCE + 0.1


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    os.set_blocking(bench.reader, False)
    while not bench.writer.finish(0.02):
        try:
            os.read(bench.reader, 1 << 20)
        except BlockingIOError:
            continue
    for descriptor in (bench.reader, bench.end):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_frames_and_controls_come_out_in_order(bench: Bench) -> None:
    for text in ("one", "two", "three"):
        bench.writer.frame(text)
    bench.writer.control("four")
    assert bench.read_until(b"four") == b"onetwothreefour"
    assert not bench.drained.is_set()


def test_a_stall_drops_whole_frames_keeps_controls_and_asks_for_one_repaint(bench: Bench) -> None:
    bench.stall()
    begun = time.perf_counter()
    for number in range(1000):
        bench.writer.frame(f"<frame {number}>")
    bench.writer.control("[bell]")
    assert time.perf_counter() - begun < 0.5
    data = bench.read_until(b"[bell]")
    assert data.strip(b"x") == b"[bell]"
    assert bench.drained.wait(WAIT)
    bench.writer.frame("<repaint>")
    assert bench.read_until(b">") == b"<repaint>"
    assert bench.repaints == 1


def test_frames_that_wait_too_long_are_dropped_with_the_one_that_finds_them(bench: Bench) -> None:
    bench.stall()
    bench.time -= 1.0  # not long yet
    bench.writer.frame("<old>")
    bench.time += 1.0
    bench.writer.frame("<new>")
    bench.writer.control("[end]")
    assert bench.read_until(b"[end]").strip(b"x") == b"[end]"
    assert bench.drained.wait(WAIT)


def test_a_short_wait_drops_nothing(bench: Bench) -> None:
    bench.stall()
    bench.time -= PATIENCE
    bench.writer.frame("<kept>")
    assert bench.read_until(b"<kept>").endswith(b"x<kept>")
    assert not bench.drained.is_set()


def test_finish_writes_the_controls_and_leaves_a_stalled_terminal_in_time(bench: Bench) -> None:
    bench.stall()
    bench.writer.control("[restore]")
    assert not bench.writer.finish(0.05)
    assert bench.read_until(b"[restore]").endswith(b"x[restore]")
    assert bench.writer.finish(WAIT)


def test_a_lost_terminal_is_told_once_and_swallows_what_follows(bench: Bench) -> None:
    os.close(bench.reader)
    bench.writer.frame("nobody reads this")
    assert bench.lost.wait(WAIT)
    bench.writer.frame("nor this")
    assert bench.writer.finish(WAIT)
    bench.reader = os.dup(bench.end)


def test_a_terminal_left_in_non_blocking_mode_gets_everything(bench: Bench) -> None:
    os.set_blocking(bench.end, False)
    bench.writer.frame(FULL + "<end>")
    assert len(bench.read_until(b"<end>")) == len(FULL) + 5
