"""Positions, and how they are held: margin modes, position mode, leverage and risk limits."""

from __future__ import annotations

from decimal import Decimal

from radtui.exchange.kucoin.wire.common import Amount, Wire


class Position(Wire, frozen=True, kw_only=True):
    """One position. A cross one lacks what only isolated margin has; nothing is derived from what is missing.

    Attributes:
        current_qty: lots, negative when short; 0 when there is none.
        pos_margin: margin that holds it; `pos_maint` is what it must hold at least.
        maint_margin: `pos_margin` + `unrealised_pnl`, whatever its name says.
        opening_timestamp, current_timestamp: milliseconds.
    """

    symbol: str
    current_qty: int
    id: str | None = None
    settle_currency: str = ""
    is_open: bool | None = None
    is_inverse: bool = False
    cross_mode: bool | None = None
    margin_mode: str = ""
    position_side: str = ""
    leverage: Amount = None
    real_leverage: Amount = None
    avg_entry_price: Amount = None
    mark_price: Amount = None
    mark_value: Amount = None
    liquidation_price: Amount = None
    bankrupt_price: Amount = None
    opening_timestamp: int | None = None
    current_timestamp: int | None = None
    current_cost: Amount = None
    current_comm: Amount = None
    unrealised_cost: Amount = None
    realised_cost: Amount = None
    realised_gross_cost: Amount = None
    realised_gross_pnl: Amount = None
    realised_pnl: Amount = None
    unrealised_pnl: Amount = None
    unrealised_pnl_pcnt: Amount = None
    unrealised_roe_pcnt: Amount = None
    pos_cost: Amount = None
    pos_cross: Amount = None
    pos_cross_margin: Amount = None
    pos_init: Amount = None
    pos_comm: Amount = None
    pos_comm_common: Amount = None
    pos_loss: Amount = None
    pos_margin: Amount = None
    pos_funding: Amount = None
    pos_maint: Amount = None
    maint_margin: Amount = None
    maint_margin_req: Amount = None
    maintain_margin: Amount = None
    deal_comm: Amount = None
    funding_fee: Amount = None
    tax: Amount = None
    risk_limit: Amount = None
    risk_limit_level: int | None = None
    auto_deposit: bool | None = None
    delev_percentage: Amount = None

    @property
    def is_cross(self) -> bool:
        """Whether it is held in cross margin, by whichever field says so."""
        return self.margin_mode == "CROSS" if self.margin_mode else bool(self.cross_mode)


class ClosedPosition(Wire, frozen=True, kw_only=True):
    """A position of the past; times in milliseconds, `type` for example ``CLOSE_LONG`` or ``LIQUID_LONG``."""

    symbol: str
    close_id: str = ""
    position_id: str | None = None
    type: str = ""
    side: str | None = None
    settle_currency: str = ""
    leverage: Amount = None
    margin_mode: str = ""
    close_size: Amount = None
    open_price: Amount = None
    close_price: Amount = None
    pnl: Amount = None
    realised_gross_cost: Amount = None
    realised_gross_cost_new: Amount = None
    withdraw_pnl: Amount = None
    trade_fee: Amount = None
    funding_fee: Amount = None
    tax: Amount = None
    roe: Amount = None
    liquid_amount: Amount = None
    liquid_price: Amount = None
    open_time: int = 0
    close_time: int = 0


class SymbolMode(Wire, frozen=True, kw_only=True):
    """The margin mode of a symbol: ``ISOLATED`` or ``CROSS``."""

    symbol: str
    margin_mode: str


class ModeError(Wire, frozen=True, kw_only=True):
    """Why one symbol's margin mode stayed as it was."""

    symbol: str
    code: str = ""
    msg: str | None = None


class SymbolModes(Wire, frozen=True, kw_only=True):
    """The margin modes after a change of many, and which of them could not be changed."""

    margin_mode: dict[str, str]
    errors: tuple[ModeError, ...] = ()


class AccountMode(Wire, frozen=True, kw_only=True):
    """How many positions a symbol may have."""

    position_mode: int
    """0: one, either way. 1: a long and a short one."""

    @property
    def hedged(self) -> bool:
        """Whether a long and a short position may stand side by side."""
        return self.position_mode == 1


class CrossLeverage(Wire, frozen=True, kw_only=True):
    """The leverage of a symbol in cross margin."""

    symbol: str
    leverage: Decimal


class MaxOpenSize(Wire, frozen=True, kw_only=True):
    """How many lots may be bought and sold in addition."""

    symbol: str
    max_buy_open_size: int
    max_sell_open_size: int


class CrossRiskLimit(Wire, frozen=True, kw_only=True):
    """How large a cross position may be at some price and leverage."""

    symbol: str
    max_open_size: int
    max_open_value: Amount = None
    total_margin: Amount = None
    price: Amount = None
    leverage: Amount = None
    mmr: Amount = None
    imr: Amount = None
    currency: str | None = None
