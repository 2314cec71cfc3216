"""A position as `GET /positions` shows it. Field sets and types: live captures of 2025, one for each margin mode.

Amounts of an inverse contract carry the exchange's sign: the cost and value of a long are negative.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from radtui.core.account import PositionReport
from radtui.core.instrument import Instrument
from radtui.core.money import ONE, ZERO, ratio
from radtui.core.order import MarginMode, PositionSide
from radtui.simserver.render.figures import millis, number, rounded, whole
from radtui.venue.chance import stream

if TYPE_CHECKING:
    from radtui.simserver.floor import Floor

_HALF = Decimal("0.5")


def position(floor: Floor, report: PositionReport) -> dict[str, object]:
    """Return one open position."""
    instrument = floor.instruments[report.symbol]
    shown = _head(floor, report, instrument) | _money(report, instrument)
    if report.margin_mode.upper() == MarginMode.ISOLATED:
        return shown | _isolated(floor, report, instrument)
    return shown | _cross(report)


def flat(floor: Floor, symbol: str) -> dict[str, object]:
    """Return the position of a contract in which there is none: `GET /position` answers that too."""
    mode = floor.venue.margin_mode(symbol)
    report = PositionReport(
        symbol=symbol,
        lots=0,
        entry=ZERO,
        mark=floor.venue.prices(symbol).mark,
        margin=ZERO,
        maintenance=ZERO,
        leverage=floor.venue.cross_leverage(symbol) if mode is MarginMode.CROSS else 1,
        liquidation=ZERO,
        unrealised=ZERO,
        opened_at=floor.venue.now,
        margin_mode=mode.value.lower(),
    )
    return position(floor, report) | {"openingTimestamp": None, "isOpen": False}


def position_id(floor: Floor, symbol: str, side: PositionSide) -> str:
    """Return the id that a contract's position keeps for ever."""
    return str(400_000_000_000_000_000 + stream(floor.user_id, symbol, side) % 10**15)


def real_leverage(report: PositionReport) -> Decimal:
    """Return the position's value over what holds it now."""
    backing = report.margin + report.unrealised
    value = abs(_value(report))
    return rounded(ratio(value, backing), 2) if backing > 0 and value else Decimal(report.leverage)


def _head(floor: Floor, report: PositionReport, instrument: Instrument) -> dict[str, object]:
    requirement = number(floor.risk(report.symbol).maintenance_margin)
    return {
        "id": position_id(floor, report.symbol, report.position_side),
        "symbol": report.symbol,
        "crossMode": report.margin_mode == "cross",
        "delevPercentage": _queue(report),
        "openingTimestamp": millis(floor.dates.opened(report)),
        "currentTimestamp": millis(floor.now()),
        "currentQty": report.lots,
        "isOpen": report.lots != 0,
        "markPrice": number(report.mark),
        "avgEntryPrice": number(report.entry),
        "liquidationPrice": number(report.liquidation),
        "bankruptPrice": number(report.bankruptcy),
        "settleCurrency": instrument.settle,
        "isInverse": instrument.inverse,
        "maintainMargin": requirement,
        "maintMarginReq": requirement,
        "marginMode": report.margin_mode.upper(),
        "positionSide": report.position_side.value,
    }


def _money(report: PositionReport, instrument: Instrument) -> dict[str, object]:
    sign = -1 if instrument.inverse else 1
    cost = report.cost * sign
    commission = report.fees - report.funding
    return {
        "currentCost": number(cost - report.gross),
        "currentComm": number(commission),
        "unrealisedCost": number(cost),
        "realisedGrossCost": number(-report.gross),
        "realisedCost": number(commission - report.gross),
        "markValue": number(_value(report, instrument) * sign),
        "posCost": number(cost),
        "posInit": number(report.initial),
        "posMargin": number(report.margin),
        "posMaint": number(report.maintenance),
        "realisedGrossPnl": number(report.gross),
        "realisedPnl": number(report.realised),
        "unrealisedPnl": number(report.unrealised),
        "unrealisedPnlPcnt": rounded(ratio(report.unrealised, abs(report.cost)), 4),
        "unrealisedRoePcnt": rounded(ratio(report.unrealised, report.initial), 4),
    }


def _isolated(floor: Floor, report: PositionReport, instrument: Instrument) -> dict[str, object]:
    level = floor.risk(report.symbol)
    lost = report.initial + report.closing_fee + report.added - report.margin
    leverage = real_leverage(report)
    return {
        "autoDeposit": floor.venue.auto_deposit(report.symbol),
        "riskLimit": whole(level.max),
        "riskLimitLevel": level.level,
        "realLeverage": leverage,
        "posCross": number(report.added),
        "posCrossMargin": 0,
        "posComm": number(report.closing_fee),
        "posCommCommon": number(abs(report.cost) * instrument.taker_fee),
        "posLoss": number(lost),
        "posFunding": number(report.funding),
        "maintMargin": number(report.margin + report.unrealised),
        "leverage": leverage,
    }


def _cross(report: PositionReport) -> dict[str, object]:
    return {
        "leverage": report.leverage,
        "dealComm": number(-report.fees),
        "fundingFee": number(report.funding),
        "tax": 0,
    }


def _value(report: PositionReport, instrument: Instrument | None = None) -> Decimal:
    """Return the signed value at the mark: cost and open profit, or exactly where the contract is at hand."""
    if instrument is not None:
        return instrument.notional(report.mark, report.lots)
    return report.cost + report.unrealised


def _queue(report: PositionReport) -> Decimal:
    """Return the place in the deleveraging queue: the more the margin earned, the nearer to 1."""
    earned = ratio(report.unrealised, report.initial) / 2
    return rounded(min(ONE, max(ZERO, _HALF + earned)), 2)
