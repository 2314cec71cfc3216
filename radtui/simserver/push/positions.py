"""The account's positions on the feed: changed, marked anew, settled, at another risk limit."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from radtui.core.account import FundingPaid
from radtui.core.instrument import Instrument
from radtui.simserver.push.message import Message
from radtui.simserver.render.figures import millis, number


class Reason(StrEnum):
    """Why a position's message was sent."""

    POSITION = "positionChange"
    MARGIN = "marginChange"
    LIQUIDATION = "liquidation"
    AUTO_DEPOSIT = "autoAppendMarginStatusChange"
    MARK = "markPriceChange"


_REST_ONLY: Final = frozenset({"id", "isInverse", "maintainMargin", "posCrossMargin", "posCommCommon"})
_MARKED: Final = (
    *("markPrice", "markValue", "maintMargin", "realLeverage", "unrealisedPnl", "unrealisedRoePcnt"),
    *("unrealisedPnlPcnt", "delevPercentage", "currentTimestamp", "settleCurrency"),
)


def changed(shown: Mapping[str, object], reason: Reason) -> Message:
    """Return a position as a whole; `shown` is what `GET /positions` shows of it."""
    return {name: figure for name, figure in shown.items() if name not in _REST_ONLY} | {"changeReason": reason.value}


def marked(shown: Mapping[str, object]) -> Message:
    """Return what a new mark price changed of it. As live, it does not name the contract: its topic does."""
    short = {name: shown[name] for name in _MARKED if name in shown}
    return short | {"changeReason": Reason.MARK.value}


def settled(paid: FundingPaid, instrument: Instrument, settled_at: int, at: int) -> Message:
    """Return one funding settlement; the fee is positive when received."""
    return {
        "fundingTime": millis(settled_at),
        "qty": paid.lots,
        "markPrice": number(paid.mark),
        "fundingRate": number(paid.rate),
        "fundingFee": number(paid.amount),
        "ts": at,
        "settleCurrency": instrument.settle,
    }


def risk_limit(level: int, *, success: bool, why: str) -> Message:
    """Return the outcome of a change of the risk limit."""
    return {"success": success, "riskLimitLevel": level, "msg": why}
