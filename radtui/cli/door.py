"""The control socket of an engine that a command flies: where it lies, and that it lies there while it flies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from radtui.api.door import Door
from radtui.api.socket import SocketTaken
from radtui.cli.account import journal_file
from radtui.engine.handle import EngineHandle
from radtui.settings.folders import control_folder
from radtui.settings.places import Places
from radtui.settings.tree import Settings

SUFFIX = ".sock"


def control_socket(settings: Settings, there: Places) -> Path:
    """Return the socket of an engine: one for each journal, named by its bot, so that no two have the same."""
    journal = journal_file(settings, there)
    return control_folder() / f"{journal.stem}.{sha256(str(journal).encode()).hexdigest()[:6]}{SUFFIX}"


@contextmanager
def answering(settings: Settings, there: Places, handle: EngineHandle, warn: Callable[[str], None]) -> Iterator[None]:
    """Answer for the engine behind `handle`; where no socket can be made it flies without, and `warn` is told why."""
    door = Door(handle, control_socket(settings, there))
    try:
        door.open()
    except (SocketTaken, OSError) as error:
        warn(f"no control socket, so no command finds this engine: {error}")
        yield
        return
    try:
        yield
    finally:
        door.close()
