"""Real processes in folders of their own; the folder's own modules are importable by its tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from flights import Flight, Fly
from orphans import inherit
from terminal import Open, Terminal

from tests.warm import warm

__all__ = ["warm"]


@pytest.fixture
def fly(tmp_path: Path) -> Iterator[Fly]:
    """Start headless engines; what still flies at the end is killed."""
    flying: list[Flight] = []

    def start(*arguments: str, state: Path | None = None, **variables: str) -> Flight:
        flying.append(Flight(tmp_path, *arguments, state=state, **variables))
        return flying[-1]

    yield start
    for flight in flying:
        flight.close()


@pytest.fixture
def cockpit(tmp_path: Path) -> Iterator[Open]:
    """Start cockpits on terminals of their own; what is still open at the end is killed."""
    inherit()
    opened: list[Terminal] = []

    def start(*arguments: str, **options: Any) -> Terminal:
        opened.append(Terminal.cockpit(tmp_path, *arguments, **options))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()
