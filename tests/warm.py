"""Commands at half a second less each: a process that has loaded what every command loads, and becomes one.

What runs is a process of its own all the same, with its own folder, variables and end. Each line on stdin asks for one
(a list: arguments, variables, folder, files for stdout and stderr); the answers are its pid and, later, its exit code.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock

import pytest

PROJECT = Path(__file__).parents[1]
_TRUNCATED = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class Warm:
    """The near end: runs one command after the other."""

    def __init__(self, scratch: Path) -> None:
        self._out, self._err = scratch / "out", scratch / "err"
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=PROJECT,
        )  # fmt: skip

    def run(
        self, *arguments: str, env: Mapping[str, str], cwd: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """Run ``radtui`` to its end, as `subprocess.run` would.

        Raises:
            subprocess.TimeoutExpired: it took longer than `timeout` seconds; it was killed.
        """
        with self._lock:
            self._ask([arguments, dict(env), str(cwd), str(self._out), str(self._err)])
            pid = self._answer(timeout)
            assert pid is not None
            code = self._answer(timeout)
            if code is None:
                os.kill(pid, signal.SIGKILL)
                self._answer(timeout)
                raise subprocess.TimeoutExpired(arguments, timeout)
            out, err = (file.read_text("utf-8") for file in (self._out, self._err))
            return subprocess.CompletedProcess(arguments, code, out, err)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _ask(self, request: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")

    def _answer(self, within: float) -> int | None:
        """Return the next number it says; None where it says nothing in time."""
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], within)
        return int(self._process.stdout.readline()) if ready else None


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warm]:
    """What runs commands."""
    process = Warm(tmp_path_factory.mktemp("said"))
    yield process
    process.close()


def _become_asked() -> None:
    """Serve until stdin ends; return in each child, which then is the command."""
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(answers.fileno())
            return _dress(*json.loads(line))
        print(child, file=answers, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)
    sys.exit()


def _dress(arguments: list[str], variables: dict[str, str], folder: str, *files: str) -> None:
    for target, file in enumerate(("/dev/null", *files)):
        opened = os.open(file, _TRUNCATED if target else os.O_RDONLY, 0o600)
        os.dup2(opened, target)
        os.close(opened)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = [str(PROJECT / "radtui" / "__main__.py"), *arguments]


if __name__ == "__main__":
    import radtui.cli.app
    import radtui.settings.loading
    import radtui.store.writer  # loaded, for all that are to come

    _become_asked()
    radtui.cli.main()
