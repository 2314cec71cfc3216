"""Start = recovery: from what the journal knew to what the exchange shows, every difference explained (row O3).

It is one path after a shutdown, a kill, a torn journal or three days away: what was known is set aside, orders are
looked up, fills, funding and transfers caught up, and once journal and exchange agree the two states are compared.
"""

from __future__ import annotations

import msgspec

from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.facts import Found, Reconciled
from radtui.core.market import SECOND
from radtui.core.money import ZERO, plain
from radtui.core.order import Fill
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Positions
from radtui.core.purse import Purse, Sums
from radtui.core.recovery_report import Finding, RecoveryReport
from radtui.core.words import counted


class Before(msgspec.Struct, kw_only=True):
    """What the journal knew.

    Attributes:
        orders: that were not done. lots: of the positions. sums: money.
        at: wall clock of the last note, 0 where there is none.
    """

    clean: bool = True
    at: int = 0
    orders: tuple[Order, ...] = ()
    lots: dict[str, int] = {}
    sums: Sums = msgspec.field(default_factory=Sums)


class Arrival(msgspec.Struct, frozen=True):
    """How many orders, stops that have not fired, and positions the exchange showed before we did anything."""

    orders: int = 0
    stops: int = 0
    positions: int = 0


class Caught(msgspec.Struct):
    """Fills caught up in one symbol: how many, and signed lots of them."""

    fills: int = 0
    lots: int = 0


class Recovery:
    """Sets aside, collects, compares.

    Attributes:
        report: of this start; None until it is done.
    """

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions, purse: Purse) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._purse = purse
        self._before = Before()
        self._began_at = desk.at
        self._arrival: Arrival | None = None
        self._caught: dict[str, Caught] = {}
        self._settled = self._moved = 0
        self._findings: list[Finding] = []
        self.report: RecoveryReport | None = None

    @property
    def done(self) -> bool:
        """Whether journal and exchange agree since this start."""
        return self.report is not None

    def begin(self, before: Before) -> None:
        """Set aside what the journal knew, before anything changes it."""
        self._before = before
        self._began_at = self._desk.at

    def shown(self, seen: ExchangeShown) -> None:
        """Note what the first reading of this start showed: what comes later is our own work too."""
        if self._arrival is None:
            stops = sum(order.waits for order in seen.orders)
            self._arrival = Arrival(len(seen.orders) - stops, stops, len(seen.positions))

    def found(self, finding: Finding) -> None:
        """Publish a difference; until recovery is done it is a part of its report."""
        self._desk.say(
            Found(
                finding.subject,
                finding.difference,
                finding.done,
                kind=finding.kind,
                before=finding.before,
                after=finding.after,
                explanation=finding.explanation,
            )
        )
        if not self.done:
            self._findings.append(finding)

    def counted(self, fill: Fill) -> None:
        """Note that a fill was caught up."""
        if not self.done:
            caught = self._caught.setdefault(fill.symbol, Caught())
            caught.fills += 1
            caught.lots += fill.signed_lots

    def settled(self) -> None:
        """Note that a settlement of funding was caught up."""
        self._settled += 1

    def moved(self) -> None:
        """Note that a transfer was caught up."""
        self._moved += 1

    def finish(self) -> None:
        """Compare, publish and keep the report: from here on everything else is a drift."""
        for compare in (self._compare_orders, self._compare_positions, self._compare_stops, self._compare_money):
            compare()
        before, arrival = self._before, self._arrival or Arrival()
        self.report = RecoveryReport(
            began_at=self._began_at,
            ended_at=self._desk.at,
            last_run="none" if not before.at else "shut down" if before.clean else "killed or crashed",
            away=max(0, self._began_at - before.at) / SECOND if before.at else None,
            orders=arrival.orders,
            stops=arrival.stops,
            positions=arrival.positions,
            fills=sum(caught.fills for caught in self._caught.values()),
            funding=self._settled,
            transfers=self._moved,
            findings=tuple(self._findings),
        )
        self._desk.say(Reconciled(self.report))
        self._desk.order(Remember())

    def _compare_orders(self) -> None:
        for known in self._before.orders:
            now = self._orders.get(known.client_id)
            if now is not None and (finding := _order_differs(known, now)) is not None:
                self.found(finding)

    def _compare_positions(self) -> None:
        told = {finding.subject for finding in self._findings if finding.kind == "position"}
        now = {symbol: held.lots for symbol, held in self._positions.open.items()}
        for symbol in sorted((now.keys() | self._before.lots.keys()) - told):
            before, after = self._before.lots.get(symbol, 0), now.get(symbol, 0)
            caught = self._caught.get(symbol, Caught())
            if before != after:
                lots = "lot" if abs(caught.lots) == 1 else "lots"
                explanation = f"{counted(caught.fills, 'fill')}, together {caught.lots:+d} {lots}"
                finding = Finding(
                    kind="position",
                    subject=symbol,
                    before=_lots(before),
                    after=_lots(after),
                    explanation=explanation,
                    done="caught up" if before + caught.lots == after else "taken over from the exchange",
                )
                self.found(finding)

    def _compare_stops(self) -> None:
        for symbol, held in sorted(self._positions.open.items()):
            if held.lots and held.bare_since is not None:
                self.found(
                    Finding(
                        kind="stop",
                        subject=symbol,
                        before=f"a position of {_lots(held.lots)}",
                        after="no stop of ours that covers it",
                        done="one is being placed",
                    )
                )

    def _compare_money(self) -> None:
        old, account, sums = self._before.sums, self._purse.account, self._purse.sums
        if account is None or old.wallet is None or old.wallet == account.wallet:
            return
        parts = {
            "realised": sums.realised - old.realised,
            "fees": old.fees - sums.fees,
            "funding": sums.funding - old.funding,
            "transfers": sums.moved - old.moved,
            "unexplained": self._purse.identity() or ZERO,
        }
        named = ", ".join(f"{name} {plain(amount)}" for name, amount in parts.items() if amount)
        self.found(
            Finding(
                kind="balance",
                subject=account.currency,
                before=f"a wallet of {plain(old.wallet)}",
                after=plain(account.wallet),
                explanation=named,
                done=self._rest_of_money() if parts["unexplained"] else "caught up",
            )
        )

    def _rest_of_money(self) -> str:
        """Return what becomes of money that nothing explains: fills of orders on their way may do so yet."""
        on_their_way = any(order.purpose is not Purpose.STOP for order in self._orders.live())
        if on_their_way or self._orders.uncounted():
            return "orders of ours are on their way: the rest is looked at again with their fills"
        return "the rest is left to you: look at the account"


