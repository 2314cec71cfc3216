"""Orders, cancels and fills as the exchange answers them over REST."""

from __future__ import annotations

from decimal import Decimal

from radtui.exchange.kucoin.wire.common import SUCCESS, Amount, Wire


class Placed(Wire, frozen=True, kw_only=True):
    """The exchange has received an order. Whether it rests or fills is told later."""

    order_id: str
    client_oid: str | None = None


class PlacedItem(Wire, frozen=True, kw_only=True):
    """What became of one order of a batch: some may be refused while the answer as a whole succeeds."""

    client_oid: str | None = None
    order_id: str | None = None
    symbol: str | None = None
    code: str = ""
    msg: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether this one was received."""
        return self.code in SUCCESS


class Cancelled(Wire, frozen=True, kw_only=True):
    """The orders whose cancel was received; each is done when its own report says so."""

    cancelled_order_ids: tuple[str, ...] = ()


class CancelledByClient(Wire, frozen=True, kw_only=True):
    """The order whose cancel was received."""

    client_oid: str


class CancelledItem(Wire, frozen=True, kw_only=True):
    """What became of one cancel of a batch."""

    order_id: str | None = None
    client_oid: str | None = None
    code: str = ""
    msg: str | None = None

    @property
    def succeeded(self) -> bool:
        """Whether this cancel was received."""
        return self.code in SUCCESS


class Order(Wire, frozen=True, kw_only=True):
    """An order in any state, an untriggered stop included.

    Empty words are ``""``; a market order's price is 0 or left out. There is no state "cancelled": such an order is
    ``done`` and `cancel_exist`.

    Attributes:
        size: lots; None for a `close_order` that named none.
        filled_value: sum of price × lots × multiplier over its fills.
        created_at, updated_at, end_at: milliseconds; `order_time` is in nanoseconds.
    """

    id: str
    symbol: str
    side: str = ""
    type: str = ""
    status: str = ""
    is_active: bool | None = None
    cancel_exist: bool = False
    client_oid: str | None = None
    price: Amount = None
    size: int | None = None
    value: Amount = None
    filled_size: int = 0
    filled_value: Amount = None
    deal_size: int = 0
    deal_value: Amount = None
    avg_deal_price: Amount = None
    leverage: Amount = None
    margin_mode: str = ""
    position_side: str = ""
    time_in_force: str = ""
    post_only: bool = False
    hidden: bool = False
    iceberg: bool = False
    visible_size: int | None = None
    reduce_only: bool = False
    close_order: bool = False
    force_hold: bool = False
    stp: str = ""
    stop: str = ""
    stop_price: Amount = None
    stop_price_type: str = ""
    stop_triggered: bool | None = None
    remark: str | None = None
    tags: str | None = None
    settle_currency: str = ""
    created_at: int = 0
    updated_at: int = 0
    end_at: int | None = None
    order_time: int | None = None

    @property
    def active(self) -> bool:
        """Whether it rests or waits for its trigger; so it does where no field says that it is done."""
        return self.status != "done" if self.is_active is None else self.is_active

    @property
    def filled(self) -> int:
        """Lots filled, under whichever name they came."""
        return max(self.filled_size, self.deal_size)


class Fill(Wire, frozen=True, kw_only=True):
    """One execution of ours. It names no client id.

    Attributes:
        trade_time: nanoseconds; `created_at` is in milliseconds.
        fee: positive where it was paid.
        trade_type: ``trade``, ``liquid``, ``adl``, ``settlement`` or ``cancel``.
    """

    symbol: str
    trade_id: str
    order_id: str
    side: str
    price: Decimal
    size: int
    liquidity: str = ""
    value: Amount = None
    fee: Amount = None
    fee_rate: Amount = None
    fix_fee: Amount = None
    fee_currency: str | None = None
    force_taker: bool = False
    open_fee_pay: Amount = None
    close_fee_pay: Amount = None
    open_fee_tax_pay: Amount = None
    close_fee_tax_pay: Amount = None
    stop: str | None = None
    trade_time: int = 0
    created_at: int = 0
    settle_currency: str | None = None
    display_type: str | None = None
    order_type: str | None = None
    trade_type: str = "trade"
    sub_trade_type: str | None = None
    margin_mode: str = ""
    position_side: str = ""


class OpenOrderStatistics(Wire, frozen=True, kw_only=True):
    """Lots and cost of the active orders of a symbol."""

    open_order_buy_size: int = 0
    open_order_sell_size: int = 0
    open_order_buy_cost: Amount = None
    open_order_sell_cost: Amount = None
    settle_currency: str | None = None
