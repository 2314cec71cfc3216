"""A door that a test scripts, and the door of a real engine, both on real sockets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from radtui.api.door import Door
from radtui.engine.host import EngineHost
from tests.api.callers import Caller, Scripted
from tests.engine.flights import Idle
from tests.engine.hosts import hosted


@pytest.fixture
def scripted() -> Scripted:
    return Scripted()


@pytest.fixture
def caller(scripted: Scripted, tmp_path: Path) -> Iterator[Caller]:
    door = Door(scripted, tmp_path / "run" / "scripted.sock")
    door.open()
    yield Caller(tmp_path / "run" / "scripted.sock")
    door.close()


@pytest.fixture
def host() -> Iterator[EngineHost]:
    flown = hosted(Idle)
    flown.start()
    yield flown
    flown.settle(who="test")


@pytest.fixture
def engine(host: EngineHost, tmp_path: Path) -> Iterator[Caller]:
    door = Door(host.handle, tmp_path / "run" / "engine.sock")
    door.open()
    yield Caller(tmp_path / "run" / "engine.sock")
    door.close()
