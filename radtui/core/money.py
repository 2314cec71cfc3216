"""The one place where money is rounded.

Prices and amounts are `Decimal`, sizes are whole lots (`int`). Sums and products of the figures an exchange sends are
exact; only a division can need rounding, and every division of money in radtui goes through this module.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, Decimal
from typing import Final

ZERO: Final = Decimal(0)
ONE: Final = Decimal(1)
HUNDRED: Final = Decimal(100)
LEDGER: Final = Decimal("1e-12")
"""The grain of the ledger: what a division of money is rounded to, in units of the settlement currency."""


def ratio(part: Decimal, whole: Decimal) -> Decimal:
    """Return `part / whole` rounded to the ledger's grain; 0 where `whole` is 0."""
    return (part / whole).quantize(LEDGER, ROUND_HALF_EVEN) if whole else ZERO


def share(amount: Decimal, part: int, whole: int) -> Decimal:
    """Return the `part`-of-`whole` share of `amount`, rounded to the ledger's grain.

    Taking shares off an amount until nothing is left gives the amount back exactly: the last share is what remains.
    """
    return amount if part == whole else (amount * part / whole).quantize(LEDGER, ROUND_HALF_EVEN)


def to_tick(price: Decimal, tick: Decimal, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return `price` on the instrument's grid of `tick`."""
    return (price / tick).quantize(ONE, rounding) * tick


def tick_down(price: Decimal, tick: Decimal) -> Decimal:
    """Return the highest tick that is not above `price`."""
    return to_tick(price, tick, ROUND_DOWN)


def tick_up(price: Decimal, tick: Decimal) -> Decimal:
    """Return the lowest tick that is not below `price`."""
    return to_tick(price, tick, ROUND_UP)


def decimals(step: Decimal) -> int:
    """Return how many decimals a grid of `step` shows: 0.01 → 2, 5 → 0, 0.50 → 1."""
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def plain(amount: Decimal) -> str:
    """Return `amount` as text without exponent and without trailing zeros, for the journal and reports."""
    text = format(amount, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
