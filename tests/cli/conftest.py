"""Commands are run as people run them: as processes, with folders of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
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


@pytest.fixture
def run(own_folders: Path) -> Run:
    """Run ``radtui`` with arguments; `stdout` and variables can be given."""

    def start(*arguments: str, stdout: int = subprocess.PIPE, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "radtui", *arguments],
            stdout=stdout, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8",
            env={**os.environ, **variables}, cwd=own_folders, timeout=60, check=False,
        )  # fmt: skip

    return start
