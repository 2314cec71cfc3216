"""Themes as data: one TOML file each, the shipped ones first, then the user's own (row T6)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

import radtui

if TYPE_CHECKING:
    from textual.theme import Theme

READABLE_TEXT: Final = 4.5
READABLE_MEANING: Final = 3.0
MEANINGS: Final = ("profit", "loss", "warn", "error", "stale")
"""The five meanings that colour repeats; there are no others."""

VARIABLES: Final = {
    "profit": "#5fd38d",
    "loss": "#ff8a80",
    "warn": "#e8b04b",
    "stale": "#8a93a5",
    "dim": "#8a93a5",
    "cursor": "#2a3242",
    "dim-style": "none",
    "stale-style": "none",
    "cursor-style": "none",
}
"""The CSS variables our widgets use, for an app to return from `get_theme_variable_defaults`: Textual's own themes, and
the moment before ours are registered, lack them."""

_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")
_PLAIN_ANSI: Final = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_ANSI: Final = {"ansi_default"} | {f"ansi_{bright}{name}" for name in _PLAIN_ANSI for bright in ("", "bright_")}


class Colors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a theme file says under ``[colors]``: each ``#rrggbb``, or each a name of the terminal's own 16 colours."""

    background: str
    panel: str
    border: str
    text: str
    dim: str
    accent: str
    profit: str
    loss: str
    warn: str
    error: str
    stale: str


class Palette(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One theme.

    Attributes:
        dark: light text on a dark ground.
        description: one line for the list of themes.
    """

    name: str
    dark: bool
    description: str
    colors: Colors

    @property
    def ansi(self) -> bool:
        """Whether it uses the terminal's own colours."""
        return self.colors.background.startswith("ansi_")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The themes there are, by name, and one sentence about each file with something wrong."""

    palettes: Mapping[str, Palette]
    complaints: tuple[str, ...] = ()


class BadTheme(Exception):
    """A theme file that cannot be used; the message is for people."""


def shipped_folder() -> Path:
    """Return where the shipped themes lie: inside the package in a wheel, beside it in a checkout."""
    package = Path(radtui.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def load(user_folder: Path | None = None, shipped: Path | None = None) -> Shelf:
    """Return the shipped themes and the user's, which take the place of shipped ones of the same name.

    A broken file is left out, and a theme that is hard to read is kept; both are complained of.
    """
    palettes: dict[str, Palette] = {}
    complaints: list[str] = []
    for path in [*_files(shipped or shipped_folder()), *_files(user_folder)]:
        try:
            palette = read(path)
        except BadTheme as refusal:
            complaints.append(str(refusal))
            continue
        palettes[palette.name] = palette
        complaints.extend(f"Theme {path.name} is hard to read: {fault}." for fault in hard_to_read(palette)[:1])
    return Shelf(palettes, tuple(complaints))


def read(path: Path) -> Palette:
    """Return the theme in a file.

    Raises:
        BadTheme: it cannot be read, is not TOML, lacks something, or names a colour that is none.
    """
    try:
        palette = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Palette)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise BadTheme(f"Theme {path.name} is left out: {str(fault).rstrip('.')}.") from fault
    fault_found = _fault(palette)
    if fault_found:
        raise BadTheme(f"Theme {path.name} is left out: {fault_found}.")
    return palette


def contrast(one: str, other: str) -> float:
    """Return the contrast of two ``#rrggbb`` colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def hard_to_read(palette: Palette) -> list[str]:
    """Return what lacks contrast on the theme's background; nothing for colours that the terminal chooses."""
    if palette.ansi:
        return []
    wanted = {"text": READABLE_TEXT, "dim": READABLE_MEANING, "accent": READABLE_MEANING}
    wanted |= dict.fromkeys(MEANINGS, READABLE_MEANING)
    found = {name: contrast(getattr(palette.colors, name), palette.colors.background) for name in wanted}
    return [
        f"{name} has a contrast of {found[name]:.1f} on the background, {least} is needed"
        for name, least in wanted.items()
        if found[name] < least
    ]


def to_textual(palette: Palette) -> Theme:
    """Return the theme as Textual knows themes, with our meanings as CSS variables."""
    from textual.theme import Theme

    colors = palette.colors
    return Theme(
        name=palette.name,
        dark=palette.dark,
        ansi=palette.ansi,
        primary=colors.accent,
        secondary=colors.accent,
        accent=colors.accent,
        foreground=colors.text,
        background=colors.background,
        surface=colors.background,
        panel=colors.panel,
        boost=colors.panel,
        success=colors.profit,
        warning=colors.warn,
        error=colors.error,
        variables=_variables(palette),
    )


def _variables(palette: Palette) -> dict[str, str]:
    colors = palette.colors
    meanings = {name: getattr(colors, name) for name in (*MEANINGS, "dim")}
    frame = {
        "border": colors.accent,
        "border-blurred": colors.border,
        "footer-background": colors.background,
        "footer-key-foreground": colors.accent,
        "block-cursor-text-style": "none",
    }
    if not palette.ansi:
        return meanings | frame | {"frame": colors.border, "cursor": colors.panel} | _styles("none", "none")
    night, day = ("ansi_black", "ansi_white") if palette.dark else ("ansi_white", "ansi_black")
    selection = {
        "ansi-background": night,
        "ansi-foreground": day,
        "foreground-disabled": "ansi_default 50%",
        "surface-active": "ansi_default",
        "block-cursor-background": colors.accent,
        "block-cursor-foreground": "ansi_black" if palette.dark else "ansi_bright_white",
    }
    return meanings | frame | selection | {"frame": colors.border, "cursor": "ansi_default"} | _styles("dim", "reverse")


def _styles(faint: str, cursor: str) -> dict[str, str]:
    return {"dim-style": faint, "stale-style": faint, "cursor-style": cursor}


def _fault(palette: Palette) -> str:
    values = msgspec.structs.asdict(palette.colors)
    for key, value in values.items():
        if not _HEX.fullmatch(value) and value not in _ANSI:
            return f"{key} is {value!r}, which is neither #rrggbb nor a name like ansi_green or ansi_bright_blue"
    if len({value.startswith("ansi_") for value in values.values()}) > 1:
        return "it mixes #rrggbb with ansi_ names; use one kind for all colours"
    return "" if palette.name.strip() else "its name is empty"


def _files(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from sorted(folder.glob("*.toml"))


def _luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
