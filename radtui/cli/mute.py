"""The sign of an engine that answers nothing (``--mode minimal``), beside where its control socket would be.

Whoever looks for it finds who it is and how it is ended, instead of waiting for a socket that never comes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import structlog

from radtui.cli.account import control_socket
from radtui.settings.folders import control_folder
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.holder import Holder, myself
from radtui.store.lock import private_folder

_SUFFIX: Final = ".mute"
_holder: Final = msgspec.json.Decoder(Holder).decode


class MuteEngine(NamedTuple):
    """An engine of another process that answers nothing."""

    name: str
    pid: int

    @property
    def said(self) -> str:
        """What is to be said of it, for people."""
        return f"{self.name} (pid {self.pid}) flies in mode minimal: it answers no command; {self.how_to_end}"

    @property
    def how_to_end(self) -> str:
        """What ends it, for people."""
        return f"`kill -TERM {self.pid}` ends it gracefully, and positions keep their stops"


@contextmanager
def mute(settings: Settings, there: Places) -> Iterator[None]:
    """Leave the sign for as long as it flies; where that cannot be, it flies without."""
    path = _sign(settings, there)
    try:
        private_folder(path.parent)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(myself()))
    except OSError as error:
        structlog.get_logger("radtui.engine").warning("no sign for commands", error=str(error))
    try:
        yield
    finally:
        with suppress(OSError):  # one that stays names a process that has ended, and so nobody
            path.unlink(missing_ok=True)


def mute_engines(bot: str | None = None) -> list[MuteEngine]:
    """Return those that run here, or the one of that bot."""
    found = (_read(path) for path in sorted(control_folder().glob(f"*{_SUFFIX}")))
    return [each for each in found if each is not None and bot in {None, each.name, str(each.pid)}]


def mute_engine_of(settings: Settings, there: Places) -> MuteEngine | None:
    """Return the one that flies the account that the settings name."""
    return _read(_sign(settings, there))


def _sign(settings: Settings, there: Places) -> Path:
    return control_socket(settings, there).with_suffix(_SUFFIX)


def _read(path: Path) -> MuteEngine | None:
    try:
        holder = _holder(path.read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None
    return MuteEngine(path.name.split(".")[0], holder.pid) if holder.alive else None
