"""Which recorder a flight gets: the settings' bounds, the log's redaction, the journal's name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from radtui.cli.account import journal_file
from radtui.resilience.redaction import redact, suspicious
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.masking import Redaction
from radtui.store.recorder import SEGMENT, InlineRecorder, Recorder, ThreadRecorder
from radtui.store.shelf import FolderShelf

_MEGABYTE: Final = 1_000_000
_REDACTION: Final = Redaction(suspects=suspicious, redact=redact)
_SEGMENTS: Final = 8
"""A recording is cut into at least so many segments before the oldest goes."""


def recordings_folder(settings: Settings, there: Places) -> Path:
    """Return where this bot's recordings lie, beside the journal of the same name."""
    return there.state / "recordings" / journal_file(settings, there).stem


def recorder(settings: Settings, there: Places, boot: int, folder: Path | None = None) -> Recorder | None:
    """Return the recorder of a flight; None where nothing is to be recorded.

    Args:
        boot: wall clock of this start, nanoseconds UTC.
        folder: asked for at this start, in place of the settings.
    """
    if folder is None and not settings.recorder.enabled:
        return None
    shelf = _shelf(settings, folder or recordings_folder(settings, there), boot)
    return ThreadRecorder(shelf, _REDACTION, segment=_segment(settings))


def inline_recorder(settings: Settings, folder: Path, boot: int) -> Recorder:
    """Return the recorder of a flight under virtual time."""
    return InlineRecorder(_shelf(settings, folder, boot), _REDACTION, segment=_segment(settings))


def _shelf(settings: Settings, folder: Path, boot: int) -> FolderShelf:
    bound = settings.recorder.megabytes * _MEGABYTE
    return FolderShelf(folder.absolute(), boot, bound=bound, days=settings.recorder.days)


def _segment(settings: Settings) -> int:
    return min(SEGMENT, settings.recorder.megabytes * _MEGABYTE // _SEGMENTS)
