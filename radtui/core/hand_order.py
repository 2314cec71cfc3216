"""What an operator asks for when they place an order by hand (row S1): what it says, and whether it can be meant."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import plain
from radtui.core.order import Side

_LONGEST_SYMBOL: Final = 30
_HUGE: Final = Decimal(10) ** 15
"""No price and no size comes near it; beyond it remainders are not exact."""


class HandType(StrEnum):
    """How an order by hand names its price.

    Attributes:
        STOP: a market order that enters once the market has come to its price, from the side where it is not yet.
    """

    MARKET = "market"
    LIMIT = "limit"
    STOP = "stop"


class HandOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order as a person means it.

    Attributes:
        lots: whole lots. coins: the same in base coins, taken only where it is whole lots exactly.
        price: of a limit order its limit, of a stop order its trigger; a market order has none.
        reduce_only: it may only make the position smaller.
        close: it closes the whole position, whatever its size; it has no size of its own.
        stop: where the stop of the new position triggers; without it as far away as the limits allow.
        target: where the new position's profit is taken; None for none.
        key: caller and Idempotency-Key it came with: what was placed with it is never placed again, after a restart
            neither.
    """

    symbol: str
    side: Side
    type: HandType = HandType.MARKET
    lots: int | None = None
    coins: Decimal | None = None
    price: Decimal | None = None
    reduce_only: bool = False
    close: bool = False
    stop: Decimal | None = None
    target: Decimal | None = None
    key: str = ""

    @property
    def reduces(self) -> bool:
        """Whether it is not meant to open anything."""
        return self.reduce_only or self.close

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it can be no order of any contract, a line each; nothing where it can."""
        return (*self._of_size(), *self._of_price(), *self._of_purpose())

    def lots_in(self, instrument: Instrument) -> int | None:
        """Return the size in whole lots, 0 for a whole position; None where the coins are no whole lots."""
        if self.coins is None:
            return self.lots or 0
        whole, rest = divmod(self.coins, abs(instrument.multiplier))
        return None if rest or instrument.inverse else int(whole)

    def misfits(self, instrument: Instrument) -> tuple[str, ...]:
        """Return why it can be no order of this contract, a line each."""
        lots = self.lots_in(instrument)
        found = [
            f"the {name} {plain(price)} is not a multiple of {instrument.symbol}'s tick {plain(instrument.tick)}"
            for name, price in (("price", self.price), ("stop", self.stop), ("target", self.target))
            if price is not None and price % instrument.tick
        ]
        if self.coins is not None and instrument.inverse:
            found.append(f"a lot of {instrument.symbol} is no fixed number of coins: give the size in lots")
        elif lots is None:
            lot = f"{plain(instrument.multiplier)} {instrument.base}"
            found.append(f"{plain(self.coins or Decimal(0))} coins are no whole lots: one lot is {lot}")
        elif lots > instrument.max_lots:
            found.append(f"{lots} lots are more than {instrument.symbol} takes at once, {instrument.max_lots}")
        if self.price is not None and self.price > instrument.max_price:
            found.append(f"the price {plain(self.price)} is above the highest there is, {plain(instrument.max_price)}")
        return tuple(found)

    def _of_size(self) -> tuple[str, ...]:
        if not 0 < len(self.symbol) <= _LONGEST_SYMBOL:
            return (f"a contract's name has up to {_LONGEST_SYMBOL} letters",)
        given = (self.lots is not None) + (self.coins is not None)
        if self.close:
            return ("an order that closes the whole position has no size of its own",) if given else ()
        if given != 1:
            return ("an order has one size: in lots or in coins",)
        size = self.lots if self.coins is None else self.coins
        return () if _sane(size) else (f"the size must lie above 0 and below {_HUGE:.0e}",)

    def _of_price(self) -> tuple[str, ...]:
        if not all(price is None or _sane(price) for price in (self.price, self.stop, self.target)):
            return (f"a price must lie above 0 and below {_HUGE:.0e}",)
        if (self.price is None) is not (self.type is HandType.MARKET):
            return (f"a {self.type} order {'takes no' if self.type is HandType.MARKET else 'needs a'} price",)
        return ()

    def _of_purpose(self) -> tuple[str, ...]:
        if not self.reduces:
            return ()
        found = []
        if self.type is HandType.STOP:
            found.append("a position has its own stop: what reduces is a market or a limit order")
        if self.close and self.type is HandType.LIMIT:
            found.append("what closes the whole position is a market order: give lots, reduce-only, with a limit")
        if self.stop is not None or self.target is not None:
            found.append("what only reduces opens no position that would need a stop or a target")
        return tuple(found)


def _sane(amount: Decimal | int | None) -> bool:
    return amount is not None and Decimal(amount).is_finite() and 0 < amount < _HUGE
