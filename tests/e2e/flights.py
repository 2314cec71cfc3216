"""A headless engine as a process."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from journals import Facts
from programs import DEADLINE, RADTUI, environment


class Flight:
    """``radtui run --headless``, with pipes that are files: nobody must read for it to fly.

    Args:
        home: folder of everything it writes. state: its state folder; its own where none is given.
    """

    def __init__(self, home: Path, *arguments: str, state: Path | None = None, **variables: str) -> None:
        self.state = state or home / "state"
        self._out = home / f"{self.state.name}.out"
        self._err = home / f"{self.state.name}.err"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [*RADTUI, "run", "--headless", "--report", "json", "--state", str(self.state), *arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=environment(home, **variables), cwd=home,
            )  # fmt: skip

    @property
    def facts(self) -> Facts:
        """Its journal."""
        return Facts(self.state, self.process)

    @property
    def said(self) -> str:
        """What it has written on standard error so far."""
        return self._err.read_text()

    @property
    def output(self) -> str:
        """What it has written on standard output so far."""
        return self._out.read_text()

    def report(self) -> dict[str, Any]:
        """Return the one document on its standard output."""
        document: dict[str, Any] = json.loads(self.output)
        return document

    def log(self) -> list[dict[str, Any]]:
        """Return the lines of its log; anything that is not JSON fails here."""
        return [json.loads(line) for line in self.said.splitlines()]

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end and return the exit code."""
        return self.process.wait(DEADLINE)

    def close(self) -> None:
        """End it, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


Fly = Callable[..., Flight]
