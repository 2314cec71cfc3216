"""Guardians as processes: found by what they wrote, and ended with their test."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from flights import Flight
from programs import DEADLINE

_HIRED: Final = 0.5
"""Seconds until one that was hired at the last moment has said so."""


class Guardians:
    """Every guardian that the engines of one state folder have hired."""

    def __init__(self, state: Path) -> None:
        self._folder = state / "guard"
        self._engines: list[Flight] = []

    def of(self, engine: Flight) -> None:
        """Take note of an engine that would hire another one for each that is ended."""
        self._engines.append(engine)

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of their log."""
        lines = [line for path in self._folder.glob("*.log") for line in path.read_text().splitlines()]
        return [json.loads(line) for line in lines]

    def record(self) -> list[dict[str, Any]]:
        """Return their deeds."""
        lines = [line for path in self._folder.glob("*.jsonl") for line in path.read_text().splitlines()]
        return [json.loads(line) for line in lines]

    def did(self, *wanted: str) -> list[tuple[str, str]]:
        """Return what was done of these kinds, with the contract, in order."""
        return [(deed["did"], deed.get("symbol", "")) for deed in self.record() if deed["did"] in wanted]

    def alive(self) -> list[int]:
        """Return the processes that live."""
        return [line["pid"] for line in self.log() if line["event"] == "on guard" and _guards(line["pid"])]

    def until(self, true: Callable[[Guardians], Any], what: str, *, within: float = DEADLINE) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + within
        while not true(self):
            if time.monotonic() > deadline:
                pytest.fail(f"not within {within:g} s: {what}; record {self.record()}, log {self.log()[-5:]}")
            time.sleep(0.05)

    def close(self) -> None:
        """End the engines, and then those that are left."""
        for engine in self._engines:
            engine.close()
        time.sleep(_HIRED)
        for pid in self.alive():
            os.kill(pid, signal.SIGKILL)


def resident(pid: int) -> float:
    """Return the memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _guards(pid: int) -> bool:
    try:
        return b"radtui.guard" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
