"""What of the bot a headless engine is: everything, all but trading, the feeds to look at, or the engine alone (A4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec

from radtui.cli.failures import Exit, Failure
from radtui.core.config import Policy, Remit
from radtui.core.instruction import ExitPolicy
from radtui.engine.config import EngineConfig
from radtui.settings.tree import Settings

Word = Literal["paper", "live", "full", "api", "feeds", "minimal"]
"""What ``--mode`` takes: whether money is real, and what runs. Both may be said, each once."""
_MONEY: Final = ("paper", "live")


class RunMode(StrEnum):
    """What runs."""

    FULL = "full"
    API = "api"
    FEEDS = "feeds"
    MINIMAL = "minimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a mode has.

    Attributes:
        remit: what the bot may do.
        journal: it flies on the bot's journal, and leaves its traces there; else on one in memory.
        answers: commands, cockpits and programs find it.
        services: alerts are judged and told, the flight is recorded.
    """

    remit: Remit = Remit.TRADE
    journal: bool = True
    answers: bool = True
    services: bool = True

    def settings(self, settings: Settings) -> Settings:
        """Return `settings` without what the mode does not have."""
        changed: dict[str, Mapping[str, Any]] = {}
        if not self.services:
            changed |= {"alerts": _no_alerts(), "recorder": {"enabled": False}}
        if self.remit is Remit.WATCH:
            changed |= _HANDS_OFF
        sections = {name: getattr(settings, name).model_copy(update=update) for name, update in changed.items()}
        return settings.model_copy(update=sections)

    def config(self, config: EngineConfig) -> EngineConfig:
        """Return `config` with what the bot may do."""
        return msgspec.structs.replace(config, core=msgspec.structs.replace(config.core, remit=self.remit))


PARTS: Final = {
    RunMode.FULL: Parts(),
    RunMode.API: Parts(remit=Remit.PROTECT),
    RunMode.FEEDS: Parts(remit=Remit.WATCH, journal=False),
    RunMode.MINIMAL: Parts(answers=False, services=False),
}
_HANDS_OFF: Final[Mapping[str, Mapping[str, Any]]] = {
    "recovery": {"foreign_positions": Policy.LEAVE},
    "shutdown": {"exits": ExitPolicy.KEEP},
    "guard": {"start": "off", "exchange_switch": False},
    "recorder": {"enabled": False},
}
"""Whoever only watches adopts nothing, and has no guardian that would act in its place."""


def sorted_words(words: tuple[Word, ...]) -> tuple[Literal["paper", "live"] | None, RunMode]:
    """Return what ``--mode`` says of the money, None where nothing, and what runs.

    Raises:
        Failure: two words say different things of the same (exit code 2).
    """
    money = dict.fromkeys(word for word in words if word in _MONEY)
    runs = dict.fromkeys(RunMode(word) for word in words if word not in _MONEY)
    for said in (money, runs):
        if len(said) > 1:
            raise Failure(
                f"--mode cannot be {' and '.join(said)} at once",
                means="Nothing was started.",
                todo="say one of paper and live, and one of full, api, feeds and minimal",
                code=Exit.USAGE,
            )
    live: Literal["paper", "live"] | None = "live" if "live" in money else "paper" if money else None
    return live, next(iter(runs), RunMode.FULL)


def _no_alerts() -> Mapping[str, Any]:
    from radtui.health.alerts.rules import RULES

    return {"channels": {}, "muted": tuple(RULES)}
