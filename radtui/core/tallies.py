"""What our own orders cancelled, closed and cost since somebody asked the bot to come to rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import Fill
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.outcome import Cancelled, Closed, slippage
from radtui.core.positions import Positions

_MANY: Final = 100


class Tally(msgspec.Struct, kw_only=True):
    """Of one order: the last price when it was first seen, how old that was, and what its fills brought."""

    reference: Decimal | None = None
    age: int = 0
    fee: Decimal = ZERO
    realised: Decimal = ZERO


class Tallies:
    """Counts while `open`.

    Attributes:
        of: by client id.
    """

    def __init__(self) -> None:
        self.open = False
        self.of: dict[str, Tally] = {}

    def begin(self) -> None:
        """Count from nothing, unless it is counted already."""
        if not self.open:
            self.open = True
            self.of.clear()

    def end(self) -> None:
        """Count no more."""
        self.open = False

    def refer(self, exits: Iterable[Order], positions: Positions, at: int) -> None:
        """Note the last price, and its age at the wall clock `at`, beside each close on its way that has none yet."""
        for order in exits:
            tally = self.of.setdefault(order.client_id, Tally())
            if tally.reference is None and (mark := positions.marks.get(order.symbol)) is not None:
                tally.reference, tally.age = mark, max(0, at - positions.marked_at.get(order.symbol, at))

    def forget(self, known: Callable[[str], Order | None]) -> None:
        """Forget orders of which nothing came: a close that is refused for days is asked for every second."""
        if len(self.of) > _MANY:
            self.of = {
                client_id: tally
                for client_id, tally in self.of.items()
                if (order := known(client_id)) is not None and order.state is not OrderState.REJECTED
            }

    def count(self, fill: Fill, realised: Decimal | None) -> None:
        """Add a fill; `realised` is its gross profit, None where it opened."""
        if self.open:
            tally = self.of.setdefault(fill.client_id, Tally())
            tally.fee += fill.fee
            tally.realised += realised or ZERO

    def closed(self, orders: Iterable[Order], since: int, instruments: dict[str, Instrument]) -> tuple[Closed, ...]:
        """Return what exits and stops closed since the wall clock `since`."""
        return tuple(
            self._closed(order, instruments[order.symbol])
            for order in orders
            if order.done and order.filled_lots and order.purpose is not Purpose.ENTRY and order.updated_at >= since
            if order.symbol in instruments
        )

    def _closed(self, order: Order, instrument: Instrument) -> Closed:
        tally, stop = self.of.get(order.client_id, Tally()), order.request.stop
        lots, side = order.filled_lots, order.request.side
        average = instrument.price_of(order.filled_value, lots)
        reference = stop.price if stop is not None else tally.reference
        ticks, cost = (None, None) if reference is None else slippage(instrument, side, lots, average, reference)
        return Closed(
            symbol=order.symbol,
            side=side,
            lots=lots,
            average=average,
            client_id=order.client_id,
            reference=reference,
            reference_age=tally.age if stop is None else 0,
            stop=stop is not None,
            slippage_ticks=ticks,
            slippage=cost,
            fee=tally.fee,
            realised=tally.realised,
            settle=instrument.settle,
            decimals=instrument.price_decimals,
        )


def cancelled(orders: Iterable[Order], since: int) -> tuple[Cancelled, ...]:
    """Return the orders of ours that we cancelled since the wall clock `since`; not what was gone without us."""
    ended = (order for order in orders if order.state is OrderState.CANCELLED and order.updated_at >= since)
    return tuple(to_cancel(order) for order in ended if order.cancel_sent_at)


def to_cancel(order: Order) -> Cancelled:
    """Return an order of ours as one that is or would be cancelled."""
    stop = order.request.stop
    return Cancelled(
        symbol=order.symbol,
        side=order.request.side,
        purpose=order.purpose,
        lots=max(0, (order.lots or order.request.lots) - order.filled_lots),
        client_id=order.client_id,
        price=order.request.price,
        trigger=stop.price if stop else None,
    )
