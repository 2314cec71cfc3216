"""A fill as `GET /fills` and `GET /recentFills` show it. Field set and types: live captures of 2025."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.simserver.render.figures import coarse, millis, text
from radtui.simserver.render.order import kind
from radtui.simserver.ticket import FillNote


def fill(note: FillNote, instrument: Instrument) -> dict[str, object]:
    """Return one fill; what it cost is booked as the price of opening or of closing."""
    done, ticket = note.fill, note.ticket
    stop = ticket.report.stop if ticket else None
    closes = note.closing > 0
    return {
        "symbol": done.symbol,
        "tradeId": note.id,
        "orderId": note.order_id,
        "side": done.side.value,
        "liquidity": "maker" if done.maker else "taker",
        "forceTaker": False,
        "price": text(done.price),
        "size": done.lots,
        "value": text(note.value),
        "openFeePay": text(ZERO if closes else done.fee),
        "closeFeePay": text(done.fee if closes else ZERO),
        "stop": stop.cross.value if stop else "",
        "feeRate": rate(note.fee_rate),
        "fixFee": "0",
        "feeCurrency": instrument.settle,
        "tradeTime": coarse(note.at),
        "subTradeType": None,
        "marginMode": done.margin_mode.value,
        "openFeeTaxPay": "0",
        "closeFeeTaxPay": "0",
        "positionSide": done.position_side.value,
        "settleCurrency": instrument.settle,
        "displayType": kind(ticket.report) if ticket else "market",
        "fee": text(done.fee),
        "orderType": ticket.report.type.value if ticket else "market",
        "tradeType": done.kind.value,
        "createdAt": millis(note.at),
    }


def rate(share: Decimal) -> str:
    """Return a fee rate as text with the exchange's five decimals: ``0.00060``."""
    return format(share.quantize(Decimal("0.00001")), "f")
