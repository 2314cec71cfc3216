"""A strategy of a user's own that goes wrong in every way there is, one a candle, beside the position it opened."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
import numpy as np

from radtui.strategies import BUYS, HOLD, SELLS, Candle, Instrument, Parameters, Signal, View, lean

WARM: Final = 5
"""Candles of history, at which it behaves."""
Says = Callable[[Candle], object]


class Mute(Exception):
    """An error that cannot even say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Beyond(BaseException):
    """An error of a kind of its own."""


class Sly(Signal):
    """A signal that changes its mind once it was looked at."""

    @property
    def action(self) -> Any:
        """Fail where core asks."""
        raise RuntimeError("asked in core")


def fails(error: BaseException) -> Says:
    def fail(_: Candle) -> object:
        raise error

    return fail


def buys(candle: Candle, **other: Any) -> Signal:
    """Return a sound signal but for `other`."""
    stop, target = candle.close * 98 / 100, candle.close * 104 / 100
    return msgspec.structs.replace(lean(BUYS, 0.9, "up", stop=stop, target=target), **other)


def figures(kind: Callable[[str], Any]) -> Says:
    odds = {name: kind(text) for name, text in (("buy", ".75"), ("sell", ".125"), ("hold", ".125"))}
    return lambda candle: buys(candle, **odds, confidence=kind(".875"))


FAULTS: Final[Mapping[str, tuple[Says, str]]] = {
    "raises": (lambda _: 1 / 0, "ZeroDivisionError: division by zero"),
    "wants to end the process": (lambda _: sys.exit(3), "SystemExit: 3"),
    "raises what nobody catches": (fails(Beyond("far out")), "Beyond: far out"),
    "runs out of memory": (fails(MemoryError()), "MemoryError"),
    "raises an error without words": (fails(Mute()), "Mute: its message cannot be read"),
    "raises an error that cannot be written": (fails(ValueError("\ud800\n\x1b[31m" * 9999)), "ValueError: · ·[31m· ·["),
    "says nothing": (lambda _: None, "a strategy returns a Signal, not NoneType"),
    "says a word": (lambda _: "buy", "a strategy returns a Signal, not str"),
    "is no number": (
        lambda candle: buys(candle, buy=float("nan")),
        "buy is nan; probabilities and",
    ),
    "has a confidence of 7": (lambda candle: buys(candle, confidence=7.0), "confidence is 7; probabilities and"),
    "has too large a number": (lambda candle: buys(candle, buy=10**400), "OverflowError: int too large to convert"),
    "has odds that are too many": (lambda candle: buys(candle, sell=0.9), "probabilities sum to "),
    "has a confidence in words": (
        lambda candle: buys(candle, confidence="high"),
        "confidence must be a number",
    ),
    "has a float for a stop": (lambda candle: buys(candle, stop=39_000.0), "its stop must be a Decimal, not float"),
    "has a stop that is no number": (
        lambda candle: buys(candle, stop=Decimal("NaN")),
        "stop and target must be prices",
    ),
    "has a stop beyond all prices": (lambda candle: buys(candle, stop=Decimal("1E+999")), "a stop of 1e+999 at a "),
    "has a target beyond all prices": (lambda candle: buys(candle, target=Decimal("1E+999")), "a target of 1e+999 "),
    "gives no reason": (lambda candle: buys(candle, reason=None), "its reason must be a text, not NoneType"),
}
"""What it says, and what is said of that."""
MEANT: Final[Mapping[str, Says]] = {
    "float64": figures(np.float64),
    "float32": figures(np.float32),
    "Decimal": figures(Decimal),
    "sly": lambda candle: Sly(**msgspec.structs.asdict(buys(candle))),
    "no line": lambda candle: buys(candle, reason="\ud800\n\x1b[31m" * 99_999),
    "endless stop": lambda candle: buys(candle, stop=candle.close - Decimal("1." + "3" * 5000)),
}
"""What is no fault, though core could not take it as it is."""
REFUSED: Final[Mapping[str, tuple[Says, str]]] = {
    "stop on the wrong side": (lambda candle: buys(candle, stop=candle.close * 102 / 100), "stop"),
    "stop at the price": (lambda candle: buys(candle, stop=candle.close), "stop"),
    "stop at nothing": (lambda candle: buys(candle, stop=Decimal("1E-999")), "stop"),
    "stop far away": (lambda candle: buys(candle, stop=candle.close / 2), "stop"),
    "target on the wrong side": (lambda candle: buys(candle, target=candle.close * 98 / 100), "target"),
}
"""What a gate refuses, and which one."""
TURNS: Final[tuple[Says, ...]] = (
    *(lambda _: HOLD for _ in range(WARM)),
    *(says for says, _ in REFUSED.values()),
    buys,
    *(says for says, _ in FAULTS.values()),
    *MEANT.values(),
    lambda _: lean(SELLS, 0.9, "enough"),
)


class Rogue:
    """Is refused, buys, goes wrong in every way, and sells at last."""

    name = "rogue"
    warmup = WARM

    def __init__(self, instrument: Instrument, parameters: Parameters) -> None:
        self.timeframe = parameters.timeframe
        self._turns = iter(TURNS)

    def on_candle(self, candle: Candle, view: View) -> Signal:
        """Take the next turn."""
        return next(self._turns, lambda _: HOLD)(candle)  # type: ignore[return-value]  # that is the point
