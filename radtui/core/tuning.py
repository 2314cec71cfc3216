"""What of its configuration core can be given anew while it flies; all else stays as it was at the start (row C4)."""

from __future__ import annotations

import msgspec

from radtui.core.config import CoreConfig, Limits
from radtui.core.exit_terms import ExitTerms
from radtui.core.instruction import ExitPolicy
from radtui.core.windowing import Window


class Tuning(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of `CoreConfig` that may change; there they are explained.

    Who the bot is, what it trades and by which strategy are not among them: those make another bot of it.
    """

    cycle_interval: int
    max_retries: int
    retry_delay: int
    cycle_deadline: int
    protect_within: int
    hold_grace: int
    exits: ExitPolicy
    limits: Limits
    exit_terms: ExitTerms = ExitTerms()
    window: Window = Window()

    @classmethod
    def of(cls, config: CoreConfig) -> Tuning:
        """Return what of `config` may change."""
        return cls(**{name: getattr(config, name) for name in cls.__struct_fields__})

    def onto(self, config: CoreConfig) -> CoreConfig:
        """Return `config` with these in place of its own."""
        return msgspec.structs.replace(config, **msgspec.structs.asdict(self))
