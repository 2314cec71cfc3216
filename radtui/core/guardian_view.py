"""The guardian as a person sees it."""

from __future__ import annotations

import msgspec


class GuardianView(msgspec.Struct, frozen=True, kw_only=True):
    """Who looks after the account should the engine die.

    Attributes:
        wanted: this bot has one.
        missing: why there is none now; empty while one answers.
        acted_at: wall clock at which it was told what one did while no engine beat; None where none did anything.
        deeds: what that was. changed: it cancelled, protected or closed something, or could not.
    """

    wanted: bool = False
    missing: str = ""
    acted_at: int | None = None
    deeds: str = ""
    changed: bool = False
