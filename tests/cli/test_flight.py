"""From settings to an engine: what cannot fly is refused with what to do, and left as it is."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.cli.flight import assemble, told
from radtui.cli.opening import opened
from radtui.core.memory import VERSION
from radtui.engine.engine import Engine
from radtui.resilience.clock import SystemClock
from radtui.store.memory import MemoryJournal
from radtui.store.port import BotState


@pytest.fixture
def journal() -> MemoryJournal:
    """What a newer radtui left."""
    first = MemoryJournal()
    memory = msgspec.msgpack.encode({"version": VERSION + 1})
    first.keep_state(BotState(desired="paused", who="key:alice", since=1, memory=memory))
    first.close(clean=True)
    return first.reopen()


def assembled(own_folders: Path, journal: MemoryJournal, *, fresh: bool) -> Engine:
    settings = opened(Flags(state=own_folders / "s")).settings
    config = settings.engine_config(boot=1, autostart=False, virtual=False)
    with told():
        return assemble(settings, config, journal, SystemClock(), fresh=fresh)


def test_the_memory_of_a_newer_radtui_is_not_flown_with(own_folders: Path, journal: MemoryJournal) -> None:
    with pytest.raises(Failure, match="the journal cannot be used") as failed:
        assembled(own_folders, journal, fresh=False)
    assert "written by a newer radtui" in failed.value.means
    assert "nothing was started" in failed.value.means


def test_a_fresh_account_needs_no_memory(own_folders: Path, journal: MemoryJournal) -> None:
    assert assembled(own_folders, journal, fresh=True).inherited is None
