"""How a command ends when it does not succeed: a title, what it means, what to do, and the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    REFUSED = 1
    """Refused or failed."""
    USAGE = 2
    """The command line or the settings are wrong; nothing was started."""
    NO_ENGINE = 3
    """No engine there."""
    NOT_SAFE = 4
    """Positions or orders remain."""
    INTERRUPTED = 130
    """Ctrl+C."""


class Failure(Exception):
    """What a command raises to end with a message for people instead of a traceback.

    Attributes:
        title: what happened, one line.
        means: what it means for the operator and their money.
        todo: what to do.
        code: the exit code.
        document: what ``--json`` prints in place of the three texts; None for those.
    """

    def __init__(
        self,
        title: str,
        *,
        means: str = "",
        todo: str = "",
        code: Exit = Exit.REFUSED,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(title)
        self.title = title
        self.means = means
        self.todo = todo
        self.code = code
        self._document = document

    def text(self) -> str:
        """Return the message for a terminal."""
        todo = f"What to do: {self.todo}" if self.todo else ""
        return "\n".join([f"radtui: {self.title}", *(f"  {line}" for line in (*self.means.splitlines(), todo) if line)])

    def document(self) -> Mapping[str, Any]:
        """Return the message as ``--json`` prints it."""
        told = {"title": self.title, "means": self.means, "todo": self.todo, "code": int(self.code)}
        return {"error": told} if self._document is None else self._document
