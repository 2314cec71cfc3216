"""Reading an answer that does not quite have the types it should: led by the struct that is wanted, not by guesses.

The exchange's documents, its own clients and what it really sends disagree on whether a figure is text or a number, on
whether a missing one is null, empty or left out, and on whether a list comes in pages. None of that is worth losing an
answer for. What is not the value wanted in any spelling is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")

_LISTS: Final = ("items", "dataList")
"""Where a page keeps its list."""
_WORDS: Final = {"true": True, "false": False, "1": True, "0": False}
_untyped: Final = msgspec.json.Decoder(float_hook=Decimal)


class Misfit(ValueError):
    """A value cannot be what is wanted."""


class _Hollow(Misfit):
    """Nothing stands where a value is wanted."""


def lenient(raw: bytes, kind: type[T]) -> T:
    """Return `raw` as a `kind`, with every value brought to the type its field wants.

    Raises:
        Misfit: a value is not what its field wants in any spelling.
        msgspec.DecodeError: it is not JSON, or a required field is missing.
    """
    return msgspec.convert(_fit(_untyped.decode(raw), inspect.type_info(kind)), kind, strict=False)


def _fit(found: Any, wanted: inspect.Type) -> Any:
    if isinstance(wanted, inspect.UnionType):
        return _fit_union(found, wanted)
    if isinstance(wanted, inspect.StructType) and not wanted.array_like:
        return _fit_struct(found, wanted)
    if isinstance(wanted, inspect.DictType) and isinstance(found, dict):
        return {key: _fit(value, wanted.value_type) for key, value in found.items()}
    if isinstance(wanted, inspect.ListType | inspect.VarTupleType):
        return [_fit(value, wanted.item_type) for value in _as_list(found)]
    if isinstance(wanted, inspect.StructType | inspect.TupleType):
        return [_fit(value, kind) for value, kind in zip(_as_list(found), _columns(wanted), strict=False)]
    return _fit_plain(found, wanted)


def _columns(wanted: inspect.StructType | inspect.TupleType) -> Iterable[inspect.Type]:
    return wanted.item_types if isinstance(wanted, inspect.TupleType) else [field.type for field in wanted.fields]


def _fit_union(found: Any, wanted: inspect.UnionType) -> Any:
    if found is None and wanted.includes_none:
        return None
    for kind in wanted.types:
        if not isinstance(kind, inspect.NoneType):
            try:
                return _fit(found, kind)
            except _Hollow:
                if wanted.includes_none:
                    return None
            except Misfit:
                continue
    raise Misfit("a value is none of the kinds it could be")


def _fit_struct(found: Any, wanted: inspect.StructType) -> dict[str, Any]:
    if isinstance(found, list):
        found = {name: found for name in _LISTS if name in {field.encode_name for field in wanted.fields}}
    if not isinstance(found, dict):
        raise Misfit(f"{wanted.cls.__name__}: an object is wanted")
    fitted: dict[str, Any] = {}
    for field in wanted.fields:
        if field.encode_name in found:
            try:
                fitted[field.encode_name] = _fit(found[field.encode_name], field.type)
            except _Hollow as error:
                if field.required:
                    raise Misfit(f"{wanted.cls.__name__}.{field.encode_name} is empty") from error
            except Misfit as error:
                raise Misfit(f"{wanted.cls.__name__}.{field.encode_name}: {error}") from error
    return fitted


def _as_list(found: Any) -> list[Any]:
    if isinstance(found, dict):
        lists = [found[name] for name in _LISTS if isinstance(found.get(name), list)]
        return lists[0] if lists else [found]
    if not isinstance(found, list):
        raise Misfit("a list is wanted")
    return found


def _fit_plain(found: Any, wanted: inspect.Type) -> Any:
    match wanted:
        case inspect.AnyType() | inspect.RawType():
            return found
        case inspect.StrType():
            return _text(found)
        case inspect.BoolType():
            return _truth(found)
        case inspect.DecimalType():
            return _number(found)
        case inspect.IntType():
            return _whole(found)
        case _:
            raise Misfit("its type is another one")


def _text(found: Any) -> str:
    if isinstance(found, bool | dict | list):
        raise Misfit("text is wanted")
    if found is None:
        raise _Hollow("text is wanted")
    return str(found)


def _truth(found: Any) -> bool:
    if found is None or found == "":
        raise _Hollow("yes or no is wanted")
    word = str(found).lower()
    if word not in _WORDS:
        raise Misfit("yes or no is wanted")
    return _WORDS[word]


def _number(found: Any) -> Decimal:
    if found is None or found == "":
        raise _Hollow("a number is wanted")
    if isinstance(found, bool | dict | list):
        raise Misfit("a number is wanted")
    try:
        number = Decimal(found)
    except InvalidOperation as error:
        raise Misfit("a number is wanted") from error
    if not number.is_finite():
        raise Misfit("a finite number is wanted")
    return number


def _whole(found: Any) -> int:
    number = _number(found)
    if number.adjusted() > _LONGEST or number != number.to_integral_value():
        raise Misfit("a whole number is wanted")
    return int(number)


_LONGEST: Final = 30
"""Digits after which a whole number is no count and no time of ours."""
