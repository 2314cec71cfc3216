"""From the wire's words to core's, and back: pure functions.

What the exchange leaves out is 0 here only where core's own types say so; nothing is derived from another field that
the exchange could have told itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.book import BookShown, Level, Trade
from radtui.core.instrument import Instrument
from radtui.core.money import ONE, ZERO, ratio
from radtui.core.order import (
    Cross,
    Fill,
    FillKind,
    MarginMode,
    OrderReport,
    OrderType,
    PositionSide,
    PriceType,
    Side,
    Trigger,
)
from radtui.exchange.kucoin.wire.account import FundingEntry, Overview, TradeFees
from radtui.exchange.kucoin.wire.common import MILLISECOND, nanoseconds
from radtui.exchange.kucoin.wire.feed import PositionChange, WalletChange
from radtui.exchange.kucoin.wire.market import Book, Contract
from radtui.exchange.kucoin.wire.market import Trade as WireTrade
from radtui.exchange.kucoin.wire.orders import Fill as WireFill
from radtui.exchange.kucoin.wire.orders import Order as WireOrder
from radtui.exchange.kucoin.wire.positions import Position as WirePosition

FORCED: Final = frozenset({"liquid", "liquidation", "adl"})
"""Trade types that nobody ordered."""


def instrument(contract: Contract, fees: TradeFees | None = None) -> Instrument:
    """Return a contract as core trades it; `fees` are this account's own, where they are known."""
    initial = contract.initial_margin or ratio(ONE, contract.max_leverage)
    return Instrument(
        symbol=contract.symbol,
        base=contract.base_currency,
        quote=contract.quote_currency,
        settle=contract.settle_currency,
        tick=contract.tick_size,
        multiplier=contract.multiplier,
        maker_fee=fees.maker_fee_rate if fees else contract.maker_fee_rate or ZERO,
        taker_fee=fees.taker_fee_rate if fees else contract.taker_fee_rate or ZERO,
        initial_margin=initial,
        maintenance_margin=contract.maintain_margin or ratio(initial, Decimal(2)),
        max_leverage=int(contract.max_leverage),
        max_lots=min(most for most in (contract.max_order_qty, contract.market_max_order_qty or _MOST) if most),
        max_price=contract.max_price or Decimal(_MOST),
        inverse=contract.is_inverse,
        risk_limit=contract.max_risk_limit or ZERO,
    )


def book_shown(found: Book) -> BookShown:
    """Return the book that an answer shows, the best levels first."""
    bids, asks = (tuple(Level(price, size) for price, size in side) for side in (found.bids, found.asks))
    return BookShown(found.symbol, bids, asks)


def trades(symbol: str, found: Sequence[WireTrade]) -> list[Trade]:
    """Return the trades that an answer shows."""
    return [Trade(symbol, side(each.side), each.size, each.price, each.ts) for each in found]


def order_report(order: WireOrder) -> OrderReport:
    """Return an order as REST shows it, an untriggered stop included."""
    market, size = order.type.startswith("market"), order.size or 0
    return OrderReport(
        order_id=order.id,
        client_id=order.client_oid or "",
        symbol=order.symbol,
        side=side(order.side),
        type=OrderType.MARKET if market else OrderType.LIMIT,
        lots=size,
        filled_lots=order.filled,
        filled_value=order.filled_value or order.deal_value or ZERO,
        price=None if market else order.price or None,
        stop=trigger(order.stop, order.stop_price, order.stop_price_type),
        reduce_only=order.reduce_only,
        close_order=order.close_order,
        post_only=order.post_only,
        active=order.active,
        cancelled=not order.active and (order.filled < size if size else order.cancel_exist or not order.filled),
        triggered=bool(order.stop_triggered),
        leverage=_whole(order.leverage),
        created_at=nanoseconds(order.order_time or order.created_at),
        updated_at=max(order.updated_at, order.end_at or 0, order.created_at) * MILLISECOND,
        margin_mode=margin_mode(order.margin_mode),
        position_side=position_side(order.position_side),
    )


def fill(found: WireFill, client_id: str) -> Fill:
    """Return an execution; its fee is the exchange's own figure."""
    return Fill(
        trade_id=trade_id(found.trade_id, found.side),
        order_id=found.order_id,
        client_id=client_id,
        symbol=found.symbol,
        side=side(found.side),
        lots=found.size,
        price=found.price,
        fee=_fee(found),
        maker=found.liquidity == "maker",
        at=nanoseconds(found.trade_time or found.created_at),
        kind=FillKind.LIQUIDATION if found.trade_type in FORCED else FillKind.TRADE,
        margin_mode=margin_mode(found.margin_mode),
        position_side=position_side(found.position_side),
    )


