"""What an order must be to be accepted: the exchange's rules, each with its code and what to do about it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.money import ONE, ZERO
from radtui.core.order import MarginMode, OrderRequest, OrderType, Side, TimeInForce
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.ledger import Ledger
from radtui.venue.margin import cost_of
from radtui.venue.refusals import (
    BAD_PARAMETER,
    BALANCE,
    ILLEGAL_PARAMETER,
    LEVERAGE_TOO_HIGH,
    NO_POSITION,
    PRICE_TOO_HIGH,
    PRICE_TOO_LOW,
    TOO_MANY_ORDERS,
    TOO_MANY_STOPS,
    VenueRefusal,
)

MAX_ORDERS: Final = 100
"""Working orders of one contract, stops that wait not counted."""
MAX_STOPS: Final = 50
"""Stops of one contract that wait for their trigger."""
PRICE_BAND: Final = Decimal("0.05")
"""How far beyond the mark a limit may buy above or sell below, as a share of the mark."""
_CLIENT_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


def check_shape(request: OrderRequest, instrument: Instrument) -> None:
    """Refuse what could never be an order of this contract.

    Raises:
        VenueRefusal: 100001, 300000 or 300016.
    """
    if not _CLIENT_ID.fullmatch(request.client_id):
        raise VenueRefusal(BAD_PARAMETER, "the client order id must be 1 to 40 of A–Z, a–z, 0–9, _ and -")
    _check_size(request, instrument)
    _check_prices(request, instrument)
    if request.post_only and (request.type is OrderType.MARKET or request.tif is TimeInForce.IOC):
        raise VenueRefusal(ILLEGAL_PARAMETER, "post-only needs a limit order that may rest (GTC)")
    if not request.reduces and request.margin_mode is MarginMode.ISOLATED:
        _check_leverage(request.leverage, instrument)


def admit(
    request: OrderRequest, desk: Desk, leverage: int, closable: int, ledger: Ledger, slippage: Decimal
) -> tuple[Decimal, int]:
    """Return the margin an order reserves, and for how many of its lots; 0 for what can only reduce.

    `leverage` is what it opens with; `closable` is how many lots of the position its side could close.

    Raises:
        VenueRefusal: what the orders (300001, 300004), the position (300009), the mark (300011, 300012) or the
            balance (300003) do not admit now.
    """
    _check_counts(request, desk)
    if request.stop is not None:
        return ZERO, 0
    if request.reduces and not closable:
        raise VenueRefusal(NO_POSITION, f"{request.symbol}: there is no position that a {request.side} could close")
    mark = desk.mark or ZERO
    if request.price is not None:
        _check_band(request.side, request.price, mark)
    lots = _lots_that_open(request, desk, closable)
    margin = order_margin(request, desk.instrument, mark, lots, slippage, leverage)
    if margin:
        _check_balance(margin, ledger, desk.instrument.settle)
    return margin, lots


def order_margin(
    request: OrderRequest, instrument: Instrument, mark: Decimal, lots: int, slippage: Decimal, leverage: int
) -> Decimal:
    """Return what `lots` of the order reserve: initial margin and the taker fees of both ways.

    The price is the limit (a selling limit below the mark is expected to trade at the mark), and for a market order
    the mark and one slippage; of an inverse contract, whose lots are worth more below, it is the other way round.
    """
    if not lots:
        return ZERO
    price = request.price
    if price is None:
        price = mark * (ONE - slippage if instrument.inverse else ONE + slippage)
    elif instrument.inverse and request.side is Side.BUY:
        price = min(price, mark)
    elif request.side is Side.SELL and not instrument.inverse:
        price = max(price, mark)
    return cost_of(instrument, price, lots, leverage, instrument.taker_fee).total


def _lots_that_open(request: OrderRequest, desk: Desk, closable: int) -> int:
    """Return the lots beyond what the position, less what earlier orders of that side close of it, can take."""
    if request.reduces:
        return 0
    promised = sum(order.remaining for order in desk.orders.values() if _may_close(order, request))
    return max(0, request.lots - max(0, closable - promised))


def _check_balance(needed: Decimal, ledger: Ledger, currency: str) -> None:
    available = ledger.available
    if needed > available:
        digits = 2 if currency.startswith("USD") else 8
        raise VenueRefusal(
            BALANCE,
            f"the order needs {needed:.{digits}f} {currency} of margin and fees, available are {available:.{digits}f}; "
            "make it smaller or cancel another order",
        )


def _check_size(request: OrderRequest, instrument: Instrument) -> None:
    if request.close_order:
        return
    if request.lots <= 0:
        raise VenueRefusal(BAD_PARAMETER, f"the size must be at least one lot, not {request.lots}")
    if request.lots > instrument.max_lots:
        raise VenueRefusal(BAD_PARAMETER, f"the size must be at most {instrument.max_lots} lots; split the order")


def _check_prices(request: OrderRequest, instrument: Instrument) -> None:
    if (request.type is OrderType.LIMIT) != (request.price is not None):
        raise VenueRefusal(BAD_PARAMETER, "a limit order needs a price and a market order takes none")
    if request.price is not None:
        _check_tick("price", request.price, instrument)
    if request.stop is not None:
        _check_tick("stop price", request.stop.price, instrument)


def _check_tick(name: str, price: Decimal, instrument: Instrument) -> None:
    if not price.is_finite() or not ZERO < price <= instrument.max_price:
        raise VenueRefusal(BAD_PARAMETER, f"the {name} must lie above 0 and up to {instrument.max_price}, not {price}")
    if price % instrument.tick:
        raise VenueRefusal(BAD_PARAMETER, f"the {name} {price} is not a multiple of the tick {instrument.tick}")


def _check_leverage(leverage: int, instrument: Instrument) -> None:
    if leverage < 1:
        raise VenueRefusal(BAD_PARAMETER, "an order that can open a position needs a leverage of at least 1")
    if leverage > instrument.max_leverage:
        raise VenueRefusal(
            LEVERAGE_TOO_HIGH, f"{instrument.symbol} takes at most {instrument.max_leverage}×, not {leverage}×"
        )


def _check_counts(request: OrderRequest, desk: Desk) -> None:
    stops = sum(order.waits for order in desk.orders.values())
    if request.stop is not None and stops >= MAX_STOPS:
        raise VenueRefusal(TOO_MANY_STOPS, f"{MAX_STOPS} stops wait for {request.symbol} already; cancel one first")
    if request.stop is None and len(desk.orders) - stops >= MAX_ORDERS:
        raise VenueRefusal(TOO_MANY_ORDERS, f"{MAX_ORDERS} orders work for {request.symbol} already; cancel one first")


def _check_band(side: Side, price: Decimal, mark: Decimal) -> None:
    if side is Side.BUY and price > (highest := mark * (ONE + PRICE_BAND)):
        raise VenueRefusal(PRICE_TOO_HIGH, f"a limit may buy at {highest} at most now (mark {mark}), not {price}")
    if side is Side.SELL and price < (lowest := mark * (ONE - PRICE_BAND)):
        raise VenueRefusal(PRICE_TOO_LOW, f"a limit may sell at {lowest} at least now (mark {mark}), not {price}")


def _may_close(order: VenueOrder, request: OrderRequest) -> bool:
    asked = order.request
    same = asked.side is request.side and asked.position_side is request.position_side
    return same and not order.waits and not asked.reduces
