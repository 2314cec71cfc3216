"""The settings written down, generated from the code: a commented TOML file, and the table of the manual (row C1)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from radtui.core.money import plain
from radtui.settings.keys import KEYS, Key, environment_name
from radtui.settings.tree import SECTIONS

_HEAD = """\
# radtui: every setting with its default. Keep the lines you change and delete the others.
# Stronger than this file, in this order: .env in the working directory, the environment (RADTUI_SECTION__NAME), flags.
"""


def settings_table() -> list[tuple[str, str, str]]:
    """Return key, default and meaning (with its unit) of every setting, in the order of the tree."""
    return [(key.name, _default(key), key.meaning) for key in KEYS.values()]


def defaults_toml() -> str:
    """Return a TOML file of all defaults; read back it gives the defaults."""
    return "\n".join([_HEAD, *(block for section in SECTIONS for block in _section(section))])


def toml_value(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(str(value), ensure_ascii=False)


def _default(key: Key) -> str:
    return "not set" if key.default is None else "empty" if key.table else key.shown(toml_value(key.default))


def _section(name: str) -> Iterator[str]:
    yield f"[{name}]  # {(SECTIONS[name].__doc__ or '').strip()}"
    for key in KEYS.values():
        if key.name.startswith(f"{name}."):
            yield from _setting(key)
    yield ""


def _setting(key: Key) -> Iterator[str]:
    leaf = key.name.partition(".")[2]
    yield f"# {key.meaning}. Allowed: {key.allowed}"
    if key.table:
        yield f"[{key.name}]"
    elif key.default is None:
        sample = (
            f"# {leaf} ="
            if not key.secret
            else f"# {leaf} =   (better in the environment: {environment_name(key.name)})"
        )
        yield sample
    else:
        yield f"{leaf} = {toml_value(key.default)}"
