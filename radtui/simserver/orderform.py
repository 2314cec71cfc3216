"""From parameters to an order: what the exchange reads, converts and refuses before its engine does."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import (
    Cross,
    MarginMode,
    OrderRequest,
    OrderType,
    PositionSide,
    PriceType,
    Side,
    TimeInForce,
    Trigger,
)
from radtui.simserver.brackets import Bracket
from radtui.simserver.floor import Floor
from radtui.simserver.params import Params
from radtui.simserver.refusals import BAD_REQUEST, CONTRACT, ILLEGAL, NO_POSITION, Refusal
from radtui.simserver.ticket import Terms
from radtui.venue.refusals import ILLEGAL_PARAMETER

_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LONGEST_REMARK: Final = 100
_SIZES: Final = ("size", "qty", "valueQty")
_SLICES: Final = 20
"""An iceberg shows at least one in so many of its lots."""


class Stp(StrEnum):
    """What happens when an order would meet one of the same account."""

    CANCEL_NEWEST = "CN"
    CANCEL_OLDEST = "CO"
    CANCEL_BOTH = "CB"


class OrderForm(msgspec.Struct, frozen=True):
    """An order as it was read: for the venue, for the books, and the protection it brings."""

    request: OrderRequest
    terms: Terms
    bracket: Bracket | None = None


def read_order(params: Params, floor: Floor, *, bracketed: bool = False) -> OrderForm:
    """Return the order that a request's parameters describe.

    Args:
        bracketed: it may bring ``triggerStopUpPrice`` and ``triggerStopDownPrice``.

    Raises:
        Refusal: 400100, 100001, 100003, 300000 or 300009.
    """
    client_id = _client_id(params)
    instrument = _instrument(params, floor)
    kind = params.choice("type", OrderType, OrderType.LIMIT)
    price = _price(params) if kind is OrderType.LIMIT else None
    close = params.flag("closeOrder")
    mode = params.choice("marginMode", MarginMode, MarginMode.ISOLATED)
    at = params.choice("positionSide", PositionSide, PositionSide.BOTH)
    lots = 0 if close else _lots(params, instrument, price or floor.venue.prices(instrument.symbol).last)
    request = OrderRequest(
        client_id=client_id,
        symbol=instrument.symbol,
        side=_side(params, floor, instrument, close=close, at=at),
        type=kind,
        lots=lots,
        price=price,
        tif=params.choice("timeInForce", TimeInForce, TimeInForce.GTC),
        post_only=params.flag("postOnly"),
        reduce_only=params.flag("reduceOnly"),
        close_order=close,
        stop=_stop(params),
        margin_mode=mode,
        position_side=at,
    )
    if not request.reduces:
        request = msgspec.structs.replace(request, leverage=_leverage(params, floor, request))
    return OrderForm(request, _terms(params, floor, request), _bracket(params) if bracketed else None)


def _client_id(params: Params) -> str:
    if "clientOid" not in params:
        raise Refusal(BAD_REQUEST, "validation.createOrder.clientOidIsRequired")
    client_id = params.text("clientOid")
    if not _CLIENT_ID.fullmatch(client_id):
        raise Refusal(BAD_REQUEST, "clientOid parameter invalid: 1 to 40 of A-Z, a-z, 0-9, _ and -")
    return client_id


def _instrument(params: Params, floor: Floor) -> Instrument:
    instrument = floor.instrument(params.text("symbol"))
    if instrument is None:
        raise Refusal(CONTRACT)
    return instrument


def _side(params: Params, floor: Floor, instrument: Instrument, *, close: bool, at: PositionSide) -> Side:
    """Return the order's side; a closing order without one takes the side that closes the position."""
    if "side" in params or not close:
        return params.choice("side", Side)
    for position in floor.venue.positions():
        if position.symbol == instrument.symbol and at in (PositionSide.BOTH, position.position_side):
            return Side.SELL if position.lots > 0 else Side.BUY
    raise Refusal(NO_POSITION)


