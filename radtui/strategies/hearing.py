"""What comes out of a strategy, made fit for all that reckons with it and writes it down: it is anybody's code."""

from __future__ import annotations

from decimal import Decimal
from numbers import Real
from typing import Final

from radtui.core.signal import HOLD, Signal
from radtui.core.words import line
from radtui.strategies.base import StrategyRefused

_FAR: Final = 1000
"""Times the close beyond which a stop or target is no price of that contract."""


class Unusable(ValueError):
    """A strategy's answer that cannot be used; the message says why."""


def plain(said: object, close: Decimal) -> Signal:
    """Return what a strategy said at a close, as a signal of plain figures and a reason of one line.

    A figure may come out of numpy, a reason from anywhere, and a signal may be of a class of its own: what core is told
    is none of that, so that nothing after it can fail over it.

    Raises:
        Unusable: it is no signal, or one that cannot be meant.
    """
    if said is HOLD:
        return HOLD
    if not isinstance(said, Signal):
        raise Unusable(f"a strategy returns a Signal, not {type(said).__name__}")
    signal = Signal(
        buy=_figure("buy", said.buy),
        sell=_figure("sell", said.sell),
        hold=_figure("hold", said.hold),
        confidence=_figure("confidence", said.confidence),
        reason=_reason(said.reason),
        stop=_price("stop", said.stop, close),
        target=_price("target", said.target, close),
    )
    if fault := signal.fault():
        raise Unusable(f"unusable signal: {fault}")
    return signal


def told(error: BaseException) -> str:
    """Return the kind and the words of an error of somebody's code, on one line; of ours only the words."""
    if isinstance(error, Unusable | StrategyRefused):
        return line(str(error))
    try:
        words = str(error)
    except Exception:  # supervision point: even the words of its errors are anybody's code
        words = "its message cannot be read"
    return line(f"{type(error).__name__}: {words}" if words else type(error).__name__)


def _figure(name: str, value: object) -> float:
    if type(value) is float:
        return value
    if isinstance(value, Real | Decimal):
        return float(value)
    raise Unusable(f"unusable signal: {name} must be a number, not {type(value).__name__}")


def _reason(value: object) -> str:
    if isinstance(value, str):
        return line(value)
    raise Unusable(f"unusable signal: its reason must be a text, not {type(value).__name__}")


def _price(name: str, value: object, close: Decimal) -> Decimal | None:
    if value is None:
        return None
    if not isinstance(value, Decimal):
        raise Unusable(
            f"unusable signal: its {name} must be a Decimal, not {type(value).__name__}: Decimal(str(price)) makes one"
        )
    if value.is_finite() and value > close * _FAR:
        raise Unusable(f"unusable signal: a {name} of {value:.3g} at a close of {close:f} cannot be meant")
    return +Decimal(value) if value.is_finite() else Decimal(value)
