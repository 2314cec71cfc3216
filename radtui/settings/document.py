"""The settings written down, generated from the code: a commented TOML file, and the table of the manual (row C1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from radtui.core.money import plain
from radtui.settings.keys import BOT_KEYS, KEYS, Key, environment_name
from radtui.settings.tree import SECTIONS

_HEAD = """\
# radtui: every setting with its default. Keep the lines you change and delete the others.
# Stronger than this file, in this order: .env in the working directory, the environment (RADTUI_SECTION__NAME), flags.
"""
_FIRST = """\
# radtui: the settings of a bot. What begins with # is a default: take the # away to change it.
# Stronger than this file are, in this order: a .env beside it, one in the working directory, the environment
# (RADTUI_SECTION__NAME), flags.
"""
_SECRETS = """\
# The secrets of a bot, for one user's eyes alone (0600). Take the # away from what you fill in.
"""
_LIVE = ". Taken over in flight by `radtui config reload`"


def settings_table() -> list[tuple[str, str, str]]:
    """Return key, default and meaning (with its unit) of every setting, in the order of the tree."""
    return [(key.name, _default(key), key.meaning) for key in KEYS.values()]


def defaults_toml() -> str:
    """Return a TOML file of all defaults; read back it gives the defaults."""
    return "\n".join([_HEAD, *(block for section in SECTIONS for block in _section(section)), *_bots()])


def first_toml(chosen: Mapping[str, Any]) -> str:
    """Return a TOML file that sets what was `chosen`, by key; all else stands there as a comment with its default."""
    return "\n".join([_FIRST, *(block for section in SECTIONS for block in _section(section, chosen)), *_bots()])


def secrets_env() -> str:
    """Return a ``.env`` with the place of every secret, and none."""
    lines = [_SECRETS]
    for key in KEYS.values():
        if key.secret:
            name = environment_name(key.name) + ("__NAME" if key.table else "")
            lines += [f"# {key.meaning}. Allowed: {key.allowed}", f"# {name}="]
    return "\n".join([*lines, ""])


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


def _section(name: str, chosen: Mapping[str, Any] | None = None) -> Iterator[str]:
    yield f"[{name}]  # {(SECTIONS[name].__doc__ or '').strip()}"
    for key in KEYS.values():
        if key.name.startswith(f"{name}."):
            yield from _setting(key) if chosen is None else _first(key, chosen)
    yield ""


def _first(key: Key, chosen: Mapping[str, Any]) -> Iterator[str]:
    """Return a setting as it stands in a first file: a value where it was chosen, else a comment."""
    *meaning, value = _setting(key)
    yield from meaning
    if key.name in chosen:
        yield f"{key.name.partition('.')[2]} = {toml_value(chosen[key.name])}"
    else:
        yield value if value.startswith("#") else f"# {value}"


def _bots() -> Iterator[str]:
    yield "# What a strategy is told: a table each, for example [strategies.ema_cross] with fast = 10."
    yield f"# `radtui strategies` lists every parameter with its default and range{_LIVE}."
    yield "# [strategies.NAME]"
    yield ""
    yield "# Several bots in one engine: a table each, for example [bots.alpha], with a name of your own. What it"
    yield "# does not set it has from above; its own limits stand in [bots.NAME.risk], with the names of [risk]."
    yield "# [bots.NAME]"
    for key in BOT_KEYS.values():
        if not key.name.startswith("bots.NAME.risk."):
            yield f"# {key.meaning}. Allowed: {key.allowed}"
            yield f"# {key.name.rpartition('.')[2]} ="
    yield ""


def _setting(key: Key) -> Iterator[str]:
    leaf = key.name.partition(".")[2]
    yield f"# {key.meaning}. Allowed: {key.allowed}{_LIVE if key.live else ''}"
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
