"""The control socket of an engine that a command flies: it lies there while it flies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from radtui.api.door import Door
from radtui.api.socket import SocketTaken
from radtui.cli.account import control_socket
from radtui.engine.handle import EngineHandle
from radtui.settings.places import Places
from radtui.settings.tree import Settings


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
