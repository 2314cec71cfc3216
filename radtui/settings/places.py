"""The folders radtui uses: the platform's own, unless a setting says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from radtui.settings.folders import cache_folder, config_folder, data_folder, state_folder
from radtui.settings.tree import Settings


@dataclass(frozen=True, slots=True)
class Places:
    """Where things lie.

    Attributes:
        config: ``config.toml`` and the user's own themes.
        state: journal, recorder, locks, logs and crash reports.
        candles: market data. cache: what can be made again.
        log: the file of the cockpit's log. attach_log: that of all cockpits which are attached to engines elsewhere.
    """

    config: Path
    state: Path
    candles: Path
    cache: Path
    log: Path
    attach_log: Path

    @property
    def themes(self) -> Path:
        """The user's own themes."""
        return self.config / "themes"


def places(settings: Settings) -> Places:
    """Return the folders that `settings` name. Nothing is created."""
    state = (settings.paths.state or state_folder()).absolute()
    return Places(
        config=config_folder(str(settings.paths.config) if settings.paths.config else None),
        state=state,
        candles=(settings.paths.data or data_folder() / "candles").absolute(),
        cache=cache_folder(),
        log=(settings.log.file or state / "radtui.log").absolute(),
        attach_log=state / "attach.log",
    )
