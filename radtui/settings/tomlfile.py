"""A TOML file with the line of each key: tomllib reads the values exactly and keeps no lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

_PART: Final = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_HEADER: Final = re.compile(rf"\s*\[\[?\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_PAIR: Final = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_END: Final = "(at end of document)"


class BadFile(Exception):
    """A file that cannot be read; the text names it, and the line and column where there are any."""


def read(path: Path) -> tuple[dict[str, Any], str]:
    """Return the values of a TOML file, numbers with a point as Decimal, and its text.

    Raises:
        BadFile: it is not there, not readable, not UTF-8, or not TOML.
    """
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"{path} is not UTF-8 text (byte {error.start + 1}): save it as UTF-8") from None
    try:
        return tomllib.loads(text, parse_float=Decimal), text
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"{path} is not valid TOML: {_placed(str(error), text)}") from None


def flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the dotted keys of a tree with their values; an empty table is a value."""
    for name, value in tree.items():
        if isinstance(value, dict) and value:
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def lines(text: str) -> dict[str, int]:
    """Return the line of each key and table that begins one, counted from 1."""
    found: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _dotted(header[1]) + "."
            found.setdefault(table[:-1], number)
        elif pair := _PAIR.match(line):
            found.setdefault(table + _dotted(pair[1]), number)
    return found


def line_of(key: str, known: Mapping[str, int]) -> int | None:
    """Return the line of a key, or of the nearest table above it."""
    while key and key not in known:
        key = key.rpartition(".")[0]
    return known.get(key)


def _dotted(written: str) -> str:
    return ".".join(part.strip("\"'") for part in re.findall(_PART, written))


def _placed(message: str, text: str) -> str:
    """Say the line and column also where tomllib says only "at end of document"."""
    rows = text.splitlines() or [""]
    return message.replace(_END, f"(at line {len(rows)}, column {len(rows[-1]) + 1})")
