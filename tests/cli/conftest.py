"""Commands are run as people run them: as processes, with folders of their own."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DEADLINE = 60.0
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(("RADTUI_", "KUCOIN_"))]:
        monkeypatch.delenv(name)
    for kind in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    return tmp_path


@pytest.fixture(scope="session")
def warm() -> Iterator[subprocess.Popen[bytes]]:
    """A process that becomes commands; see `tests.cli.warm`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.warm"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, cwd=PROJECT,
    )  # fmt: skip
    with process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def answered(process: subprocess.Popen[bytes], within: float) -> int | None:
    """Return the next number it says; None where it says nothing in time."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], within)
    return int(process.stdout.readline()) if ready else None


@pytest.fixture
def run(own_folders: Path, warm: subprocess.Popen[bytes], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run ``radtui`` with arguments; variables can be given, and a `stdout` of one's own."""
    said = tmp_path_factory.mktemp("said")

    def become(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        assert warm.stdin is not None
        out, err = said / "out", said / "err"
        request = [arguments, {**os.environ, **variables}, str(own_folders), str(out), str(err)]
        warm.stdin.write(json.dumps(request).encode() + b"\n")
        pid = answered(warm, DEADLINE)
        assert pid is not None
        code = answered(warm, DEADLINE)
        if code is None:
            os.kill(pid, signal.SIGKILL)
            answered(warm, DEADLINE)
            raise subprocess.TimeoutExpired(arguments, DEADLINE)
        return subprocess.CompletedProcess(arguments, code, out.read_text("utf-8"), err.read_text("utf-8"))

    def start(*arguments: str, stdout: int | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        if stdout is None and not any(name.startswith("PYTHON") for name in variables):
            return become(*arguments, **variables)
        return subprocess.run(
            [sys.executable, "-m", "radtui", *arguments],
            stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            encoding="utf-8", env={**os.environ, **variables}, cwd=own_folders, timeout=DEADLINE, check=False,
        )  # fmt: skip

    return start
