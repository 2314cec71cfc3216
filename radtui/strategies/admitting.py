"""What a parameter of a strategy may be, as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

_SIGNS: Final = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
_FEW: Final = 4
"""Choices that are all written out."""
_TYPES: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "true or false"), (int, "a whole number"), ((float, Decimal), "a number"), ((tuple, list), "a list"),
)  # fmt: skip


def words(field: FieldInfo) -> str:
    """Return what a parameter may be, for people."""
    bounds = bounds_of(field)
    if "choices" in bounds:
        return f"one of {ranged(bounds)}"
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(map(str, get_args(field.annotation)))}"
    kind = _kind(field.annotation)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(str(each.value) for each in kind)}"
    named = next((text for type_, text in _TYPES if isinstance(kind, type) and issubclass(kind, type_)), "a text")
    return ", ".join(filter(None, [named, ranged(bounds)]))


def _kind(annotation: Any) -> Any:
    """Return the class of a parameter's values; of ``X | None`` that of X."""
    if get_origin(annotation) in {Union, UnionType}:
        return _kind(next(part for part in get_args(annotation) if part is not NoneType))
    return get_origin(annotation) or annotation


def ranged(bounds: Mapping[str, Any]) -> str:
    """Return what is admitted as people read it: ``≥ 2, ≤ 200``, or the choices."""
    choices = bounds.get("choices")
    if choices is None:
        return ", ".join(f"{_SIGNS[kind]} {limit}" for kind, limit in bounds.items())
    return ", ".join(choices) if len(choices) <= _FEW else f"{choices[0]} … {choices[-1]}"


def bounds_of(field: FieldInfo) -> Mapping[str, Any]:
    """Return what a parameter admits, see `Knob`."""
    extra = field.json_schema_extra
    if isinstance(extra, dict) and isinstance(choices := extra.get("enum"), list):
        return {"choices": choices}
    return {kind: getattr(rule, kind) for kind in _SIGNS for rule in field.metadata if hasattr(rule, kind)}
