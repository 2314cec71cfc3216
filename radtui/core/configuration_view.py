"""The settings as they are shown: what is in force, where it came from, and what another reading would change.

Secrets are masked before they come here.
"""

from __future__ import annotations

import msgspec


class SettingView(msgspec.Struct, frozen=True, kw_only=True):
    """One setting in force.

    Attributes:
        key: for example ``risk.leverage``. where: it came from, for people.
        live: it can be changed while the bot flies.
    """

    key: str
    value: str
    where: str
    live: bool


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that is another one in the sources than in force.

    Attributes:
        before: in force. after: as the sources have it. where: that came from.
        live: it can be changed while the bot flies; else it waits for a restart.
    """

    key: str
    before: str
    after: str
    where: str
    live: bool

    def __str__(self) -> str:
        return f"{self.key} {self.before} → {self.after}"


class ConfigurationView(msgspec.Struct, frozen=True, kw_only=True):
    """The configuration of an engine.

    Attributes:
        revision: 0 as at the start; one more for each change.
        changed_at: wall clock of the last change, nanoseconds UTC; None before the first. who: made it.
        changes: what it changed.
        waiting: what the sources had at the last reading and only a restart brings.
        undo: what a rollback would bring back; empty where there is nothing to roll back.
        file: the settings file that was read; empty where there is none.
        settings: empty where the engine has none that can be read again.
    """

    revision: int = 0
    changed_at: int | None = None
    who: str = ""
    changes: tuple[Change, ...] = ()
    waiting: tuple[Change, ...] = ()
    undo: tuple[Change, ...] = ()
    file: str = ""
    settings: tuple[SettingView, ...] = ()
