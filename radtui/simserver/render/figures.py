"""How figures stand in JSON: as numbers, as text, as times."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.money import ONE, ZERO, plain

MILLISECOND = 1_000_000


def number(amount: Decimal) -> Decimal:
    """Return `amount` as a JSON number is written best: without trailing zeros and without an exponent above."""
    if not amount:
        return ZERO
    short = amount.normalize()
    exponent = short.as_tuple().exponent
    return short.quantize(ONE) if isinstance(exponent, int) and exponent > 0 else short


def rounded(amount: Decimal, places: int) -> Decimal:
    """Return `amount` as a number of at most so many decimals."""
    return number(round(amount, places))


def text(amount: Decimal) -> str:
    """Return `amount` as text without exponent and trailing zeros."""
    return plain(amount) if amount else "0"


def whole(amount: Decimal) -> int:
    """Return a figure whose JSON type is a whole number."""
    return int(amount)


def millis(at: int) -> int:
    """Return nanoseconds as milliseconds."""
    return at // MILLISECOND


def coarse(at: int) -> int:
    """Return nanoseconds with the precision of a millisecond, as the exchange stamps its pushes and tickers."""
    return at // MILLISECOND * MILLISECOND
