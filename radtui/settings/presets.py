"""Values that one choice brings along: weaker than anything that is written, stronger than the defaults (C3, L6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from radtui.settings.layers import Entry, Layer, strongest

DEV: Final[Mapping[str, Any]] = {"cycle.interval": 60.0, "cycle.max_retries": 3, "cycle.retry_delay": 10.0}
"""The pace of development (row L6)."""

PROFILES: Final[Mapping[str, Mapping[str, Any]]] = {"conservative": {}}
"""Limits of each risk profile, where they differ from the defaults (row S5): those are the conservative ones."""


def presets(layers: list[Layer]) -> list[Layer]:
    """Return the layers that the choices in `layers` bring along."""
    chosen = strongest(layers)
    dev, profile = chosen.get("bot.dev"), chosen.get("risk.profile")
    return [
        _layer(DEV, "set by bot.dev") if dev and _is_on(dev.value) else Layer({}),
        _layer(PROFILES.get(str(profile.value), {}), f"set by profile {profile.value}") if profile else Layer({}),
    ]


def _layer(values: Mapping[str, Any], where: str) -> Layer:
    return Layer.of(Entry(key, value, where) for key, value in values.items())


def _is_on(value: Any) -> bool:
    """Tell whether a value reads as true; one that reads as nothing is refused with the rest, not here."""
    try:
        return TypeAdapter(bool).validate_python(value)
    except ValidationError:
        return False
