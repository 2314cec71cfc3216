"""What can be looked at on this machine alone before a flight: disk, lock, terminal."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from radtui.cli.account import account_lock
from radtui.exchange.check import Check, fail, ok, warn
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.tui.terminal import LEAST_COLUMNS, LEAST_LINES, Color, Terminal, refuse

Note = Callable[[Check], None]
"""Told of a finding."""

_TRIES: Final = 5
_BLOCK: Final = b"\0" * 4096
_QUICK: Final = 0.02
"""Seconds of a durable write up to which nobody notices it."""
_SLOW: Final = 0.25
"""Seconds from which on a cancel no longer waits for the journal; entries always do."""
_LEAST_FREE: Final = 200_000_000
_COLORS: Final = {
    Color.TRUECOLOR: "16 million colours",
    Color.INDEXED: "256 colours",
    Color.ANSI: "16 colours",
    Color.NONE: "no colours",
}
_SYNCHRONIZED: Final = ("kitty", "foot", "wezterm", "ghostty", "alacritty", "contour", "iterm", "tmux")
"""Terminals known to show a whole frame at once when asked (mode 2026); tmux does from 3.4 on."""


def disk(there: Places) -> Check:
    """Return how long a durable write takes where the journal lies or will lie."""
    folder = _nearest(there.state)
    remedy = "Choose another folder with --state, or set paths.state."
    try:
        took, free = _durable(folder), shutil.disk_usage(folder).free
    except OSError as error:
        return fail("disk", f"{folder} cannot be written: {error.strerror}. No order could be noted.", remedy)
    said = f"a durable write takes {took * 1000:.1f} ms in {folder}; {free / 1e9:.1f} GB free"
    if free < _LEAST_FREE:
        return warn("disk", f"{said}: nearly full", "Make room: without it entries stop.")
    if took > _SLOW:
        return fail("disk", f"{said}. Every entry waits for one; the limit is {_SLOW * 1000:.0f} ms.", remedy)
    if took > _QUICK:
        return warn("disk", f"{said}: slow, and every entry waits for one", "A local disk is better than a network's.")
    return ok("disk", said)


def lock(settings: Settings, there: Places) -> Check:
    """Return whether another engine flies this account."""
    held, what = account_lock(settings, there)
    holder = held.holder()
    if holder is None:
        return ok("lock", f"nobody flies {what}")
    said = f"process {holder.pid} flies {what}: a second engine would be refused"
    return warn("lock", said, f"`kill -TERM {holder.pid}` ends it gracefully.")


def terminal(found: Terminal, environ: Mapping[str, str], encoding: str) -> Check:
    """Return what the terminal can do for the cockpit.

    Args:
        encoding: of standard output.
    """
    if not found.tty:
        return warn("terminal", "none on stdin and stderr: no cockpit", "`radtui run --headless` needs none.")
    if refuse(found):
        return warn("terminal", f"TERM is {found.term or 'not set'}: no cockpit", "Set TERM to what yours is.")
    known = f"{found.term} {environ.get('TERM_PROGRAM', '')}".lower()
    whole = "whole frames" if any(name in known for name in _SYNCHRONIZED) else "whole frames not known"
    said = f"{found.columns}×{found.lines}, {_COLORS[found.color]}, {encoding}, {whole}"
    if found.columns < LEAST_COLUMNS or found.lines < LEAST_LINES:
        return warn("terminal", said, f"Enlarge it to {LEAST_COLUMNS}×{LEAST_LINES}: figures are left out below.")
    if encoding.lower().replace("-", "") != "utf8":
        return warn("terminal", said, "Set a UTF-8 locale, for example LANG=C.UTF-8: frames and signs need it.")
    return ok("terminal", said)


def encoding() -> str:
    """Return the encoding of standard output."""
    return getattr(sys.stdout, "encoding", None) or "none"


def _nearest(folder: Path) -> Path:
    """Return `folder`, or what is there above it: nothing is made only to look."""
    return next((each for each in (folder, *folder.parents) if each.is_dir()), Path("/"))


def _durable(folder: Path) -> float:
    """Return the median of a few durable writes, in seconds."""
    with tempfile.TemporaryFile(dir=folder) as file:
        return median(_write(file.fileno()) for _ in range(_TRIES))


def _write(descriptor: int) -> float:
    began = perf_counter()
    os.write(descriptor, _BLOCK)
    os.fsync(descriptor)
    return perf_counter() - began
