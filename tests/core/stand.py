"""A position of ten lots, and what looks after it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from radtui.core.caretaker import Caretaker
from radtui.core.commands import Cancel, Command, Place, Seek
from radtui.core.exits import Exits
from radtui.core.market import SECOND
from radtui.core.order import OrderRequest, Side
from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions
from radtui.core.protection import Protection
from tests.core.makers import XBT, admit_all, desk, fill, report

PLAN = Plan(Decimal(57_000), Decimal(66_000), "test")


class Stand:
    """A position of ten lots at 60,000, its exits and its protection; the exchange was read."""

    def __init__(self, side: Side = Side.BUY, plan: Plan | None = PLAN, **config: Any) -> None:
        self.desk = desk(**config)
        self.orders = OwnOrders(self.desk, admit_all)
        self.positions = Positions()
        self.exits = Exits(self.desk, self.orders, self.positions)
        self.exits.awake = True
        self.protection = Protection(self.desk, self.orders, self.positions, self.exits)
        self.caretaker = Caretaker(self.desk, self.positions, self.exits, self.protection)
        self.positions.fill(fill(side=side), XBT, plan, 3, self.desk.at)
        self.held = self.positions.open[XBT.symbol]
        self.said: list[Command] = []

    def guard(self, seconds: float = 0.0) -> list[OrderRequest]:
        """Let time pass, guard, and return what was asked to be placed."""
        self.desk.at += round(seconds * SECOND)
        self.protection.guard(XBT.symbol)
        return self.asked()

    def asked(self) -> list[OrderRequest]:
        """Return what was asked to be placed since the last look."""
        self.said = self.desk.clear()
        return [command.request for command in self.said if isinstance(command, Place)]

    def cancels(self) -> list[str]:
        """Return the ids that were asked to be cancelled at the last look."""
        return [command.client_id for command in self.said if isinstance(command, Cancel)]

    def sought(self) -> list[str]:
        """Return the ids that were asked after at the last look."""
        return [command.client_id for command in self.said if isinstance(command, Seek)]

    def rest(self, asked: OrderRequest, **shown: Any) -> list[OrderRequest]:
        """Have the exchange report an order as resting, and guard."""
        self.orders.reported(report(asked, **shown))
        return self.guard()

    def read(self, *asked: OrderRequest, **shown: Any) -> list[OrderRequest]:
        """Have a reading show just these orders, and guard."""
        reports = [report(each, **shown) for each in asked]
        for each in reports:
            self.orders.reported(each)
        self.orders.compare({each.client_id: each for each in reports}, self.desk.at + 1)
        return self.guard()

    def mark(self, price: str) -> None:
        """Have the market trade."""
        self.positions.marks[XBT.symbol], self.positions.marked_at[XBT.symbol] = Decimal(price), self.desk.at

    def bare(self) -> bool:
        """Return whether no stop is confirmed."""
        return self.held.bare_since is not None

    def stops(self) -> list[Order]:
        return self.orders.live(Purpose.STOP)