def _price(params: Params) -> Decimal:
    price = params.decimal("price")
    if price is None:
        raise Refusal(ILLEGAL, "a limit order needs a price")
    return price


def _lots(params: Params, instrument: Instrument, price: Decimal) -> int:
    """Return the size in lots, from exactly one of ``size`` (lots), ``qty`` (base coins) and ``valueQty`` (quote)."""
    given = [name for name in _SIZES if name in params]
    if len(given) != 1:
        raise Refusal(ILLEGAL, "exactly one of size, qty and valueQty must be given")
    name = given[0]
    amount = params.decimal(name) or ZERO
    if name != "size" and instrument.inverse:
        raise Refusal(ILLEGAL, "an inverse contract takes size only")
    if name == "qty":
        amount /= instrument.multiplier
    elif name == "valueQty":
        amount = Decimal(instrument.lots_for(amount, price)) if amount > 0 else ZERO
    if amount != amount.to_integral_value() or amount < 1:
        raise Refusal(ILLEGAL, f"{name} parameter invalid: it must be a whole number of lots, at least one")
    return int(amount)


def _leverage(params: Params, floor: Floor, request: OrderRequest) -> int:
    """Return the leverage of an order that can open: its own in isolated margin, the contract's in cross margin."""
    if request.margin_mode is MarginMode.CROSS:
        return floor.venue.cross_leverage(request.symbol)
    leverage = params.decimal("leverage")
    if leverage is None or leverage != leverage.to_integral_value() or leverage < 1:
        raise Refusal(ILLEGAL, "leverage parameter invalid: a whole number, at least 1")
    return int(leverage)


def _stop(params: Params) -> Trigger | None:
    price = params.decimal("stopPrice")
    if "stop" not in params and price is None:
        return None
    if "stop" not in params or price is None or "stopPriceType" not in params:
        raise Refusal(ILLEGAL, "stop, stopPrice and stopPriceType belong together")
    return Trigger(params.choice("stop", Cross), price, params.choice("stopPriceType", PriceType))


def _bracket(params: Params) -> Bracket | None:
    up, down = params.decimal("triggerStopUpPrice"), params.decimal("triggerStopDownPrice")
    if up is None and down is None:
        return None
    return Bracket(up, down, params.choice("stopPriceType", PriceType, PriceType.LAST))


def _terms(params: Params, floor: Floor, request: OrderRequest) -> Terms:
    remark = params.text("remark") or None
    if remark is not None and len(remark) > _LONGEST_REMARK:
        raise Refusal(BAD_REQUEST, f"remark must be at most {_LONGEST_REMARK} characters")
    hidden, iceberg = params.flag("hidden"), params.flag("iceberg")
    if request.post_only and (hidden or iceberg or request.tif is TimeInForce.IOC):
        raise Refusal(ILLEGAL_PARAMETER, "postOnly can not go with IOC, hidden or iceberg")
    visible = params.whole("visibleSize") or 0
    if iceberg and not request.lots <= visible * _SLICES <= request.lots * _SLICES:
        raise Refusal(ILLEGAL, "visibleSize must lie between 1/20 of the size and the size")
    price = request.price or floor.venue.prices(request.symbol).last
    return Terms(
        leverage=str(request.leverage or _leverage_of_position(params, floor, request)),
        value=abs(floor.instruments[request.symbol].notional(price, request.lots)),
        remark=remark,
        stp=params.choice("stp", Stp).value if "stp" in params else "",
        tif=request.tif.value,
        hidden=hidden,
        iceberg=iceberg,
        visible_size=visible,
        force_hold=params.flag("forceHold"),
    )


def _leverage_of_position(params: Params, floor: Floor, request: OrderRequest) -> int:
    for position in floor.venue.positions():
        if position.symbol == request.symbol and position.position_side is request.position_side:
            return position.leverage
    return params.whole("leverage") or 1
