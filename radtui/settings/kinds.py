"""What a value may be: each kind checks it and says in words what is allowed, so that the two cannot differ."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from ipaddress import ip_address
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, Final, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, SecretStr, WrapValidator

from radtui.core.market import TIMEFRAMES
from radtui.settings import tokens
from radtui.venue.faults import BadFault, Fault, FaultPlan

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Kind(ABC):
    """Stands in an ``Annotated`` type. `text` says what is allowed."""

    @property
    @abstractmethod
    def text(self) -> str:
        """What is allowed, for people."""

    @abstractmethod
    def admits(self, value: Any) -> bool:
        """Tell whether a value of the right type is allowed."""

    def _check(self, value: Any, inner: Callable[[Any], Any]) -> Any:
        if isinstance(value, bool) or not self.admits(known := inner(value)):
            raise ValueError(self.text)
        return known

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return WrapValidator(self._check).__get_pydantic_core_schema__(source, handler)


@dataclass(frozen=True)
class Within(Kind):
    """A finite number from `low` to `high`, both allowed; `above` leaves `low` out."""

    low: str
    high: str
    above: bool = False
    whole: bool = False

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        number = "a whole number" if self.whole else "a number"
        return f"{number} {f'above {self.low}, up' if self.above else f'from {self.low}'} to {self.high}"

    def admits(self, value: Any) -> bool:
        """Tell whether the number lies within."""
        if isinstance(value, float) and not isfinite(value):
            return False
        low, high = Decimal(self.low), Decimal(self.high)
        return low <= value <= high and not (self.above and value == low)


@dataclass(frozen=True)
class NoneOr(Kind):
    """0 for never, or what `kind` admits."""

    kind: Kind

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return f"0, or {self.kind.text}"

    def admits(self, value: Any) -> bool:
        """Tell whether it is 0 or admitted."""
        return value == 0 or self.kind.admits(value)


@dataclass(frozen=True)
class Spelled(Kind):
    """A text of one pattern, described in words."""

    pattern: str
    words: str

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return self.words

    def admits(self, value: Any) -> bool:
        """Tell whether the whole text fits the pattern."""
        return re.fullmatch(self.pattern, value) is not None


@dataclass(frozen=True)
class EachOnce(Kind):
    """Several values, none of them twice, described in words."""

    words: str

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return f"{self.words}, none of them twice"

    def admits(self, value: Any) -> bool:
        """Tell whether each is named once."""
        return len(set(value)) == len(value)


@dataclass(frozen=True)
class OneOf(Kind):
    """One of a few texts; `remark` says why others are not there."""

    choices: tuple[str, ...]
    remark: str = ""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        choices = ", ".join(self.choices)
        return (f"one of {choices}" if len(self.choices) > 1 else choices) + self.remark

    def admits(self, value: Any) -> bool:
        """Tell whether the text is one of them."""
        return value in self.choices


@dataclass(frozen=True)
class Address(Kind):
    """An https address; http only on this machine, where the simulated exchange listens."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "an https:// address (http:// only to localhost), without user name and password in it"

    def admits(self, value: Any) -> bool:
        """Tell whether keys may be sent there."""
        try:
            parts = urlsplit(value)
        except ValueError:
            return False
        local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
        schemes = {"http", "https"} if local else {"https"}
        return bool(parts.hostname) and "@" not in parts.netloc and parts.scheme in schemes


@dataclass(frozen=True)
class Place(Kind):
    """The path of a file or a folder."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "a path"

    def admits(self, value: Any) -> bool:
        """Tell whether a file system can have such a path."""
        return "\0" not in str(value)


@dataclass(frozen=True)
class Injected(Kind):
    """Settings of a fault plan."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return (
            f"NAME=CHANCE, separated by commas, of {', '.join(Fault)}; latency=MILLISECONDS, latency-tail=MILLISECONDS"
        )

    def admits(self, value: Any) -> bool:
        """Tell whether the simulated exchange understands them."""
        try:
            FaultPlan.parse(value)
        except BadFault:
            return False
        return True


