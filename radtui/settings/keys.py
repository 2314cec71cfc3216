"""Every setting by its dotted key: what it means, what it may be, and which name is nearest to a misspelt one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from radtui.settings.bots import OneBot
from radtui.settings.kinds import kind_in
from radtui.settings.risk import Risk
from radtui.settings.strategies import PORTFOLIO, STRATEGIES, model_of, name_of, told_names, typed
from radtui.settings.tree import SECTIONS, Settings
from radtui.strategies.admitting import words
from radtui.strategies.base import StrategyRefused

MASK: Final = "••••"
PREFIX: Final = "RADTUI_"
_LOGIN: Final = re.compile(r"(//)[^/@\s]*@")
"""User name and password inside an address."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting.

    Attributes:
        name: ``section.name``.
        meaning: one line for people, with the unit.
        allowed: what it may be, for people.
        table: holds entries under names of the user's own.
        live: a bot that flies can be told anew; all else takes a restart.
        type: of its values.
    """

    name: str
    meaning: str
    default: Any
    allowed: str
    secret: bool
    table: bool
    live: bool = False
    type: Any = Any

    def admits(self, value: Any) -> bool:
        """Return whether it may be `value`, as far as that can be said of this setting alone."""
        try:
            TypeAdapter(self.type).validate_python(value)
        except ValidationError:
            return False
        return True

    def shown(self, value: Any) -> str:
        """Return a value as people may see it: masked where it is a secret, shortened where it is long."""
        if self.secret and value is not None:
            return MASK
        text = "not set" if value is None else _LOGIN.sub(rf"\1{MASK}@", written(value))
        return text if len(text) <= 120 else text[:119] + "…"


def written(value: Any) -> str:
    """Return a value as text, lists with commas."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(map(written, value)) if isinstance(value, list | tuple) else str(value)


def environment_name(key: str) -> str:
    """Return the environment variable that sets `key`: ``risk.leverage`` → ``RADTUI_RISK__LEVERAGE``."""
    return PREFIX + key.replace(".", "__").upper()


def lookup(key: str) -> Key | None:
    """Return the setting that `key` names, also for an entry inside a table."""
    if parameter := parameter_of(key):
        return _key_of(key, *parameter)
    if key.startswith("bots."):
        return BOT_KEYS.get(_of_any_bot(key))
    table = KEYS.get(".".join(key.split(".")[:2]))
    return KEYS.get(key) or (table if table and table.table else None)


def parameter_keys(*trees: Settings) -> dict[str, Key]:
    """Return the parameters that are set in one of them, and all of the strategies that their bot trades by."""
    found: dict[str, Key] = {}
    for tree in trees:
        names = {told: None for spec in tree.flies for told in _told_to(spec, tree)}
        names |= {(name, each): None for name, table in tree.strategies.items() for each in table}
        for name, each in names:
            key = f"{STRATEGIES}.{name}.{each}"
            found[key] = _key_of(key, name, each, tree.flown)
    return found


def _told_to(spec: str, tree: Settings) -> list[tuple[str, str]]:
    """Return the name of a strategy that is flown with each of its parameters.

    A portfolio is told in its own section; a file that cannot be loaded any more is not asked.
    """
    try:
        name = name_of(spec)
        return [] if name == PORTFOLIO else [(name, each) for each in told_names(model_of(name, tree.flown))]
    except StrategyRefused:
        return []


def nearest(key: str) -> str | None:
    """Return the known key most like `key`: as a whole, else by its last part in any section."""
    key = key.lower().removeprefix(PREFIX.lower()).replace("__", ".")
    if key.startswith("bots.") and key.count(".") > 1:
        close = get_close_matches(_of_any_bot(key), BOT_KEYS, n=1, cutoff=0.75)
        return close[0].replace("NAME", key.split(".")[1], 1) if close else None
    whole = get_close_matches(key, KEYS, n=1, cutoff=0.75)
    if whole:
        return whole[0]
    by_leaf = {name.partition(".")[2]: name for name in KEYS}
    leaf = get_close_matches(key.rpartition(".")[2], by_leaf, n=1, cutoff=0.7)
    return by_leaf[leaf[0]] if leaf else None


def parameter_of(key: str) -> tuple[str, str] | None:
    """Return the strategy and its parameter that a key names, those of one of several bots too."""
    parts = key.split(".")
    if parts[0] == "bots":
        parts = parts[2:]
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == STRATEGIES else None


def _key_of(key: str, strategy: str, parameter: str, flown: Iterable[str] = ()) -> Key:
    """Return the setting that is a strategy's parameter; where the strategy is not installed, it admits anything."""
    try:
        field = model_of(strategy, flown).model_fields.get(parameter)
    except StrategyRefused:
        field = None
    if field is None:
        return Key(key, "", None, "what its strategy takes", secret=False, table=False, live=True)
    default = field.get_default(call_default_factory=True, validated_data={})
    meaning = field.description or ""
    return Key(key, meaning, default, words(field), secret=False, table=False, live=True, type=typed(field))


def _of_any_bot(key: str) -> str:
    """Return a bot's key without its name: ``bots.alpha.budget`` → ``bots.NAME.budget``."""
    return ".".join(("bots", "NAME", *key.split(".")[2:]))


def _key(name: str, field: FieldInfo) -> Key:
    allowed = next((kind.text for part in (*field.metadata, field.annotation) if (kind := kind_in(part))), None)
    return Key(
        name=name,
        meaning=field.description or "",
        default=field.get_default(call_default_factory=True),
        allowed=allowed or _allowed(field.annotation),
        secret=_holds(field.annotation, SecretStr),
        table=get_origin(field.annotation) is dict,
        live=_is_live(field),
        type=Annotated[field.annotation, field],
    )


def _is_live(field: FieldInfo) -> bool:
    extra = field.json_schema_extra
    return isinstance(extra, dict) and extra.get("live") is True


def _holds(annotation: Any, wanted: type) -> bool:
    return annotation is wanted or any(_holds(part, wanted) for part in get_args(annotation))


def _allowed(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return f"one of {', '.join(get_args(annotation))}"
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return f"one of {', '.join(annotation)}"
    if get_origin(annotation) is dict:
        return "a table of names and texts"
    return "true or false" if annotation is bool else "a text"


KEYS: Final[dict[str, Key]] = {
    f"{section}.{name}": _key(f"{section}.{name}", field)
    for section, kind in SECTIONS.items()
    for name, field in kind.model_fields.items()
}
"""All settings, in the order of the tree."""
BOT_KEYS: Final[dict[str, Key]] = {
    **{
        f"bots.NAME.{name}": _key(f"bots.NAME.{name}", field)
        for name, field in OneBot.model_fields.items()
        if name not in {"risk", STRATEGIES}
    },
    **{f"bots.NAME.risk.{name}": _key(f"bots.NAME.risk.{name}", field) for name, field in Risk.model_fields.items()},
}
"""What each of several bots may set for itself, under its name."""
