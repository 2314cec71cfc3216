"""Commands are run as people run them: as processes, with folders of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radtui.api.door import Door
from radtui.settings.folders import control_folder
from tests.cli.obeying import Obeying
from tests.warm import PROJECT, Warm, warm

__all__ = ["warm"]

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


@pytest.fixture
def run(own_folders: Path, warm: Warm) -> Run:
    """Run ``radtui`` with arguments; variables can be given, and a `stdout` of one's own."""

    def start(*arguments: str, stdout: int | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **variables}
        if stdout is None and not any(name.startswith("PYTHON") for name in variables):
            return warm.run(*arguments, env=environment, cwd=own_folders, timeout=DEADLINE)
        return subprocess.run(
            [sys.executable, "-m", "radtui", *arguments],
            stdout=stdout or subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
            encoding="utf-8", env=environment, cwd=own_folders, timeout=DEADLINE, check=False,
        )  # fmt: skip

    return start


@pytest.fixture
def two(own_folders: Path) -> Iterator[tuple[Obeying, Obeying]]:
    """Two engines that obey, alpha and beta."""
    handles = Obeying(bot="alpha"), Obeying(bot="beta")
    doors = [Door(each, control_folder() / f"{each.seen.bot}.abcdef.sock") for each in handles]
    for door in doors:
        door.open()
    yield handles
    for door in doors:
        door.close()