def _lots(lots: int) -> str:
    return counted(lots, "lot") if lots else "none"


def _order_differs(known: Order, now: Order) -> Finding | None:
    """Return the difference between an order as we knew it and as the exchange showed it; None where there is none.

    One whose cancel left since then was shown resting: that it is gone now is our own work.
    """
    withdrawn = now.cancel_sent_at != known.cancel_sent_at
    rests = now.resting or (withdrawn and now.state is OrderState.CANCELLED)
    if known.resting and rests and now.filled_lots == known.filled_lots:
        return None
    return Finding(
        kind="stop" if now.purpose is Purpose.STOP else "order",
        subject=f"{now.symbol} {now.purpose} {now.request.side} ({now.client_id})",
        before=_standing(known, known.state) + (", being cancelled" if known.cancelling else ""),
        after=_standing(now, OrderState.WORKING if rests else now.state),
        explanation=_why(known, now),
        done="looked up by its id" + ("; we have it cancelled" if withdrawn and rests else ""),
    )


def _why(known: Order, now: Order) -> str:
    """Return what lies between the two; empty where nobody knows."""
    if known.cancel_sent_at and now.state is OrderState.CANCELLED:
        return "its cancel was on its way"
    return now.error or ("it fired" if now.triggered else "")


def _standing(order: Order, state: OrderState) -> str:
    size = order.lots or order.request.lots
    filled = f", {order.filled_lots} of {counted(size, 'lot')} filled" if order.filled_lots else ""
    return f"{state}{filled}"
