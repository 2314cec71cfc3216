"""Any value of a type of core's, for hypothesis: made from its own annotations, so that no new field is missed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

_TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(2**63), 2**63 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: _TEXTS,
    bytes: st.binary(max_size=12),
    bool: st.booleans(),
    NoneType: st.none(),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for any value of a type."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if get_origin(kind) is not None:
        return _made(get_origin(kind), get_args(kind))
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert issubclass(kind, msgspec.Struct), f"no values of {kind} are known"
    hints = get_type_hints(kind)
    return st.fixed_dictionaries({name: values(hints[name]) for name in kind.__struct_fields__}).map(
        lambda fields: kind(**fields)
    )


def _made(origin: Any, of: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Return a strategy for a union or a container."""
    if origin in {Union, UnionType}:
        return st.one_of([values(kind) for kind in of])
    if origin in {dict, Mapping}:
        return st.dictionaries(values(of[0]), values(of[1]), max_size=3)
    if origin is tuple and of[-1] is not Ellipsis:
        return st.tuples(*map(values, of))
    assert origin in {tuple, list}, f"no values of {origin} are known"
    return st.lists(values(of[0]), max_size=3).map(origin)
