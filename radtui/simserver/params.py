"""The parameters of one request, wherever they stood: path, query or body; text and numbers alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from radtui.simserver.http import Json
from radtui.simserver.refusals import BAD_REQUEST, Refusal

E = TypeVar("E", bound=StrEnum)
_DIGITS: Final = 40
"""The most digits a figure may have: more is no price and no time."""


class Params:
    """A request's parameters by name. Numbers may come as text and text as numbers: both are taken.

    Every reader raises `Refusal` 400100 where what stands there can not be what it should be.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Json]) -> None:
        self._values = values

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def raw(self, name: str) -> Json:
        """Return what stands there."""
        return self._values.get(name)

    def text(self, name: str, default: str = "") -> str:
        """Return a text; a number is taken as its text."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise wrong(name)
        return str(value)

    def required(self, name: str) -> str:
        """Return a text that must be there."""
        if name not in self:
            raise Refusal(BAD_REQUEST, f"{name} can not be empty")
        return self.text(name)

    def decimal(self, name: str) -> Decimal | None:
        """Return a finite figure, None where there is none."""
        text = self.text(name).strip()
        return figure(name, text) if text else None

    def whole(self, name: str) -> int | None:
        """Return a whole number, None where there is none."""
        value = self.decimal(name)
        if value is None:
            return None
        if value != value.to_integral_value():
            raise wrong(name)
        return int(value)

    def count(self, name: str, default: int, most: int) -> int:
        """Return a number of 1 to `most`; more is taken as `most`."""
        value = self.whole(name)
        if value is None:
            return default
        if value < 1:
            raise wrong(name)
        return min(value, most)

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a yes or no: a JSON one, or its word."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        raise wrong(name)

    def choice(self, name: str, of: type[E], default: E | None = None) -> E:
        """Return one of an enumeration's values, whatever their case; without a default it must be there."""
        if name not in self and default is not None:
            return default
        text = self.required(name)
        for member in of:
            if member.value.lower() == text.lower():
                return member
        raise wrong(name)

    def one_of(self, name: str, allowed: Sequence[str], default: str = "") -> str:
        """Return one of the allowed words, or the default where there is none."""
        text = self.text(name, default)
        if text and text not in allowed:
            raise wrong(name)
        return text


def figure(name: str, text: str) -> Decimal:
    """Return the finite figure a text holds."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise wrong(name) from error
    if not value.is_finite() or len(text) > _DIGITS or abs(value.adjusted()) > _DIGITS:
        raise wrong(name)
    return value


def wrong(name: str) -> Refusal:
    """Return the refusal of a parameter that is not what it should be."""
    return Refusal(BAD_REQUEST, f"{name} parameter invalid")
