"""Values that one choice brings along: weaker than anything that is written, stronger than the defaults (C3, L6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from radtui.settings.layers import Entry, Layer, strongest
from radtui.settings.risk import NONE, OWN, Risk

DEV: Final[Mapping[str, Any]] = {"cycle.interval": 60.0, "cycle.max_retries": 3, "cycle.retry_delay": 10.0}
"""The pace of development (row L6)."""

PROFILES: Final[Mapping[str, Mapping[str, Any]]] = {
    "conservative": {},
    "balanced": {
        "risk.position_share": "0.3",
        "risk.risk_per_trade": "0.02",
        "risk.leverage": 5,
        "risk.max_positions": 8,
        "risk.drawdown": "0.1",
        "risk.losing_streak": 4,
    },
    "aggressive": {
        "risk.position_share": "0.5",
        "risk.risk_per_trade": "0.03",
        "risk.leverage": 10,
        "risk.stop_share": "0.08",
        "risk.max_positions": 10,
        "risk.daily_loss": "0.15",
        "risk.drawdown": "0.2",
        "risk.losing_streak": 5,
    },
    OWN: {"risk.position_share": None, "risk.risk_per_trade": None, "risk.leverage": None},
    NONE: {
        "risk.adapt_leverage": False,
        "risk.stop_share": "0.9",
        "risk.max_positions": 100,
        "risk.group_share": 1,
        "risk.min_confidence": 0.0,
        "risk.exposure_share": 1,
        "risk.daily_loss": 1,
        "risk.drawdown": 1,
        "risk.losing_streak": 1000,
        "risk.entries_per_minute": 1000,
        "risk.max_spread": None,
        "risk.max_volatility": None,
        "exits.stop": 0,
        "exits.reward": 0,
        "exits.trailing": 0,
        "exits.break_even": 0,
        "exits.ladder": False,
        "exits.stall_after": 0.0,
        "exits.longest": 0.0,
        "window.trades": 0,
    },
}
"""Limits of each risk profile, where they differ from the defaults (row S5): those are the conservative ones."""
_BOTS: Final = "bots."
_PROFILE: Final = "risk.profile"


def with_brought(names: Iterable[str]) -> frozenset[str]:
    """Return settings with those that may change along with them: a profile in force is all of what it brings."""
    own = frozenset(names)
    return own.union(*PROFILES.values()) if _PROFILE in own else own


def presets(layers: list[Layer]) -> list[Layer]:
    """Return the layers that the choices in `layers` bring along."""
    chosen = strongest(layers)
    dev, profile = chosen.get("bot.dev"), chosen.get(_PROFILE)
    of_all = [name for name in _profile(profile.value if profile else "") if name not in chosen]
    return [
        _layer(DEV, "set by bot.dev") if dev and _is_on(dev.value) else Layer({}),
        *(_of_bot(key, str(entry.value), of_all) for key, entry in chosen.items() if _is_bots(key)),
        _layer(_profile(profile.value), f"set by profile {profile.value}") if profile else Layer({}),
    ]


def _profile(name: Any) -> Mapping[str, Any]:
    return PROFILES.get(str(name), {})


def _is_bots(key: str) -> bool:
    return key.startswith(_BOTS) and key.endswith(f".{_PROFILE}")


def _of_bot(key: str, profile: str, of_all: Iterable[str]) -> Layer:
    """Return what a profile brings to one of several bots, which has limits of its own and no exits of its own.

    Args:
        of_all: what only the profile of all bots has set: it has none of that, or a bold one would reach through.
    """
    bot, fields = key.removesuffix(f".{_PROFILE}"), Risk.model_fields
    usual = {name: fields[field].default for name in of_all if (field := name.removeprefix("risk.")) in fields}
    own = {name: value for name, value in {**usual, **_profile(profile)}.items() if name.startswith("risk.")}
    return _layer({f"{bot}.{name}": value for name, value in own.items()}, f"set by profile {profile}")


def _layer(values: Mapping[str, Any], where: str) -> Layer:
    return Layer.of(_entries(values, where))


def _entries(values: Mapping[str, Any], where: str) -> Iterator[Entry]:
    return (Entry(key, value, where) for key, value in values.items())


def _is_on(value: Any) -> bool:
    """Tell whether a value reads as true; one that reads as nothing is refused with the rest, not here."""
    try:
        return TypeAdapter(bool).validate_python(value)
    except ValidationError:
        return False
