"""From core's books to what a person sees of protection, recovery, and what is not ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.core import Core
from radtui.core.desk import MISSING
from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE
from radtui.core.money import HUNDRED, decimals, ratio
from radtui.core.position_view import PositionView
from radtui.core.words import side_of

_FRESH: Final = 10 * MINUTE
"""So long a drift is shown among the notices."""


def left_alone(core: Core) -> tuple[PositionView, ...]:
    """Return the positions of somebody else, as the exchange shows them."""
    known = core.trading.reconciler.rules.known | core.desk.instruments
    return tuple(_position(known.get(report.symbol), report) for report in core.trading.positions.strangers())


def notices(core: Core, at: int) -> list[str]:
    """Return what of it needs the operator's eye at the wall clock `at`."""
    reconciler = core.trading.reconciler
    found = [reconciler.rival] if reconciler.rival else []
    found += [
        f"{reconciler.sides.pair(symbol)} (hedge mode): no entries there; close one of the two at the exchange"
        for symbol in sorted(core.trading.positions.paired)
    ]
    found += [f"{symbol} {MISSING}" for symbol in core.desk.missing]
    last, last_at = reconciler.last_drift, reconciler.last_drift_at
    if last is not None and last_at is not None and at - last_at < _FRESH:
        count = f"{reconciler.drifts} differences" if reconciler.drifts > 1 else "a difference"
        found.append(f"{count} to the exchange since the start, the last: {last.subject}: {last.difference}")
    return found


def _position(instrument: Instrument | None, report: PositionReport) -> PositionView:
    """Return a position of somebody else; of a contract that is not traded here the size is in lots."""
    return PositionView(
        symbol=report.symbol,
        base=instrument.base if instrument else report.symbol,
        side=side_of(report.lots),
        lots=report.lots,
        coins=abs(instrument.coins(report.lots)) if instrument else Decimal(abs(report.lots)),
        entry=report.entry,
        mark=report.mark or None,
        pnl=report.unrealised,
        pnl_pct=float(ratio(report.unrealised, report.margin) * HUNDRED),
        margin=report.margin,
        maintenance=report.maintenance,
        leverage=report.leverage,
        margin_mode=report.margin_mode,
        liquidation=report.liquidation,
        stop=None,
        stop_resting=False,
        target=None,
        bare_seconds=0.0,
        opened_at=report.opened_at,
        price_decimals=instrument.price_decimals if instrument else decimals(report.entry),
        coin_decimals=instrument.coin_decimals if instrument else 0,
        own=False,
        reason="not ours: left alone",
    )
