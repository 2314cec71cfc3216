"""The stop that rests on the exchange for each position (row W3).

A stop counts once the exchange itself has shown it, on the right side and for the whole position, not when it was
merely received. It closes the position by `close_order`: whatever the position grows to is covered, and two of them
open nothing, so that one is always replaced by placing the new one first and cancelling the old one once the new one
is confirmed. Like all exits it fails open: no state, gate, journal or price holds it up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.exits import Exits, stop_price, tried, worth_waiting
from radtui.core.market import SECOND
from radtui.core.order import Cross, OrderReport, OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Position, Positions
from radtui.core.protection_view import ProtectionView
from radtui.core.words import moved_by

_REPORT_WITHIN: Final = SECOND
"""A stop that the exchange took is looked up where no word of it came within this time, and as often again."""
_LOST_AFTER: Final = SECOND
"""A stop that a reading missed is looked up, and no longer waited for after this time."""
_REPLACE_AFTER: Final = 4 * SECOND
"""A stop that covers but is not as planned is replaced at most this often: where the exchange never shows what was
asked for, that is loud and not endless."""


class BareTime(msgspec.Struct, kw_only=True):
    """How long closed positions were without a confirmed stop, wall clock; survives a restart.

    Attributes:
        worst, total: nanoseconds. positions: closed ones counted. breaches: times one was bare beyond the limit.
    """

    worst: int = 0
    total: int = 0
    positions: int = 0
    breaches: int = 0

    def add(self, bare: int) -> None:
        """Count a closed position."""
        self.worst = max(self.worst, bare)
        self.total += bare
        self.positions += 1


class Protection:
    """Keeps every position protected, and closes what cannot be.

    Attributes:
        bare: the measured time without a stop.
    """

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions, exits: Exits) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._exits = exits
        self.bare = BareTime()

    def guard(self, symbol: str) -> None:
        """See that a position has its stop, and one only; alarm and close where it is bare for too long."""
        position = self._positions.open[symbol]
        if not position.lots or not self._exits.awake:
            return
        covering = [stop for stop in self._orders.live(Purpose.STOP, symbol) if self._covers(stop, position)]
        position.plan = self._planned(covering, position)
        fitting = [stop for stop in covering if self._fits(stop, position)]
        self._note(position, covering)
        if self._desk.config.watches:
            return
        if fitting:
            self._cancel_but(fitting[:1], symbol)
        else:
            self._cancel_surplus(covering)
            self._ask(position, covered=bool(covering))
        if position.bare_since is not None and self._desk.at - position.bare_since > self._desk.config.protect_within:
            self._give_up(symbol, position)

    def guard_all(self) -> None:
        """See to every position."""
        for symbol in list(self._positions.open):
            self.guard(symbol)

    def tighten(self, symbol: str, price: Decimal, rule: str = "") -> bool:
        """Move a position's stop nearer to the market; return False, and move nothing, where `price` is not nearer.

        The old stop rests until the new one is confirmed. Nothing ever moves a stop away from the market.

        Args:
            rule: the exit rule that wants it there.
        """
        position = self._positions.open.get(symbol)
        if position is None or not position.lots or position.plan is None:
            return False
        price = stop_price(position.instrument, position.closing_side.opposite, price, Decimal(0))
        mark = self._positions.marks.get(symbol)
        moved = msgspec.structs.replace(position.plan, stop=price, rule=rule)
        if not position.tighter(price) or (mark is not None and moved.stopped_at(mark, position.lots)):
            return False
        position.plan = moved
        self._desk.order(Remember())
        self.guard(symbol)
        return True

    def tidy(self, symbol: str) -> None:
        """Cancel the stops of a symbol that is flat; until then they stay, whatever else happens."""
        self._cancel_but([], symbol)

    def tidy_orphans(self, shown: frozenset[str]) -> None:
        """Cancel the stops that protect nothing: neither we nor the exchange (`shown`) know a position of theirs."""
        for order in self._orders.live(Purpose.STOP):
            if order.resting and order.symbol not in self._positions.open and order.symbol not in shown:
                self._orders.cancel(order)

    def ended(self, position: Position) -> None:
        """Count the bare time of a position that is closed."""
        self.bare.add(position.bare(self._desk.at))

    def unprotected(self) -> list[str]:
        """Return the symbols of the positions without a confirmed stop."""
        return [symbol for symbol, held in self._positions.open.items() if held.lots and held.bare_since is not None]

    def view(self, at: int) -> ProtectionView:
        """Return the figures at the wall clock `at`, open positions included."""
        open_now = [held.bare(at) for held in self._positions.open.values()]
        return ProtectionView(
            limit=self._desk.config.protect_within / SECOND,
            worst=max([self.bare.worst, *open_now]) / SECOND,
            total=(self.bare.total + sum(open_now)) / SECOND,
            positions=self.bare.positions + len(open_now),
            breaches=self.bare.breaches,
            unprotected=len(self.unprotected()),
        )

    def _covers(self, stop: Order, position: Position) -> bool:
        if stop.state is not OrderState.WORKING or stop.cancelling or self._orders.absent(stop.client_id):
            return False
        terms = self._terms(stop)
        return terms.side is position.closing_side and _closes_all(terms, abs(position.lots))

    def _fits(self, stop: Order, position: Position) -> bool:
        terms = self._terms(stop)
        return stop.triggered or (_whole(terms) and terms.stop == self._trigger(position))

    def _terms(self, stop: Order) -> OrderRequest | OrderReport:
        """Return what a stop does: as the exchange shows it, else as it was sent."""
        return self._orders.shown(stop.client_id) or stop.request

    def _note(self, position: Position, covering: list[Order]) -> None:
        if covering:
            if position.bare_since is not None:
                self._desk.order(Remember())  # how long it was bare is a figure that no crash may lose
            position.covered(self._desk.at, min(stop.intended_at for stop in covering))
        elif position.bare_since is None:
            position.bare_since = self._desk.at

    def _ask(self, position: Position, *, covered: bool) -> None:
        """Have the planned stop placed, unless it is on its way; close where the market is beyond it already."""
        symbol = position.instrument.symbol
        mark = self._positions.price_now(symbol, self._desk.at, self._desk.config.stale_after)
        if mark is not None and position.plan is not None and position.plan.stopped_at(mark, position.lots):
            rule = position.plan.rule
            self._exits.close(symbol, f"the market at {mark} is beyond its stop{moved_by(rule)}", rule or "stop")
            return
        coming = [stop for stop in self._orders.live(Purpose.STOP, symbol) if self._coming(stop, position)]
        self._look_up(coming, position)
        tries, last = position.stop_tries, self._orders.get(position.stop_tries.last)
        just_replaced = covered and self._desk.at - tries.at < _REPLACE_AFTER
        if not just_replaced and not worth_waiting(coming, tries, last, self._desk.at):
            client_id = self._desk.ids.next()
            tried(tries, last, client_id, self._desk.at)
            self._place(position, client_id)

    def _coming(self, stop: Order, position: Position) -> bool:
        """Return whether an order may turn out to be the planned stop: on its way, or just missed in a reading."""
        asked = stop.request
        if stop.cancelling or asked.side is not position.closing_side or asked.stop != self._trigger(position):
            return False
        missed = (
            self._orders.absent(stop.client_id) and position.bare(self._desk.at) < position.bare_before + _LOST_AFTER
        )
        return missed or stop.state is not OrderState.WORKING

    def _look_up(self, coming: list[Order], position: Position) -> None:
        """Ask after a stop that was received and of which the exchange says nothing since."""
        taken = [stop for stop in coming if stop.state is OrderState.ACCEPTED]
        silent = [stop for stop in taken if self._desk.at - stop.updated_at >= _REPORT_WITHIN]
        if silent and self._desk.at - position.stop_sought_at >= _REPORT_WITHIN:
            position.stop_sought_at = self._desk.at
            for stop in silent:
                self._orders.seek(stop)

    def _place(self, position: Position, client_id: str) -> None:
        side = position.closing_side
        request = OrderRequest(
            client_id=client_id,
            symbol=position.instrument.symbol,
            side=side,
            type=OrderType.MARKET,
            close_order=True,
            stop=self._trigger(position),
        )
        rule = position.plan.rule if position.plan else ""
        what = "long" if side is Side.SELL else "short"
        self._orders.intend(request, Purpose.STOP, f"protects the {what}{moved_by(rule)}", rule)

    def _trigger(self, position: Position) -> Trigger:
        plan = position.plan or self._default_plan(position)
        return Trigger(Cross.DOWN if position.lots > 0 else Cross.UP, plan.stop)

    def _planned(self, covering: list[Order], position: Position) -> Plan:
        """Return its plan: the tightest of its stops, else the default, where none is known.

        Nor is one ever looser than a stop that an earlier start or the guardian left there: that was moved nearer to
        the market in what our journal does not tell, an older one that was put back, for one.
        """
        plan = position.plan
        if plan is None:
            price = self._tightest(covering, position)
            return self._default_plan(position) if price is None else Plan(price, None, "the stop that rests")
        earlier = [stop for stop in covering if not self._desk.ids.this_start(stop.client_id)]
        price = self._tightest(earlier, position)
        return plan if price is None or not position.tighter(price) else msgspec.structs.replace(plan, stop=price)

    def _tightest(self, covering: list[Order], position: Position) -> Decimal | None:
        """Return the trigger nearest to the market; None where there is none."""
        prices = [terms.stop.price for stop in covering if (terms := self._terms(stop)).stop is not None]
        if not prices:
            return None
        return max(prices) if position.lots > 0 else min(prices)

    def _default_plan(self, position: Position) -> Plan:
        instrument = position.instrument
        entry = position.holding.entry(instrument)
        share = self._desk.config.limits.stop_share
        return Plan(stop_price(instrument, position.closing_side.opposite, entry, share), None, "default stop")

    def _cancel_but(self, kept: list[Order], symbol: str) -> None:
        for order in self._orders.live(Purpose.STOP, symbol):
            if order not in kept:
                self._orders.cancel(order)

    def _cancel_surplus(self, covering: list[Order]) -> None:
        """Of the stops that cover but are not as planned keep the first and the last."""
        for order in covering[1:-1]:
            self._orders.cancel(order)

    def _give_up(self, symbol: str, position: Position) -> None:
        seconds = self._desk.config.protect_within / SECOND
        if not position.alarmed:
            position.alarmed = True
            self.bare.breaches += 1
            text = f"{symbol} has no confirmed stop after {seconds:g} s: it is being closed, and the stop tried again"
            self._desk.trouble("unprotected", text, "protection", "alarm")
        self._exits.close(symbol, f"no stop within {seconds:g} s", "no stop")


def _whole(terms: OrderRequest | OrderReport) -> bool:
    """Return whether a stop takes the position's whole size, whatever that is; no lots at all mean the same."""
    return terms.close_order or not terms.lots


def _closes_all(terms: OrderRequest | OrderReport, lots: int) -> bool:
    return _whole(terms) or terms.lots >= lots
