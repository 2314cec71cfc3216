"""Positions, and how the account is set up for them: margin modes, position mode, cross leverage."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import MarginMode
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.happenings import CrossLeverageSet, MarginModeSet
from radtui.simserver.paging import page
from radtui.simserver.params import Params, wrong
from radtui.simserver.refusals import BAD_REQUEST, BAD_SYMBOL, ILLEGAL, Refusal, from_venue
from radtui.simserver.render import position as render
from radtui.simserver.render.figures import millis, text
from radtui.simserver.routes.rows import chosen, futures, named
from radtui.venue.modes import PositionMode
from radtui.venue.refusals import VenueRefusal
from radtui.venue.statements import ClosedPosition

_MOST_SYMBOLS: Final = 50


def positions(call: Call) -> object:
    """Answer the open positions, of one settlement currency or of all."""
    currency = call.params.text("currency").upper()
    return [
        render.position(call.floor, report)
        for report in call.floor.venue.positions()
        if not currency or call.floor.instruments[report.symbol].settle == currency
    ]


def position(call: Call) -> object:
    """Answer a contract's position as one object, also where there is none."""
    symbol = named(call).symbol
    held = _held(call, symbol)
    return render.position(call.floor, held[0]) if held else render.flat(call.floor, symbol)


def positions_of(call: Call) -> object:
    """Answer a contract's positions as an array: none, one, or in hedge mode up to two."""
    return [render.position(call.floor, report) for report in _held(call, named(call).symbol)]


def history(call: Call) -> object:
    """Answer a page of closed positions, newest first."""
    params, instrument = call.params, chosen(call)
    start, end = params.whole("from") or 0, params.whole("to")
    closed = [
        one
        for one in reversed(call.floor.venue.closed_positions())
        if (instrument is None or one.symbol == instrument.symbol)
        and start <= (at := millis(call.floor.dates.closed(one).closed_at))
        and (end is None or at <= end)
    ]
    window = Params({"currentPage": params.raw("pageId"), "pageSize": str(params.count("limit", 10, 200))})
    return page(window, closed, lambda one: _closed(call, one))


def margin_mode(call: Call) -> object:
    """Answer a contract's margin mode."""
    symbol = named(call).symbol
    return {"symbol": symbol, "marginMode": call.floor.venue.margin_mode(symbol).value}


def change_margin_mode(call: Call) -> object:
    """Change a contract's margin mode; refused while it has orders or a position."""
    symbol, mode = named(call).symbol, call.params.choice("marginMode", MarginMode)
    call.floor.venue.set_margin_mode(symbol, mode)
    call.floor.say(MarginModeSet({symbol: mode}))
    return {"symbol": symbol, "marginMode": mode.value}


def change_margin_modes(call: Call) -> object:
    """Change the margin mode of several contracts, each on its own."""
    mode, symbols = call.params.choice("marginMode", MarginMode), call.params.raw("symbols")
    if not isinstance(symbols, list) or not symbols:
        raise Refusal(BAD_REQUEST, "symbols can not be empty")
    venue, errors, changed = call.floor.venue, [], {}
    for name in symbols:
        try:
            symbol = _known(call, name)
            venue.set_margin_mode(symbol, mode)
            changed[symbol] = mode
        except (Refusal, VenueRefusal) as error:
            refusal = from_venue(error) if isinstance(error, VenueRefusal) else error
            errors.append({"code": refusal.code, "msg": refusal.message, "symbol": str(name)})
    if changed:
        call.floor.say(MarginModeSet(changed))
    known = [str(name) for name in symbols if call.floor.instrument(str(name)) is not None]
    return {"marginMode": {name: venue.margin_mode(name).value for name in known}, "errors": errors}


def _known(call: Call, name: object) -> str:
    instrument = call.floor.instrument(str(name))
    if instrument is None:
        raise Refusal(BAD_SYMBOL)
    return instrument.symbol


def position_mode(call: Call) -> object:
    """Answer whether the account is in one-way (0) or hedge mode (1)."""
    return {"positionMode": int(call.floor.venue.position_mode.value)}


def switch_position_mode(call: Call) -> object:
    """Switch between one-way and hedge mode; refused while there are orders or positions."""
    mode = call.params.choice("positionMode", PositionMode)
    call.floor.venue.set_position_mode(mode)
    return {"positionMode": int(mode.value)}


def cross_leverage(call: Call) -> object:
    """Answer a contract's leverage in cross margin, as text."""
    symbol = named(call).symbol
    return {"symbol": symbol, "leverage": str(call.floor.venue.cross_leverage(symbol))}