@dataclass(frozen=True)
class Numeric(Kind):
    """A numeric address to listen at: a name could resolve to more than was meant."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "a numeric address such as 127.0.0.1 or ::1"

    def admits(self, value: Any) -> bool:
        """Tell whether it is one."""
        try:
            return value is None or bool(ip_address(value))
        except ValueError:
            return False


@dataclass(frozen=True)
class Zoned(Kind):
    """A time zone that this machine knows."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return "a time zone that this machine knows, as UTC or Europe/Berlin"

    def admits(self, value: Any) -> bool:
        """Tell whether there is one of this name."""
        try:
            return value == "UTC" or bool(ZoneInfo(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is no zone, nor is a path
            return False


@dataclass(frozen=True)
class Admitting(Kind):
    """Bearer tokens."""

    @property
    def text(self) -> str:
        """What is allowed, for people."""
        return tokens.ALLOWED

    def admits(self, value: Any) -> bool:
        """Tell whether every one of them can be used."""
        try:
            return value is None or bool(tokens.parse_tokens(value.get_secret_value()))
        except ValueError:
            return False


def kind_in(annotation: Any) -> Kind | None:
    """Return the first kind that stands anywhere in a type, or None."""
    if isinstance(annotation, Kind):
        return annotation
    return next((kind for part in get_args(annotation) if (kind := kind_in(part))), None)


def _split(value: object) -> object:
    """Make a list of ``a,b``: the form of a list in the environment and in a flag. Commas alone are no empty list."""
    if not isinstance(value, str):
        return value
    parts = [part.strip() for part in value.split(",") if part.strip()]
    return parts or [value] * bool(value.strip())


def _stripped(value: object) -> object:
    """Drop the blanks and line ends that come along when a value is copied; an empty one is none."""
    return (value.strip() or None) if isinstance(value, str) else value


def _joined(value: object) -> object:
    """Make a text of a list: several tokens in a TOML file."""
    return ",".join(value) if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value) else value


def _at_home(path: Path | None) -> Path | None:
    """Put the home folder in the place of ``~``."""
    try:
        return path.expanduser() if path else None
    except RuntimeError as unknown_user:
        raise ValueError(str(unknown_user)) from None


def _as_text(value: object) -> object:
    """Take a whole number for its text, so that ``color = 256`` needs no quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Listed: Final = BeforeValidator(_split)
"""Makes a list of ``a,b``."""
Seconds = Annotated[float, Within("1", "86400")]
"""Of whatever asks the exchange, or tells somebody, again and again: below a second it would do little else."""
Moment = Annotated[float, Within("0.1", "86400")]
"""Seconds, of what is timed and not repeated."""
Share = Annotated[Decimal, Within("0", "1", above=True)]
Name = Annotated[str, Spelled("[A-Za-z0-9_]{1,16}", "1 to 16 of A–Z, a–z, 0–9 and _")]
Word = Annotated[str, Spelled(r"\S{1,200}", "a name without blanks")]
Symbol = Annotated[str, Spelled("[A-Z0-9]{2,30}", "a symbol such as XBTUSDTM")]
Faults = Annotated[Annotated[tuple[str, ...], Injected()], BeforeValidator(_split)]
Symbols = Annotated[
    Annotated[tuple[Symbol, ...], EachOnce("symbols such as XBTUSDTM, separated by commas")], BeforeValidator(_split)
]
Timeframe = Annotated[str, OneOf(tuple(TIMEFRAMES))]
Zone = Annotated[str, Zoned()]
Hour = Annotated[int, Within("0", "24", whole=True)]
Weekday = Annotated[str, BeforeValidator(_lower), OneOf(WEEKDAYS)]
Weekdays = Annotated[
    Annotated[tuple[Weekday, ...], EachOnce(f"some of {', '.join(WEEKDAYS)}, separated by commas")],
    BeforeValidator(_split),
]
Part = Annotated[
    str, Spelled(r"\S+=(0|0?\.\d+|1(\.0+)?)(@(0|0?\.\d+|1(\.0+)?))?", "NAME=WEIGHT or NAME=WEIGHT@CONFIDENCE, 0 to 1")
]
Parts = Annotated[
    Annotated[tuple[Part, ...], EachOnce("NAME=WEIGHT@CONFIDENCE, separated by commas")], BeforeValidator(_split)
]
Level = Annotated[str, BeforeValidator(_lower), OneOf(("debug", "info", "warning", "error"))]
Color = Annotated[Literal["auto", "truecolor", "256", "ansi", "none"], BeforeValidator(_as_text)]
File = Annotated[Annotated[Path, Place()] | None, BeforeValidator(_stripped), AfterValidator(_at_home)]
Url = Annotated[str, Address()]
Secret = Annotated[SecretStr | None, BeforeValidator(_stripped)]
Host = Annotated[Annotated[str | None, Numeric()], BeforeValidator(_stripped)]
Tokens = Annotated[Annotated[SecretStr | None, Admitting()], BeforeValidator(_stripped), BeforeValidator(_joined)]
Origin = Annotated[str, Spelled(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?", "origins such as https://desk.example:8443")]
Origins = Annotated[tuple[Origin, ...], BeforeValidator(_split)]
HostName = Annotated[str, Spelled("[A-Za-z0-9.-]{1,253}", "names such as desk.example, separated by commas")]
HostNames = Annotated[tuple[HostName, ...], BeforeValidator(_split)]
