"""The wire between core and the flight recorder: core answers first, then both go on record."""

from __future__ import annotations

from collections.abc import Callable

from radtui.core.commands import Command
from radtui.core.core import Core
from radtui.core.events import Event, PriceMoved
from radtui.store.checkpoint import NoCheckpoint, take
from radtui.store.recorder import Recorder


class Tap:
    """Hands events to core and shows the recorder what came and what was answered.

    Args:
        warn: told what an operator should know: kind, message and where.
    """

    def __init__(self, core: Core, recorder: Recorder, warn: Callable[[str, str, str], None]) -> None:
        self._core = core
        self._recorder = recorder
        self._warn = warn
        self._told = ""
        self._impossible = ""
        recorder.begin(core.config, self._state)

    def handle(self, event: Event) -> list[Command]:
        """Tell core of `event` and return its commands. An event that core breaks on is on record, too."""
        commands: list[Command] | None = None
        try:
            commands = self._core.handle(event)
        finally:
            self._recorder.note(event, commands)
        if type(event) is not PriceMoved:  # there are too many of them to look each time
            self._look()
        return commands

    def close(self) -> None:
        """End the recording."""
        self._recorder.close()

    def _look(self) -> None:
        trouble = self._recorder.trouble or self._impossible
        if trouble != self._told:
            self._told = trouble
            if trouble:
                self._warn("recorder", f"{trouble}; trading goes on", "recorder")

    def _state(self) -> bytes:
        try:
            return take(self._core)
        except NoCheckpoint as impossible:
            self._impossible = f"a replay can begin only where the flight began: {impossible}"
            return b""
