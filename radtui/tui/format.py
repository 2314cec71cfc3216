"""Figures as people read them: fixed decimals, thousands, a true minus, `–` for what did not arrive.

Pure functions. Times and durations are integer nanoseconds; a width is counted in terminal cells. No function ever
shows a negative zero, and none shows 0 for a figure that is missing.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal
from unicodedata import normalize

from rich.cells import get_character_cell_size

Align = Literal["left", "right", "center"]
Number = Decimal | int | float

DASH: Final = "–"
"""What stands for a figure that did not arrive."""
MINUS: Final = "−"
ELLIPSIS: Final = "…"
SECOND: Final = 1_000_000_000
_FULL: Final = "▓"
_VOID: Final = "░"
_SIZES: Final = ("B", "kB", "MB", "GB", "TB")


def number(value: Number | None, decimals: int = 0) -> str:
    """Return `value` with `decimals` decimals and thousands separated: 64210.1 → ``64,210.1``, -1.876 → ``−1.88``."""
    if value is None or not math.isfinite(value):
        return DASH
    text = f"{abs(value):,.{decimals}f}"
    return f"{MINUS}{text}" if value < 0 and _shows_something(text) else text


def signed(value: Number | None, decimals: int = 2) -> str:
    """Return `value` with its sign always shown, zero without one: ``+2.14``, ``−1.88``, ``0.00``."""
    text = number(value, decimals)
    positive = value is not None and value > 0 and _shows_something(text)
    return f"+{text}" if positive else text


def charged(cost: Number | None, decimals: int = 2) -> str:
    """Return a cost as what it does to the money: 1.06 → ``−1.06``; one below zero is a gain: -0.3 → ``+0.30``."""
    return signed(None if cost is None else -cost, decimals)


def counted(count: int, noun: str) -> str:
    """Return how many of something there are: ``1 stop``, ``1,204 cycles``."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def money(value: Decimal | None, currency: str = "", decimals: int = 2) -> str:
    """Return an amount, with its currency where one is given: ``10,214.38 USDT``."""
    return _with_unit(number(value, decimals), currency)


def percent(value: Number | None, decimals: int = 2) -> str:
    """Return a percentage of 0–100: ``99.42 %``."""
    return _with_unit(number(value, decimals), "%")


def signed_percent(value: Number | None, decimals: int = 2) -> str:
    """Return a percentage with its sign: ``+2.14 %``."""
    return _with_unit(signed(value, decimals), "%")


def seconds(value: float | None, decimals: int = 1) -> str:
    """Return seconds: 0.84 → ``0.8 s``."""
    return _with_unit(number(value, decimals), "s")


def milliseconds(value: float | None, decimals: int = 0) -> str:
    """Return milliseconds: 41.2 → ``41 ms``."""
    return _with_unit(number(value, decimals), "ms")


def rate(value: Number | None, per: str = "min", decimals: int = 0) -> str:
    """Return how often in a unit of time: ``312/min``."""
    text = number(value, decimals)
    return text if text == DASH else f"{text}/{per}"


def size(count: Number | None) -> str:
    """Return a number of bytes in decimal units, three figures at most: ``11.4 kB``, ``92 MB``."""
    if count is None or not math.isfinite(count):
        return DASH
    value, unit = float(count), 0
    while abs(value) >= 999.5 and unit < len(_SIZES) - 1:
        value, unit = value / 1000, unit + 1
    return f"{number(value, 1 if unit and abs(value) < 99.95 else 0)} {_SIZES[unit]}"


def countdown(nanoseconds: int | None) -> str:
    """Return what is left as a clock counts down: ``2:41``, ``1:02:41``, ``0:00`` once it is due."""
    if nanoseconds is None:
        return DASH
    minutes, second = divmod(max(0, nanoseconds) // SECOND, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def duration(nanoseconds: int | None) -> str:
    """Return a length of time in its two largest units: ``12 s``, ``41 min``, ``3 h 12 min``, ``9 d 4 h``."""
    if nanoseconds is None:
        return DASH
    whole = max(0, nanoseconds) // SECOND
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3600} h"


