"""Whether a position that we did not know is taken over, under which rules, and with which stop (row W6)."""

from __future__ import annotations

from radtui.core.account import PositionReport
from radtui.core.config import PastStop, Policy
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.exits import stop_price
from radtui.core.instrument import Instrument
from radtui.core.lost_notes import LostNotes
from radtui.core.order import Side
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions
from radtui.core.rules import Rules


class Adopting:
    """Judges by the policy that is configured; what orders of ours made is ours, whatever the policy says."""

    def __init__(self, desk: Desk, orders: OwnOrders, positions: Positions, rules: Rules, lost: LostNotes) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._rules = rules
        self._lost = lost

    def rules_of(self, report: PositionReport, seen: ExchangeShown) -> Instrument | None:
        """Return a contract's rules; None where it is not ours to trade, or they are still asked for."""
        symbol = report.symbol
        if symbol in self._desk.instruments and symbol not in self._rules.known:
            return self._desk.instruments[symbol]
        return self._rules.need(symbol) if self.ours_to_trade(report, seen) else None

    def ours_to_trade(self, report: PositionReport, seen: ExchangeShown) -> bool:
        """Return whether a contract that is not traded is configured all the same, or the position is our work."""
        return report.symbol in self._desk.config.symbols or self._lost.made(report, seen)

    def left_for(self, report: PositionReport, instrument: Instrument, seen: ExchangeShown) -> str:
        """Return why a position is left alone; empty where it is adopted."""
        adoption = self._desk.config.adoption
        if adoption.foreign is Policy.LEAVE and not self._lost.made(report, seen):
            return "opened by somebody else; by policy"
        mark = self._positions.marks.get(report.symbol, report.mark)
        beyond = self.plan(report, instrument).stopped_at(mark, report.lots)
        if beyond and adoption.past_stop is PastStop.LEAVE:
            return "the market is beyond where its stop would lie; by policy"
        return ""

    def plan(self, report: PositionReport, instrument: Instrument) -> Plan:
        """Return stop and target; a stop that rests for it already is its own, the tightest where there are several."""
        adoption, side = self._desk.config.adoption, Side.BUY if report.lots > 0 else Side.SELL
        stops = self._orders.live(Purpose.STOP, report.symbol)
        # one on the wrong side protects nothing
        resting = [
            s.request.stop.price for s in stops if s.request.side is side.opposite and s.request.stop is not None
        ]
        tightest = max if side is Side.BUY else min
        stop = tightest(resting) if resting else stop_price(instrument, side, report.entry, adoption.stop_share)
        target = instrument.below(report.entry * (1 + adoption.target_share * side.sign))
        return Plan(stop, target if target > 0 else None, "found on the exchange")
