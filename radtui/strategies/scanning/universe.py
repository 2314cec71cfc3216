"""Which contracts are liquid enough to be looked at (row W1)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.listed import Listed

MAJORS: Final = frozenset(
    {"XBT", "BTC", "ETH", "SOL", "BNB", "ADA", "XRP", "DOGE", "MATIC", "POL", "AVAX", "DOT"}
)  # POL is what MATIC is called now, XBT what the exchange calls BTC
"""Base coins whose contracts are looked at whatever they turned over."""


class Universe(msgspec.Struct, frozen=True, kw_only=True):
    """What a contract must have turned over in 24 hours, in USDT.

    Attributes:
        relaxed: the same where fewer than `fewest` contracts have `least`.
    """

    least: Decimal = Decimal(1_000_000)
    relaxed: Decimal = Decimal(500_000)
    fewest: int = 5


class Chosen(msgspec.Struct, frozen=True):
    """The contracts to look at, those that turned over most first, and the turnover that was asked of them."""

    contracts: tuple[Listed, ...]
    least: Decimal


def liquid(listed: Iterable[Listed], universe: Universe) -> Chosen:
    """Return the liquid ones. Where nobody told a turnover it is none: only a major passes without one."""
    ranked = sorted(listed, key=lambda each: (-each.turnover, each.instrument.symbol))
    chosen = _with(ranked, universe.least)
    if len(chosen) >= universe.fewest:
        return Chosen(chosen, universe.least)
    relaxed = min(universe.relaxed, universe.least)
    return Chosen(_with(ranked, relaxed), relaxed)


def _with(ranked: Iterable[Listed], least: Decimal) -> tuple[Listed, ...]:
    return tuple(each for each in ranked if each.turnover >= least or each.instrument.base in MAJORS)