def age(nanoseconds: int | None) -> str:
    """Return an age for a narrow column: ``8s``, ``72m``, ``30h``, ``9d``."""
    if nanoseconds is None:
        return DASH
    whole = max(0, nanoseconds) // SECOND
    if whole < 90:
        return f"{whole}s"
    if whole < 90 * 60:
        return f"{whole // 60}m"
    return f"{whole // 3600}h" if whole < 48 * 3600 else f"{whole // 86_400}d"


def clock(at: int | None) -> str:
    """Return the time of day, UTC: ``14:02:11``."""
    return _moment(at, "%H:%M:%S")


def minute(at: int | None) -> str:
    """Return the time of day without seconds, UTC: ``14:02``."""
    return _moment(at, "%H:%M")


def stamp(at: int | None) -> str:
    """Return day and time, UTC: ``2025-11-20 14:02:11``."""
    return _moment(at, "%Y-%m-%d %H:%M:%S")


def since(at: int | None, now: int) -> str:
    """Return when something began, with the day where that is longer ago: ``11:48``, ``3 Nov 11:48``."""
    if at is None:
        return DASH
    return minute(at) if abs(now - at) < 86_400 * SECOND else _moment(at, "%d %b %H:%M").lstrip("0")


def bar(value: Number | None, width: int = 10) -> str:
    """Return a share of 0–100 as `width` cells: 18 of 10 cells → ``▓▓░░░░░░░░``.

    Any share above 0 shows at least one full cell, and only 100 and more shows no empty one.
    """
    share = 0.0 if value is None or not math.isfinite(value) else min(100.0, max(0.0, float(value)))
    filled = round(share / 100 * width)
    if 0 < share < 100 and width > 1:
        filled = min(width - 1, max(1, filled))
    return _FULL * filled + _VOID * (width - filled)


def gauge(value: Number | None, width: int = 10) -> str:
    """Return a share of 0–100 as a bar and a figure: ``▓▓░░░░░░░░ 18 %``."""
    return f"{bar(value, width)} {percent(value, 0)}"


def against(figure: str, limit: str, sign: str = "<") -> str:
    """Return a figure against its limit: ``0.84 s < 60 s``."""
    return f"{figure} {sign} {limit}"


def clean(text: str) -> str:
    """Return `text` on one line, without control characters and without what has no width of its own.

    What an exchange says must not steer a terminal, and every character left is one or two cells wide.
    """
    return text if text.isascii() and text.isprintable() else _cleaned(text)


@lru_cache(maxsize=4096)
def _cleaned(text: str) -> str:
    shown = (" " if char in "\t\n\r" else char if char.isprintable() else "·" for char in normalize("NFC", text))
    return "".join(char for char in shown if get_character_cell_size(char))


def width_of(text: str) -> int:
    """Return how many cells a clean text takes."""
    return len(text) if text.isascii() else sum(map(get_character_cell_size, text))


def cut(text: str, width: int) -> str:
    """Return `text`, cleaned, in at most `width` cells, with ``…`` as the last where something was left out."""
    text = clean(text)
    if width_of(text) <= width:
        return text
    if width < 1:
        return ""
    taken, used = [], 0
    for char in text:
        used += get_character_cell_size(char)
        if used > width - 1:
            break
        taken.append(char)
    return "".join(taken).rstrip() + ELLIPSIS


def fit(text: str, width: int, align: Align = "left") -> str:
    """Return `text`, cleaned, cut and padded to exactly `width` cells."""
    return _fitted(text, width, align)


@lru_cache(maxsize=8192)
def _fitted(text: str, width: int, align: Align) -> str:
    shown = cut(text, width)
    room = max(0, width - width_of(shown))
    before = {"left": 0, "right": room, "center": room // 2}[align]
    return " " * before + shown + " " * (room - before)


def _shows_something(digits: str) -> bool:
    return any(digit in "123456789" for digit in digits)


def _with_unit(text: str, unit: str) -> str:
    return text if text == DASH or not unit else f"{text} {unit}"


def _moment(at: int | None, pattern: str) -> str:
    return DASH if at is None else datetime.fromtimestamp(at // SECOND, UTC).strftime(pattern)