def trade_id(number: str, on: str) -> str:
    """Return what names one side of a trade: where an account traded with itself, both sides bear one number."""
    return f"{number}-{on}"


def position_report(found: WirePosition | PositionChange) -> PositionReport:
    """Return a position; one of 0 lots is closed."""
    gross, held = found.realised_gross_pnl or ZERO, position_side(found.position_side)
    fees = gross - found.realised_pnl if found.realised_pnl is not None else ZERO
    return PositionReport(
        symbol=found.symbol,
        lots=abs(found.current_qty or 0) * held.sign if held.sign else found.current_qty or 0,
        entry=found.avg_entry_price or ZERO,
        mark=found.mark_price or ZERO,
        margin=found.pos_margin or ZERO,
        maintenance=found.pos_maint or ZERO,
        leverage=_whole(found.leverage or found.real_leverage),
        liquidation=found.liquidation_price or ZERO,
        unrealised=found.unrealised_pnl or ZERO,
        opened_at=(found.opening_timestamp or 0) * MILLISECOND,
        margin_mode="cross" if found.is_cross else "isolated",
        position_side=held,
        cost=found.pos_cost or ZERO,
        initial=found.pos_init or ZERO,
        closing_fee=found.pos_comm or ZERO,
        added=found.pos_cross or ZERO,
        bankruptcy=found.bankrupt_price or ZERO,
        gross=gross,
        fees=fees,
        funding=found.funding_fee or ZERO,
    )


def account_report(found: Overview) -> AccountReport:
    """Return the account: its equity counts open profit, its wallet does not."""
    unrealised = found.unrealised_pnl or ZERO
    return AccountReport(
        currency=found.currency,
        equity=found.account_equity,
        wallet=found.account_equity - unrealised,
        available=found.available_balance,
        position_margin=found.position_margin or ZERO,
        order_margin=found.order_margin or ZERO,
        unrealised=unrealised,
    )


def wallet_report(found: WalletChange) -> AccountReport:
    """Return the account as its push tells it."""
    unrealised = (found.isolated_un_pnl or ZERO) + (found.cross_un_pnl or ZERO)
    return AccountReport(
        currency=found.currency,
        equity=found.wallet_balance + unrealised if found.equity is None else found.equity,
        wallet=found.wallet_balance,
        available=found.available_balance,
        position_margin=(found.isolated_pos_margin or ZERO) + (found.cross_pos_margin or ZERO),
        order_margin=(found.isolated_order_margin or ZERO) + (found.cross_order_margin or ZERO),
        unrealised=unrealised,
    )


def funding_paid(found: FundingEntry) -> FundingPaid:
    """Return a settlement of funding."""
    return FundingPaid(
        symbol=found.symbol,
        rate=found.funding_rate,
        amount=found.funding,
        at=found.time_point * MILLISECOND,
        lots=found.position_qty,
        cost=found.position_cost or ZERO,
        mark=found.mark_price or ZERO,
        margin_mode=found.margin_mode.lower() or "isolated",
    )


def side(word: str) -> Side:
    """Return which way an order trades; one that closes a position may not name it."""
    return Side.SELL if word == "sell" else Side.BUY


def trigger(word: str, price: Decimal | None, watches: str) -> Trigger | None:
    """Return a stop's condition, None for what is no stop."""
    if word not in {"up", "down"} or price is None:
        return None
    return Trigger(Cross(word), price, PriceType(watches) if watches in _WATCHED else PriceType.LAST)


def margin_mode(word: str) -> MarginMode:
    """Return the margin mode; what old answers leave out was isolated."""
    return MarginMode.CROSS if word == "CROSS" else MarginMode.ISOLATED


def position_side(word: str) -> PositionSide:
    """Return which position is meant; what old answers leave out was the only one."""
    return PositionSide(word) if word in _SIDES else PositionSide.BOTH


def _fee(found: WireFill) -> Decimal:
    if found.fee is not None:
        return found.fee
    parts = (found.open_fee_pay, found.close_fee_pay, found.open_fee_tax_pay, found.close_fee_tax_pay)
    return sum((part for part in parts if part is not None), ZERO)


def _whole(leverage: Decimal | None) -> int:
    return int(leverage.to_integral_value()) if leverage is not None else 0


_MOST: Final = 1_000_000
_WATCHED: Final = frozenset(PriceType)
_SIDES: Final = frozenset(PositionSide)
