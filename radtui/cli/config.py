"""``radtui config``: what is set and where, whether it is right, all that can be set, and a running engine's part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from cyclopts import Parameter
from msgspec import to_builtins

from radtui.api.views import Answer
from radtui.cli.answers import finish, table
from radtui.cli.cautions import cautions
from radtui.cli.engines import Silent, chosen, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.streams import say
from radtui.cli.telling import PATIENCE, Bot, Timeout, Why, patient
from radtui.core.configuration_view import Change
from radtui.core.instruction import Ask
from radtui.exchange.check import Check
from radtui.settings.document import defaults_toml, settings_table
from radtui.settings.loading import Loaded

AsJson = Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")]
_NO_FLAGS: Final = Flags()
_CHANGES: Final = ("SETTING", "IN FORCE", "SET", "BY A", "WHERE")


def show(*, flags: Flags = _NO_FLAGS, as_json: AsJson = False) -> int:
    """Print every setting with its value and where it came from; secrets are masked."""
    loaded = opened(flags)
    say(_document(_shown(loaded)) if as_json else _page(loaded))
    return 0


def check(*, flags: Flags = _NO_FLAGS, as_json: AsJson = False) -> int:
    """Say whether the settings can be used; list every problem and exit 2 where they cannot."""
    loaded = opened(flags)
    read, warned = str(loaded.file) if loaded.file else None, list(cautions(loaded))
    if as_json:
        told = [{"name": each.name, "said": each.said, "remedy": each.remedy} for each in warned]
        say(_document({"ok": True, "problems": [], "warnings": told, "file": read}))
    else:
        say("\n".join([f"OK ({read or 'no settings file'})", *map(_warning, warned)]))
    return 0


def defaults(*, as_json: AsJson = False) -> int:
    """Print all settings with their defaults: a TOML file to start from."""
    table = [{"key": key, "default": default, "meaning": meaning} for key, default, meaning in settings_table()]
    say(_document({"settings": table}) if as_json else defaults_toml().rstrip())
    return 0


def diff(*, bot: Bot = None, timeout: Timeout = PATIENCE, as_json: AsJson = False) -> int:
    """Say what the settings have that a running engine does not go by: what a reload takes over, what a restart."""
    answer = _tell(Ask.CHECK_CONFIG, "validate", bot, timeout, {})
    if as_json or not answer.success or answer.receipt is None:
        return _finish(Ask.CHECK_CONFIG, answer, as_json=as_json)
    changes = answer.receipt.changes
    say(table(_CHANGES, map(_change, changes)) if changes else answer.message)
    return Exit.DONE


def reload(*, bot: Bot = None, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False) -> int:
    """Have a running engine read its settings again, and take over what can change in flight: all of it or nothing."""
    answer = _tell(Ask.RELOAD_CONFIG, "reload", bot, timeout, {"why": why})
    return _finish(Ask.RELOAD_CONFIG, answer, as_json=as_json)


def rollback(*, bot: Bot = None, why: Why = "", timeout: Timeout = PATIENCE, as_json: AsJson = False) -> int:
    """Have a running engine go by the settings before its last change again; no file is written."""
    answer = _tell(Ask.ROLLBACK_CONFIG, "rollback", bot, timeout, {"why": why})
    return _finish(Ask.ROLLBACK_CONFIG, answer, as_json=as_json)


def _tell(ask: Ask, route: str, bot: str | None, timeout: float, particulars: Mapping[str, Any]) -> Answer:
    seconds, engine = patient(timeout), chosen(bot)
    try:
        return engine.tell(ask, seconds, particulars, route=f"api/config/{route}")
    except Silent as silent:
        raise no_answer(engine, silent) from None


def _finish(ask: Ask, answer: Answer, *, as_json: bool) -> int:
    """Print what came of it; a refusal says by itself that nothing was changed."""
    if answer.success or answer.receipt is None:
        return finish(ask, answer, as_json=as_json)
    todo = "" if ask is Ask.ROLLBACK_CONFIG else "correct the settings, and ask again; the bot goes by the former ones"
    raise Failure(answer.message, todo=todo, document=to_builtins(answer, str_keys=True))


def _change(each: Change) -> tuple[str, ...]:
    return (each.key, each.before, each.after, "reload" if each.live else "restart", each.where)


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


def _warning(check: Check) -> str:
    return f"{check.verdict}  {check.said}\n{'':>6}→ {check.remedy}"


def _document(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2)
