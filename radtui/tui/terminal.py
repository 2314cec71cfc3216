"""What this terminal can do, and whether the cockpit can run on it (row T3). Does not import textual."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LEAST_COLUMNS: Final = 40
LEAST_LINES: Final = 10
RESTORE: Final = (
    "\x1b[?2026l\x1b[0m\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[<u\x1b[?7h\x1b[?1049l\x1b[?25h"
)
"""What gives a terminal back that the cockpit had taken, whatever state it was in."""
DRIVER: Final = "TEXTUAL_DRIVER"
"""The variable by which a server of browsers says that there is no terminal but it."""
_STDIN: Final = 0
_STDERR: Final = 2
_RICH: Final = ("truecolor", "24bit")
_MANY: Final = ("256color", "kitty", "alacritty", "foot", "wezterm", "ghostty")
_LIGHT: Final = ("7", "15")


class Color(StrEnum):
    """How many colours there are: 16 million, 256, the terminal's own 16, none."""

    TRUECOLOR = "truecolor"
    INDEXED = "256"
    ANSI = "ansi"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terminal:
    """The terminal as it was found.

    Attributes:
        tty: keys can be read from stdin and the screen painted on stderr.
        term: the TERM variable.
        remote: the line goes through SSH, where bytes count.
        light: the terminal says that its background is bright.
        served: it is a browser's, behind pipes to whoever serves it.
    """

    tty: bool
    term: str
    color: Color
    columns: int
    lines: int
    remote: bool = False
    light: bool = False
    served: bool = False


def read_terminal(
    environ: Mapping[str, str] | None = None, *, color: str = "auto", stdin: int = _STDIN, stderr: int = _STDERR
) -> Terminal:
    """Look at the terminal behind two file descriptors.

    Args:
        environ: the environment; the process's own by default.
        color: `auto`, or one of `Color` to overrule what was found.
    """
    env = os.environ if environ is None else environ
    if DRIVER in env:
        return _served(env)
    columns, lines = _size(stderr)
    return Terminal(
        tty=os.isatty(stdin) and os.isatty(stderr),
        term=env.get("TERM", ""),
        color=_color(env) if color == "auto" else Color(color),
        columns=columns,
        lines=lines,
        remote="SSH_CONNECTION" in env or "SSH_TTY" in env,
        light=env.get("COLORFGBG", "").rpartition(";")[2] in _LIGHT,
    )


def refuse(terminal: Terminal) -> str:
    """Return why the cockpit cannot run here and what to do instead; empty when it can."""
    if not terminal.tty:
        return (
            "The cockpit needs a terminal on stdin and stderr, and there is none. Nothing was started. "
            "Without a terminal use: radtui run --headless"
        )
    if not terminal.served and terminal.term in {"", "dumb", "unknown"}:
        return (
            f"The cockpit cannot draw on this terminal (TERM={terminal.term or 'is not set'}). Nothing was started. "
            "Use another terminal, set TERM to what yours is (for example xterm-256color), or use radtui run --headless"
        )
    return ""


def notice(terminal: Terminal) -> str:
    """Return what a person should know of this terminal although the cockpit runs; empty when there is nothing."""
    if terminal.columns < LEAST_COLUMNS or terminal.lines < LEAST_LINES:
        return (
            f"This terminal is {terminal.columns}×{terminal.lines}; below {LEAST_COLUMNS}×{LEAST_LINES} figures are "
            "left out. Every key works."
        )
    return ""


def theme_for(terminal: Terminal, chosen: str = "") -> str:
    """Return the name of the theme to start with: the chosen one, else one that suits the terminal.

    Where there are 16 colours or fewer, and over SSH, the terminal's own colours: they cost a third of the bytes.
    """
    if terminal.color is Color.NONE or not chosen:
        kind = "ansi" if terminal.remote or terminal.color in {Color.ANSI, Color.NONE} else "radtui"
        return f"{kind}-light" if terminal.light else f"{kind}-dark"
    return chosen


def textual_environment(terminal: Terminal) -> dict[str, str]:
    """Return the variables that Textual reads at its import: to be set before, and only in our own process."""
    system = {Color.ANSI: "standard", Color.NONE: "standard"}.get(terminal.color, terminal.color.value)
    wanted = {"TEXTUAL_COLOR_SYSTEM": system, "TEXTUAL_ANIMATIONS": "none"}
    if terminal.color is Color.NONE:  # an app that does not begin with an ANSI theme turns colours into greys instead
        wanted |= {"NO_COLOR": "1", "TEXTUAL_THEME": "ansi-dark"}
    return wanted


def _served(env: Mapping[str, str]) -> Terminal:
    size = (env.get("COLUMNS", ""), env.get("ROWS", ""))
    columns, lines = (int(each) if each.isdecimal() else 0 for each in size)
    return Terminal(True, env.get("TERM", ""), Color.TRUECOLOR, columns or 80, lines or 24, served=True)


def _color(env: Mapping[str, str]) -> Color:
    term = env.get("TERM", "")
    if env.get("NO_COLOR"):
        return Color.NONE
    if env.get("COLORTERM", "").lower() in _RICH or term.endswith("-direct"):
        return Color.TRUECOLOR
    return Color.INDEXED if any(word in term for word in _MANY) else Color.ANSI


def _size(descriptor: int) -> tuple[int, int]:
    try:
        columns, lines = os.get_terminal_size(descriptor)
    except OSError:
        return 80, 24
    return columns or 80, lines or 24
