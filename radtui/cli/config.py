"""``radtui config``: what is set and where, whether it is right, and all that can be set."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from cyclopts import Parameter

from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.streams import say
from radtui.settings.document import defaults_toml, settings_table
from radtui.settings.loading import Loaded

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
_NO_FLAGS: Final = Flags()


def show(*, flags: Flags = _NO_FLAGS, as_json: AsJson = False) -> int:
    """Print every setting with its value and where it came from; secrets are masked."""
    loaded = opened(flags)
    say(_document(_shown(loaded)) if as_json else _page(loaded))
    return 0


def check(*, flags: Flags = _NO_FLAGS, as_json: AsJson = False) -> int:
    """Say whether the settings can be used; list every problem and exit 2 where they cannot."""
    loaded = opened(flags)
    read = str(loaded.file) if loaded.file else None
    say(_document({"ok": True, "problems": [], "file": read}) if as_json else f"OK ({read or 'no settings file'})")
    return 0


def defaults(*, as_json: AsJson = False) -> int:
    """Print all settings with their defaults: a TOML file to start from."""
    table = [{"key": key, "default": default, "meaning": meaning} for key, default, meaning in settings_table()]
    say(_document({"settings": table}) if as_json else defaults_toml().rstrip())
    return 0


def _shown(loaded: Loaded) -> Mapping[str, Any]:
    return {
        "file": str(loaded.file) if loaded.file else None,
        "settings": {row.key: {"value": row.value, "from": row.where} for row in loaded.rows()},
        "not_used_yet": {idle.name: {"value": idle.value, "from": idle.where} for idle in loaded.idle},
    }


def _page(loaded: Loaded) -> str:
    rows = [(row.key, row.value, row.where) for row in loaded.rows()]
    rows += [(idle.name, idle.value, f"{idle.where}; not used yet: {idle.meaning}") for idle in loaded.idle]
    key_width = max(len(key) for key, _, _ in rows)
    value_width = min(32, max(len(value) for _, value, _ in rows))
    return "\n".join(f"{key:<{key_width}}  {value:<{value_width}}  {where}" for key, value, where in rows)


def _document(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2)