def change_cross_leverage(call: Call) -> object:
    """Change a contract's leverage in cross margin."""
    symbol, leverage = named(call).symbol, call.params.whole("leverage")
    if leverage is None or leverage < 1:
        raise wrong("leverage")
    call.floor.venue.set_cross_leverage(symbol, leverage)
    call.floor.say(CrossLeverageSet(symbol, leverage))
    return True


def max_open_size(call: Call) -> object:
    """Answer how many lots can be opened each way at a price and leverage."""
    instrument = named(call)
    price, leverage = call.params.decimal("price"), call.params.whole("leverage")
    if price is None or price <= 0 or leverage is None or leverage < 1:
        raise Refusal(ILLEGAL, "price and leverage must be above 0")
    buy, sell = call.floor.venue.max_open_lots(instrument.symbol, price, leverage)
    return {"symbol": instrument.symbol, "maxBuyOpenSize": buy, "maxSellOpenSize": sell}


def cross_limits(call: Call) -> object:
    """Answer what a margin opens in cross mode, for up to 50 contracts."""
    names = [name.strip() for name in call.params.required("symbol").split(",") if name.strip()]
    if len(names) > _MOST_SYMBOLS:
        raise Refusal(BAD_REQUEST, f"at most {_MOST_SYMBOLS} symbols")
    known = [call.floor.instrument(name) for name in names]
    return [_cross_limit(call, instrument) for instrument in known if instrument is not None]


def _cross_limit(call: Call, instrument: Instrument) -> dict[str, object]:
    venue, symbol = call.floor.venue, instrument.symbol
    leverage = call.params.whole("leverage") or venue.cross_leverage(symbol)
    if not 1 <= leverage <= instrument.max_leverage:
        raise wrong("leverage")
    total = call.params.decimal("totalMargin")
    margin = venue.account(instrument.settle).available if total is None else total
    price = venue.prices(symbol).mark
    lots = instrument.lots_for(max(ZERO, margin) * leverage, price)
    return {
        "symbol": symbol,
        "maxOpenSize": lots,
        "maxOpenValue": format(abs(instrument.notional(price, lots)).quantize(Decimal("1e-10")), "f"),
        "totalMargin": text(margin),
        "price": text(price),
        "leverage": f"{leverage}.00",
        "mmr": text(instrument.maintenance_margin),
        "imr": text(instrument.initial_margin),
        "currency": instrument.settle,
    }


def _held(call: Call, symbol: str) -> list[PositionReport]:
    return [report for report in call.floor.venue.positions() if report.symbol == symbol]


def _closed(call: Call, one: ClosedPosition) -> dict[str, object]:
    dates = call.floor.dates.closed(one)
    return {
        "closeId": str(500_000_000_000_000_000 + one.number),
        "userId": call.floor.user_id,
        "symbol": one.symbol,
        "settleCurrency": one.currency,
        "leverage": "0.0",
        "type": one.kind.value,
        "pnl": text(one.realised),
        "realisedGrossCost": text(-one.gross),
        "realisedGrossCostNew": text(-one.gross),
        "withdrawPnl": "0.0",
        "tradeFee": text(one.fees),
        "fundingFee": text(one.funding),
        "openTime": millis(dates.opened_at),
        "closeTime": millis(dates.closed_at),
        "openPrice": text(one.open_price),
        "closePrice": text(one.close_price),
        "marginMode": one.margin_mode.value,
        "tax": "0.0",
        "roe": None,
        "liquidAmount": None,
        "liquidPrice": None,
        "side": one.side.value,
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("GET", "/api/v1/positions", 2, positions),
    futures("GET", "/api/v1/position", 2, position),
    futures("GET", "/api/v2/position", 2, positions_of),
    futures("GET", "/api/v1/history-positions", 2, history),
    futures("GET", "/api/v2/position/getMarginMode", 2, margin_mode),
    futures("POST", "/api/v2/position/changeMarginMode", 2, change_margin_mode),
    futures("POST", "/api/v2/position/batchChangeMarginMode", 2, change_margin_modes),
    futures("GET", "/api/v2/position/getPositionMode", 2, position_mode),
    futures("POST", "/api/v2/position/switchPositionMode", 2, switch_position_mode),
    futures("GET", "/api/v2/getCrossUserLeverage", 2, cross_leverage),
    futures("POST", "/api/v2/changeCrossUserLeverage", 2, change_cross_leverage),
    futures("GET", "/api/v2/getMaxOpenSize", 2, max_open_size),
    futures("GET", "/api/v2/batchGetCrossOrderLimit", 2, cross_limits),
)
