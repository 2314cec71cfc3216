"""The gates that ask the market (row S5): fresh candles, a spread that can be paid, no storm."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from radtui.core.market import SECOND
from radtui.core.money import HUNDRED
from radtui.core.proposal import Proposal, verdict
from radtui.core.why_view import GateView

INTERVALS: Final = 3
"""Candles may be this many timeframes old."""
_FREE: Final = "no limit"


def candles_gate(p: Proposal) -> GateView:
    """The candles that the market was measured by are not old: one that is missed says that more are."""
    limit = INTERVALS * p.fresh
    words = f"≤ {limit / SECOND:.0f} s"
    if p.measures is None:
        return verdict("candles", "none yet", words, p.limits.volatility is None)
    return verdict("candles", f"{p.measured / SECOND:.0f} s", words, p.measured <= limit)


def spread_gate(p: Proposal) -> GateView:
    """What entering and leaving costs at once is little; no made-up figure stands in for one that is not known."""
    limit = p.limits.spread
    if p.spread is None:
        return verdict("spread", "not told", _share(limit), limit is None or not p.quoted)
    return verdict("spread", _percent(p.spread), _share(limit), limit is None or 0 <= p.spread <= limit)


def volatility_gate(p: Proposal) -> GateView:
    """The market does not storm."""
    limit = p.limits.volatility
    if p.measures is None:
        return verdict("volatility", "not measured", _share(limit), limit is None)
    volatility = p.measures.volatility
    return verdict("volatility", _percent(volatility), _share(limit), limit is None or volatility <= limit)


MARKET_GATES: Final[tuple[Callable[[Proposal], GateView], ...]] = (candles_gate, spread_gate, volatility_gate)


def _share(limit: Decimal | None) -> str:
    return _FREE if limit is None else f"≤ {_percent(limit)}"


def _percent(share: Decimal) -> str:
    return f"{share * HUNDRED:.2f} %"
