"""The port to where settings come from, and what they propose to an engine that flies (row C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from radtui.core.configuration_view import Change, SettingView
from radtui.engine.adjustment import Adjustment


class Unusable(Exception):
    """The settings cannot be taken over; `problems` has a line each, none shows a secret."""

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What the sources would bring.

    Attributes:
        changes: those that would be taken over. waiting: those that need a restart.
        adjustment: what the engine would be told.
        kept: the sources' own note, handed back when it is taken over.
    """

    changes: tuple[Change, ...]
    waiting: tuple[Change, ...]
    adjustment: Adjustment
    kept: Any = None


class Sources(Protocol):
    """Where settings come from. Each method may read files, and may be called on any thread, one at a time."""

    @property
    def file(self) -> str:
        """The settings file; empty where there is none."""
        ...

    def settings(self) -> Sequence[SettingView]:
        """Return what is in force, secrets masked."""
        ...

    def read(self) -> Proposal:
        """Read everything again; raises `Unusable`."""
        ...

    def change(self, values: Mapping[str, str | None], who: str) -> Proposal:
        """Set some by name, None for as the sources have it; raises `Unusable`."""
        ...

    def before(self) -> Proposal | None:
        """Return what a rollback would bring; None where nothing was changed."""
        ...

    def describe(self, values: Mapping[str, str | None]) -> str:
        """Return a change in words for the audit: no value that could be a secret."""
        ...

    def take(self, proposal: Proposal) -> None:
        """It is in force now. Where this raises, it is not, and everything is as before."""
        ...
