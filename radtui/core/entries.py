"""From a signal to an entry, or to the reasons why not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import msgspec

from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.events import SignalGiven
from radtui.core.exits import Exits, stop_price
from radtui.core.exposure import Exposure
from radtui.core.facts import Evaluated
from radtui.core.gates import Proposal, evaluate
from radtui.core.instrument import Instrument
from radtui.core.market import TIMEFRAMES
from radtui.core.money import ZERO, ratio
from radtui.core.order import OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, Purpose
from radtui.core.own_exposure import own_exposure
from radtui.core.own_orders import OwnOrders
from radtui.core.positions import Plan, Positions
from radtui.core.purse import Purse
from radtui.core.signal import Action
from radtui.core.standing import Mode, Standing
from radtui.core.trading_breakers import TradingBreakers
from radtui.core.why_view import GateView, WhyView
from radtui.core.words import counted


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
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._positions = positions
        self._purse = purse
        self._exits = exits
        self._breakers = breakers
        self._standing = standing
        self._turns: dict[str, SignalGiven] = {}
        self.plans: dict[str, Plan] = {}
        self.why: dict[str, WhyView] = {}

    def consider(self, given: SignalGiven) -> None:
        """Act on a signal: close what it contradicts, enter what the gates admit, note why in any case."""
        self._desk.candles.closed(given.at, max(given.closed_at, given.newest))
        fault = given.signal.fault()
        if fault:
            self._desk.trouble("strategy", f"{given.symbol}: unusable signal: {fault}", "strategy")
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
        if last is None or last.action == Action.HOLD:
            self.note(given, "holds: nothing to do", ())
        else:
            self.why[given.symbol] = msgspec.structs.replace(last, held_at=self._desk.market_at)

    def weigh(self, given: SignalGiven) -> tuple[Proposal, tuple[GateView, ...]] | None:
        """Return the entry that a signal would ask for now, and every gate's verdict; nothing is sent or changed.

        None: it wants nothing, or its contract is not traded here.
        """
        instrument = self._desk.instruments.get(given.symbol)
        if given.signal.action is Action.HOLD or instrument is None or given.symbol in self._desk.missing:
            return None
        side = Side.BUY if given.signal.action is Action.BUY else Side.SELL
        proposal = self._propose(given, side, instrument)
        return proposal, evaluate(proposal)

    def now_flat(self, symbol: str) -> None:
        """Take up the other half of a reversal once the old position is closed."""
        given = self._turns.pop(symbol, None)
        if given is not None:
            self.consider(given)

    def press(self) -> None:
        """Try the close of a reversal again where it came to nothing: a strategy says it only once."""
        if self._turns and self._standing().mode is Mode.HALTED:
            self._turns.clear()  # a halt ends what was only begun: the position keeps its stop
        for symbol, given in self._turns.items():
            if symbol in self._positions.open:
                self._exits.close(symbol, given.signal.reason)

    def note(self, given: SignalGiven, outcome: str, gates: tuple[GateView, ...], *, say: bool = False) -> None:
        """Keep what came of a proposal as the latest of its symbol, and publish it where something was at stake."""
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
        if say:
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
        self._exits.close(given.symbol, given.signal.reason)
        self.note(given, "closes the position; enters when it is flat", (), say=True)

    def _enter(self, given: SignalGiven, side: Side) -> None:
        instrument = self._desk.instruments.get(given.symbol)
        if instrument is None or given.symbol in self._desk.missing:
            self._desk.trouble("strategy", f"{given.symbol} is not a contract of this account", "entries")
            return
        self._breakers.look()
        proposal = self._propose(given, side, instrument)
        gates = evaluate(proposal)
        refusals = [gate.gate for gate in gates if not gate.passed]
        if refusals:
            self.note(given, f"no entry: {', '.join(refusals)}", gates, say=True)
            return
        self.place(proposal)
        self.note(given, f"enters {counted(proposal.lots, 'lot')}", gates, say=True)

    def place(self, proposal: Proposal, *, price: Decimal | None = None, trigger: Trigger | None = None) -> Order:
        """Send an entry that passed the gates: a market order, unless it has a limit price; at once, or triggered."""
        request = OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=proposal.symbol,
            side=proposal.side,
            type=OrderType.MARKET if price is None else OrderType.LIMIT,
            lots=proposal.lots,
            price=price,
            leverage=proposal.limits.leverage,
            stop=trigger,
        )
        self._desk.order(Remember())  # its plan must be on disk before it leaves
        self.plans = {known: kept for known, kept in self.plans.items() if self._orders.get(known) is not None}
        order = self._orders.intend(request, Purpose.ENTRY, proposal.signal.reason)
        if not order.done:
            self.plans[order.client_id] = Plan(proposal.stop, proposal.signal.target, proposal.signal.reason)
            self._breakers.entered()
        return order

    def _propose(self, given: SignalGiven, side: Side, instrument: Instrument) -> Proposal:
        desk, limits, symbol = self._desk, self._desk.config.limits, given.symbol
        account = self._purse.account
        equity = self._purse.equity(self._positions.unrealised()) or ZERO
        stop = self._stop(given, side, instrument)
        lots = self._lots(equity, given.price, stop, instrument)
        coming = self._orders.live(Purpose.ENTRY)
        read_at, marked_at = self._purse.read_at, self._positions.marked_at.get(symbol)
        return Proposal(
            symbol=symbol,
            side=side,
            signal=given.signal,
            price=given.price,
            stop=stop,
            lots=lots,
            instrument=instrument,
            limits=limits,
            standing=self._standing(),
            breakers=self._breakers.views(),
            silence=None if marked_at is None else desk.at - marked_at,
            stale=desk.config.stale_after,
            age=max(desk.market_at, given.newest) - given.closed_at,
            fresh=TIMEFRAMES[desk.config.timeframe],
            account_age=None if read_at is None else desk.at - read_at,
            skew=desk.skew,
            taken=self._taken(symbol),
            held=len(self._positions.open) + len(coming),
            equity=equity,
            available=ZERO if account is None else account.available,
            exposure=self._positions.notional() + self._coming() + instrument.notional(given.price, lots),
            own=self._own() if account is not None and account.elsewhere is not None else Exposure(),
            elsewhere=None if account is None else account.elsewhere,
        )

    def _stop(self, given: SignalGiven, side: Side, instrument: Instrument) -> Decimal:
        """Return the signal's stop on the contract's grid, else the default one."""
        if given.signal.stop is None:
            return stop_price(instrument, side, given.price, self._desk.config.limits.stop_share)
        return stop_price(instrument, side, given.signal.stop, ZERO)

    def _taken(self, symbol: str) -> bool:
        orders = self._orders
        return self._positions.taken(symbol) or bool(orders.live(symbol=symbol)) or orders.uncounted(symbol)

    def _lots(self, equity: Decimal, price: Decimal, stop: Decimal, instrument: Instrument) -> int:
        limits = self._desk.config.limits
        notional = equity * limits.position_share
        if limits.position_notional is not None:
            notional = min(notional, limits.position_notional)
        distance = abs(price - stop)
        if limits.risk_share is not None and distance:
            notional = min(notional, ratio(equity * limits.risk_share * price, distance))
        return instrument.lots_for(notional, price)

    def _own(self) -> Exposure:
        return own_exposure(self._positions, self._orders, self._desk.instruments)

    def _coming(self) -> Decimal:
        """Value of the entries on their way, at the last prices."""
        total = ZERO
        for order in self._orders.live(Purpose.ENTRY):
            mark = self._positions.marks.get(order.symbol, ZERO)
            total += self._desk.instruments[order.symbol].notional(mark, order.request.lots - order.filled_lots)
        return total
