"""The account as the guardian sees it: only the fields that it decides on. Sizes are whole lots."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Wire(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An object of the exchange: ``clientOid`` there is `client_oid` here."""


class Order(Wire, frozen=True, kw_only=True):
    """An order or an untriggered stop.

    Attributes:
        stop: ``up``, ``down``, or empty for what is no stop.
        updated_at: milliseconds UTC.
    """

    id: str
    symbol: str
    client_oid: str | None = None
    side: str | None = None
    type: str | None = None
    size: int | None = None
    filled_size: int | None = None
    is_active: bool | None = None
    status: str | None = None
    reduce_only: bool | None = None
    close_order: bool | None = None
    position_side: str | None = None
    stop: str | None = None
    stop_triggered: bool | None = None
    updated_at: int | None = None

    @property
    def active(self) -> bool:
        """Whether it rests or waits for its trigger; so it does where nothing says that it is done."""
        return self.status != "done" if self.is_active is None else self.is_active

    @property
    def reduces(self) -> bool:
        """Whether it can only make a position smaller."""
        other_way = {("LONG", "sell"), ("SHORT", "buy")}
        return bool(self.reduce_only or self.close_order) or (self.position_side, self.side) in other_way

    def is_of(self, bot: str) -> bool:
        """Return whether `bot` placed it."""
        return (self.client_oid or "").startswith(f"{bot}-")


class Holding(Wire, frozen=True, kw_only=True):
    """An open position.

    Attributes:
        current_qty: signed where the account holds one position a contract.
    """

    symbol: str
    current_qty: int
    position_side: str | None = None
    margin_mode: str | None = None
    cross_mode: bool | None = None
    mark_price: Decimal | None = None

    @property
    def long(self) -> bool:
        """Whether it is a long one."""
        return self.position_side == "LONG" or (self.position_side != "SHORT" and self.current_qty > 0)

    @property
    def lots(self) -> int:
        """Its size."""
        return abs(self.current_qty)

    @property
    def mode(self) -> str:
        """``ISOLATED`` or ``CROSS``, by whichever field says so."""
        return self.margin_mode or ("CROSS" if self.cross_mode else "ISOLATED")


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of all that matters.

    Attributes:
        orders: what rests in the book. stops: what waits for its trigger. done: what was done in the last day.
    """

    orders: tuple[Order, ...] = ()
    stops: tuple[Order, ...] = ()
    done: tuple[Order, ...] = ()
    holdings: tuple[Holding, ...] = ()


class NewOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The only order a guardian ever sends: it closes a whole position, at once or at a trigger; it opens nothing.

    Attributes:
        stop: ``up`` or ``down`` where it waits for its trigger; empty where it closes at once.
        stop_price: the trigger, as plain text.
    """

    client_oid: str
    symbol: str
    side: str
    margin_mode: str
    position_side: str
    stop: str = ""
    stop_price: str = ""

    def body(self) -> bytes:
        """Return it as it is signed and sent."""
        trigger = {"stop": self.stop, "stopPrice": self.stop_price, "stopPriceType": "TP"} if self.stop else {}
        return msgspec.json.encode(
            {
                "clientOid": self.client_oid,
                "symbol": self.symbol,
                "side": self.side,
                "type": "market",
                "closeOrder": True,
                "marginMode": self.margin_mode,
                "positionSide": self.position_side,
                "remark": "radtui guardian",
                **trigger,
            }
        )
