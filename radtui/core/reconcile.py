"""Comparing what we know with what the exchange shows (row O3): at the start, after a lost feed, and all the time.

The exchange is right. Fills that were missed are caught up first, so that most differences explain themselves; what is
left of a position's difference is believed on the second reading that shows it, for a message may still be on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.adopting import Adopting
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.facts import PositionChanged
from radtui.core.guarding import is_guardians
from radtui.core.holding import Holding
from radtui.core.lost_notes import LostNotes
from radtui.core.order import Fill, OrderReport
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Position, Positions
from radtui.core.recovery import Recovery
from radtui.core.recovery_report import Finding, ReconcileView
from radtui.core.rules import Rules
from radtui.core.sides import Sides
from radtui.core.suspects import Suspects
from radtui.core.words import counted

_GUARDIANS: Final = "the guardian placed it while the engine was silent"
_UNNOTED: Final = "its note is lost: in a crash, or an older journal was put back"


class Reconciler:
    """Applies readings of the exchange. `take_fill` is the one way a fill is counted; it knows repeats.

    Attributes:
        readings: with fills in them, so far. last_at: wall clock of the latest.
        drifts: differences since recovery that nothing of ours explains. last_drift, last_drift_at: the latest.
        foreign: orders and positions of the latest reading that are not ours, a line each.
        rival: another engine flies under this bot's name: nothing is entered until a restart; empty: none was seen.
        rules: of contracts that are not traded here. sides: contracts with two positions.
    """

    def __init__(
        self,
        desk: Desk,
        orders: OwnOrders,
        positions: Positions,
        take_fill: Callable[[Fill], None],
        recovery: Recovery,
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._take_fill = take_fill
        self._recovery = recovery
        self._suspects = Suspects(desk, orders)
        self._unruled: set[str] = set()
        self._lost = LostNotes(desk, orders)
        self.rules = Rules(desk)
        self._adopting = Adopting(desk, orders, positions, self.rules, self._lost)
        self.sides = Sides(desk, positions)
        self.readings = 0
        self.last_at: int | None = None
        self.drifts = 0
        self.last_drift: Finding | None = None
        self.last_drift_at: int | None = None
        self.foreign: tuple[str, ...] = ()
        self.rival = ""

    @property
    def doubtful(self) -> bool:
        """Whether a position's difference was seen once and waits for the reading that confirms it."""
        return self._suspects.doubtful

    def suspects(self, symbol: str) -> bool:
        """Return whether the latest reading showed a position otherwise than our books have it."""
        return symbol in self._suspects

    def shown(self, seen: ExchangeShown) -> list[str]:
        """Apply a reading; return the symbols whose position was changed by it."""
        self._recovery.shown(seen)
        self._lost.look(seen)
        for fill in seen.fills or ():
            self._take_fill(fill)
        for order in seen.orders:
            self._order_shown(order)
        self._orders.compare({order.client_id: order for order in seen.orders}, seen.begun)
        self.foreign = tuple(say_foreign(order) for order in seen.orders if not self._desk.ids.own(order.client_id))
        if seen.fills is None:
            return []  # a difference that the missing fills may explain is none
        changed = self._positions_shown(seen)
        self.readings += 1
        self.last_at = seen.at
        return changed

    def adopt(self, report: PositionReport) -> Position | None:
        """Take over a position that only the exchange knew, with a stop and a target; None where nobody can yet.

        A stop that rests for it already is its plan, the tightest where there are several. Of a contract that is not
        traded here the rules are asked for first.
        """
        instrument = self.rules.need(report.symbol)
        if instrument is None or report.symbol in self._positions.open:
            return None
        self._desk.instruments[report.symbol] = instrument
        self._positions.left.pop(report.symbol, None)
        self._desk.say(PositionChanged(report, "adopted"))
        return self._positions.adopt(report, instrument, self._adopting.plan(report, instrument), self._desk.at)

    def found(self, finding: Finding) -> None:
        """Publish a difference; after recovery it is a drift, and an alert."""
        self._recovery.found(finding)
        if self._recovery.done:
            self.drifts += 1
            self.last_drift, self.last_drift_at = finding, self._desk.at
        text = f"{finding.subject}: {finding.difference}; {finding.done}"
        self._desk.trouble("reconcile", text, "reconcile", "warning")

    def view(self) -> ReconcileView:
        """Return what a person should see of it."""
        left = [f"{report.symbol} {_lots(report.lots)}" for report in self._positions.strangers()]
        return ReconcileView(
            readings=self.readings,
            last_at=self.last_at,
            drifts=self.drifts,
            last=self.last_drift,
            last_drift_at=self.last_drift_at,
            foreign=(*self.foreign, *left),
            rival=self.rival,
        )

    def _order_shown(self, report: OrderReport) -> None:
        ids = self._desk.ids
        if self._orders.get(report.client_id) is not None or not ids.own(report.client_id):
            self._orders.reported(report)
        elif ids.newer(report.client_id):
            self._rival_shown(report)
        else:
            self._orders.adopt(report)
            kind = "order" if report.stop is None else "stop"
            self.found(
                Finding(
                    kind=kind,
                    subject=report.client_id,
                    before="none",
                    after=say_foreign(report),
                    explanation=_GUARDIANS if is_guardians(report.client_id) else _UNNOTED,
                    done="taken over",
                )
            )

    def _rival_shown(self, report: OrderReport) -> None:
        """An id of a later start than ours, under our name: two engines would undo each other's orders."""
        if self.rival:
            return
        self.rival = f"the order {report.client_id} is of another engine with this bot's name, started later"
        text = f"{self.rival}; nothing is entered until one of the two is ended, or renamed, and this one restarted"
        self._desk.trouble("two engines", text, "reconcile", "alarm")

    def _positions_shown(self, seen: ExchangeShown) -> list[str]:
        sides = self.sides.sort(seen.positions)
        shown = {symbol: report for symbol, each in sides.items() if (report := self._ours_of(each, seen)) is not None}
        ours, left = sorted(self._positions.open.items()), sorted(self._positions.left)
        self._suspects.keep(shown.keys() | dict(ours).keys())
        changed = [symbol for symbol, held in ours if self._compared(symbol, held, shown.get(symbol), seen)]
        for symbol in left:
            self._left_shown(symbol, self.sides.theirs(sides.get(symbol, [])), seen)
        for symbol, report in sorted(shown.items()):
            known = symbol in dict(ours) or symbol in left
            if not known and self._suspects.believed(symbol, report.lots, at_once=self.readings == 0):
                self._meet(report, seen)
                changed.append(symbol)
        self.sides.tell()
        return changed

    def _ours_of(self, reports: list[PositionReport], seen: ExchangeShown) -> PositionReport | None:
        """Return which of a contract's positions may be ours; None where that is none, or nobody knows."""
        held = self._positions.open.get(reports[0].symbol)
        if held is not None:
            return next((report for report in reports if not report.beside(held.lots)), None)
        if len(reports) == 1:
            return reports[0]
        return next((report for report in reports if self._lost.made(report, seen)), None)

    def _compared(self, symbol: str, held: Position, report: PositionReport | None, seen: ExchangeShown) -> bool:
        """Compare one of our positions; return whether it was corrected."""
        lots = report.lots if report else 0
        if held.lots == lots:
            held.show(report, seen.at)
            self._suspects.clear(symbol)
        elif self._suspects.believed(symbol, lots, at_once=False):
            self._correct(symbol, held, report)
            return True
        return False

    def _correct(self, symbol: str, held: Position, report: PositionReport | None) -> None:
        known, after, done = _lots(held.lots), "none", "taken as closed"
        if report is None:
            held.holding = Holding()
        else:
            if held.lots * report.lots < 0:
                held.plan = None  # it was turned round by somebody else: the old stop would be on the wrong side
            held.holding = Holding(report.lots, held.instrument.notional(report.entry, report.lots))
            held.show(report, self._desk.at)
            after, done = _lots(report.lots), "taken over from the exchange"
        self._found_position(symbol, known, after, "no fill that the exchange lists", done)

    def _meet(self, report: PositionReport, seen: ExchangeShown) -> None:
        """Adopt, or leave alone, a position that we did not know."""
        symbol, instrument = report.symbol, self._adopting.rules_of(report, seen)
        if instrument is None or (why := self._adopting.left_for(report, instrument, seen)):
            self._positions.left[symbol] = report
            if instrument is None and self._adopting.ours_to_trade(report, seen):
                self._unruled.add(symbol)
            reason = "a contract that is not traded here" if instrument is None else why
            self._found_position(symbol, "none", _lots(report.lots), reason, "left alone")
            return
        plan = self._adopting.plan(report, instrument)
        self._desk.instruments[symbol] = instrument
        self._positions.adopt(report, instrument, plan, self._desk.at)
        whose = "made by orders of ours whose notes are lost" if self._lost.made(report, seen) else "somebody else's"
        self._found_position(symbol, "none", _lots(report.lots), whose, f"adopted, stop at {plan.stop}")

    def _left_shown(self, symbol: str, report: PositionReport | None, seen: ExchangeShown) -> None:
        if report is not None and symbol in self._unruled and self._adopting.rules_of(report, seen) is not None:
            self._unruled.discard(symbol)
            del self._positions.left[symbol]  # now its rules are known: it is met anew
        elif report is not None:
            self._positions.left[symbol] = report
        else:
            gone = self._positions.left.pop(symbol)
            self._found_position(symbol, f"{_lots(gone.lots)} of somebody else", "none", "", "nothing: it was not ours")

    def _found_position(self, symbol: str, before: str, after: str, explanation: str, done: str) -> None:
        self.found(
            Finding(kind="position", subject=symbol, before=before, after=after, explanation=explanation, done=done)
        )


def say_foreign(order: OrderReport) -> str:
    """Return an order that is not in our books, in one line."""
    kind = "stop" if order.stop else order.type
    size = "the whole position" if order.close_order else _lots(order.lots - order.filled_lots)
    price = order.stop.price if order.stop else order.price
    return f"{order.symbol} {kind} {order.side} {size}" + (f" at {price}" if price else "")


def _lots(lots: int) -> str:
    return counted(lots, "lot")
