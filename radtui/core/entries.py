"""From a signal to an entry, or to the reasons why not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.events import SignalGiven
from radtui.core.exit_terms import ExitTerms
from radtui.core.exits import Exits
from radtui.core.facts import Evaluated
from radtui.core.gates import evaluate
from radtui.core.order import OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.picking import Picked
from radtui.core.positions import Plan, Positions
from radtui.core.proposal import Proposal
from radtui.core.proposing import Proposer
from radtui.core.purse import Purse
from radtui.core.signal import Action
from radtui.core.standing import Mode, Standing
from radtui.core.trading_breakers import TradingBreakers
from radtui.core.why_view import GateView, WhyView
from radtui.core.windows import TradingWindow
from radtui.core.words import counted

_SIGNAL: Final = "signal"
"""The rule that a strategy's own word against its position goes by."""


class Entries:
    """Weighs signals. Keeps the last evaluation of each symbol, and a reversal's second half until it is flat."""

    def __init__(
        self,
        desk: Desk,
        orders: OwnOrders,
        positions: Positions,
        purse: Purse,
        exits: Exits,
        breakers: TradingBreakers,
        standing: Callable[[], Standing],
        *,
        window: TradingWindow,
        picked: Picked,
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._exits = exits
        self._breakers = breakers
        self._standing = standing
        self._window = window
        self._proposer = Proposer(desk, orders, positions, purse, breakers, standing, window=window, picked=picked)
        self._turns: dict[str, SignalGiven] = {}
        self.plans: dict[str, Plan] = {}
        self.why: dict[str, WhyView] = {}

    def consider(self, given: SignalGiven) -> None:
        """Act on a signal: close what it contradicts, enter what the gates admit, note why in any case."""
        self._desk.candles.closed(given.at, max(given.closed_at, given.newest))
        fault = given.signal.fault()
        if fault:
            self._desk.trouble("strategy", f"{given.symbol}: unusable signal: {fault}", "strategy")
            self._desk.say(Evaluated(_unusable(given.symbol, self._desk.market_at, fault)))
            return
        action = given.signal.action
        if action is Action.HOLD:
            self._hold(given)
            return
        side = Side.BUY if action is Action.BUY else Side.SELL
        position = self._positions.open.get(given.symbol)
        if position is not None and position.lots * side.sign < 0:
            self._reverse(given)
        else:
            if position is not None:
                self._turns.pop(given.symbol, None)  # it was turned round again
            self._enter(given, side)

    def _hold(self, given: SignalGiven) -> None:
        """Note a signal that wants nothing, without forgetting why the last one that did came to what it came to."""
        last = self.why.get(given.symbol)
        self.note(given, "holds: nothing to do", ())
        if last is not None and last.action != Action.HOLD:
            self.why[given.symbol] = msgspec.structs.replace(last, held_at=self._desk.market_at)

    def weigh(self, given: SignalGiven, terms: ExitTerms | None = None) -> tuple[Proposal, tuple[GateView, ...]] | None:
        """Return the entry that a signal would ask for now, and every gate's verdict; nothing is sent or changed.

        None: it wants nothing, or its contract is not traded here.

        Args:
            terms: of the exit rules that would look after it; None for those of the configuration.
        """
        instrument = self._desk.instruments.get(given.symbol)
        if given.signal.action is Action.HOLD or instrument is None or given.symbol in self._desk.missing:
            return None
        side = Side.BUY if given.signal.action is Action.BUY else Side.SELL
        proposal = self._proposer.propose(given, side, instrument, terms or self._desk.config.exit_terms)
        return proposal, evaluate(proposal)

    def now_flat(self, symbol: str) -> None:
        """Take up the other half of a reversal once the old position is closed."""
        given = self._turns.pop(symbol, None)
        if given is not None:
            self.consider(given)

    @property
    def turning(self) -> bool:
        """Whether the other half of a reversal waits for a position to close."""
        return bool(self._turns)

    def press(self) -> None:
        """Try the close of a reversal again where it came to nothing: a strategy says it only once."""
        if self._turns and self._standing().mode is Mode.HALTED:
            self._turns.clear()  # a halt ends what was only begun: the position keeps its stop
        for symbol, given in self._turns.items():
            if symbol in self._positions.open:
                self._exits.close(symbol, given.signal.reason, _SIGNAL)

    def note(self, given: SignalGiven, outcome: str, gates: tuple[GateView, ...]) -> None:
        """Keep what came of a signal as the latest of its symbol, and publish it: the journal keeps every one."""
        signal = given.signal
        view = WhyView(
            symbol=given.symbol,
            at=self._desk.market_at,
            action=signal.action,
            confidence=signal.confidence,
            reason=signal.reason,
            outcome=outcome,
            gates=gates,
        )
        self.why[given.symbol] = view
        self._desk.say(Evaluated(view))

    def _reverse(self, given: SignalGiven) -> None:
        standing = self._standing()
        if standing.mode is Mode.HALTED:
            self.note(given, f"against the position, which keeps its stop: {standing.blocked}", ())
            return
        if given.signal.confidence < self._desk.config.limits.confidence:
            self.note(given, "against the position, but not confident enough to close it", ())
            return
        self._turns[given.symbol] = given
        self._exits.close(given.symbol, given.signal.reason, _SIGNAL)
        self.note(given, "closes the position; enters when it is flat", ())

    def _enter(self, given: SignalGiven, side: Side) -> None:
        instrument = self._desk.instruments.get(given.symbol)
        if instrument is None or given.symbol in self._desk.missing:
            self._desk.trouble("strategy", f"{given.symbol} is not a contract of this account", "entries")
            self.note(given, "no entry: it is not a contract that is traded here", ())
            return
        self._breakers.look()
        proposal = self._proposer.propose(given, side, instrument, self._desk.config.exit_terms)
        gates = evaluate(proposal)
        refusals = [gate.gate for gate in gates if not gate.passed]
        if refusals:
            self.note(given, f"no entry: {', '.join(refusals)}", gates)
            return
        self.place(proposal)
        self.note(given, f"enters {counted(proposal.lots, 'lot')}", gates)

    def place(self, proposal: Proposal, *, price: Decimal | None = None, trigger: Trigger | None = None) -> Order:
        """Send an entry that passed the gates: a market order, unless it has a limit price; at once, or triggered."""
        request = OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=proposal.symbol,
            side=proposal.side,
            type=OrderType.MARKET if price is None else OrderType.LIMIT,
            lots=proposal.lots,
            price=price,
            leverage=proposal.leverage,
            stop=trigger,
        )
        self._desk.order(Remember())  # its plan must be on disk before it leaves
        self.plans = {known: kept for known, kept in self.plans.items() if self._orders.get(known) is not None}
        order = self._orders.intend(request, Purpose.ENTRY, proposal.signal.reason)
        if not order.done:
            reason = proposal.signal.reason
            self.plans[order.client_id] = Plan(proposal.stop, proposal.target, reason, followed=proposal.terms.active)
            self._breakers.entered()
            self._window.entered()
        return order


def _unusable(symbol: str, at: int, fault: str) -> WhyView:
    """Return what came of a signal that cannot be read: none of its figures is repeated."""
    outcome = f"unusable signal: {fault}"
    return WhyView(symbol=symbol, at=at, action=Action.HOLD, confidence=0.0, reason="", outcome=outcome, gates=())
