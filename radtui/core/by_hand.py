"""Orders that an operator places by hand (row S1): through the same gates and the same door as the strategy's own.

An entry is weighed as if a strategy that is sure of itself had asked for it, and refused with every reason; its stop is
planned with it, and from its first fill on the position is protected as any other. No exit rule moves that stop or
closes the position: both are the operator's. What only reduces is asked for no gate: it passes in every state, and the
exchange sees to it that it opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.answers import Answers
from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.events import SignalGiven
from radtui.core.exit_terms import ExitTerms
from radtui.core.gates import evaluate
from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask, Instruction
from radtui.core.instrument import Instrument
from radtui.core.lifecycle import State
from radtui.core.money import plain
from radtui.core.order import Cross, OrderRequest, OrderType, Side, Trigger
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.outcome import Placed
from radtui.core.proposal import Proposal
from radtui.core.signal import Signal
from radtui.core.trading import Trading
from radtui.core.why_view import GateView
from radtui.core.winding import Asked
from radtui.core.words import counted, side_of

KEPT: Final = 200
"""Keys of orders by hand that are remembered, also over a restart."""
_NONE: Final = "No order was placed"
_AS_ASKED: Final = ExitTerms()
"""No exit rule: the position has the stop and the target that the operator gave it, and nobody moves them."""
_UNREAD: Final = (
    "the exchange was not read yet, so nobody knows what is open: ask again in a moment "
    "(an emergency stop waits for it by itself)"
)


class ByHand:
    """Places, and answers once the exchange has said whether it took the order.

    Args:
        pending: the instructions that wait, by id; shared with whoever keeps them over a restart.

    Attributes:
        placed: client ids of the orders that came with a key, by key: a repeat places nothing, also after a restart.
    """

    def __init__(
        self, desk: Desk, trading: Trading, answers: Answers, pending: dict[str, Asked], state: Callable[[], State]
    ) -> None:
        self._desk = desk
        self._trading = trading
        self._answers = answers
        self._pending = pending
        self._state = state
        self.placed: dict[str, str] = {}

    def ask(self, instruction: Instruction) -> None:
        """Place the order that the instruction holds, or say why not."""
        order = instruction.order
        if order is None:
            self._refuse(instruction, ("the instruction holds no order",))
        elif known := self.placed.get(order.key) if order.key else None:
            self._repeat(instruction, order, known)
        elif order.faults:
            self._refuse(instruction, order.faults)
        elif order.reduces:
            self._reduce(instruction, order)
        else:
            self._enter(instruction, order)

    def take_up(self, asked: Asked) -> None:
        """Wait for what becomes of an order, also of an earlier run."""
        self._pending[asked.instruction.id] = asked

    def settle(self) -> None:
        """Answer those whose order the exchange has taken, or not."""
        for asked in [each for each in self._pending.values() if each.instruction.ask is Ask.PLACE_ORDER]:
            order = self._trading.orders.get(asked.order)
            if order is None or not order.in_flight:
                del self._pending[asked.instruction.id]
                self._answer(asked, order)

    def _enter(self, instruction: Instruction, order: HandOrder) -> None:
        instrument = self._desk.instruments.get(order.symbol)
        mark = self._trading.positions.marks.get(order.symbol)
        if instrument is None or order.symbol in self._desk.missing:
            self._refuse(instruction, (f"{order.symbol} is not a contract that is traded here",))
        elif wrong := order.misfits(instrument):
            self._refuse(instruction, wrong)
        elif mark is None:
            self._refuse(instruction, (f"no price of {order.symbol} was heard yet",))
        elif wrong := self._held(order) + _misplaced(order, mark):
            self._refuse(instruction, wrong)
        else:
            self._weigh(instruction, order, instrument, mark)

    def _weigh(self, instruction: Instruction, order: HandOrder, instrument: Instrument, mark: Decimal) -> None:
        entries = self._trading.entries
        self._trading.breakers.look()
        given = self._meant(instruction, order, mark)
        weighed = entries.weigh(given, _AS_ASKED)
        if weighed is None:
            self._refuse(instruction, (f"{order.symbol} cannot be entered now",))
            return
        proposal = _sized(weighed[0], order.lots_in(instrument) or 0)
        gates = tuple(_of_size(proposal, weighed[0]) if each.gate == "size" else each for each in evaluate(proposal))
        if refused := [gate for gate in gates if not gate.passed]:
            entries.note(given, f"no entry: {', '.join(gate.gate for gate in refused)}", gates)
            self._refuse(instruction, tuple(f"{gate.gate}: {gate.value}, must be {gate.limit}" for gate in refused))
            return
        limit = order.price if order.type is HandType.LIMIT else None
        placed = entries.place(proposal, price=limit, trigger=_trigger(order))
        entries.note(given, f"enters {counted(proposal.lots, 'lot')}", gates)
        self._follow(instruction, order, placed)

    def _reduce(self, instruction: Instruction, order: HandOrder) -> None:
        held = self._trading.positions.open.get(order.symbol)
        if not self._trading.exits.awake:
            self._refuse(instruction, (_UNREAD,))
        elif held is None:
            self._refuse(instruction, (f"there is no position of ours in {order.symbol} to reduce",))
        elif wrong := order.misfits(held.instrument) + self._resting(order):
            self._refuse(instruction, wrong)
        else:
            request = self._reduction(order, held.instrument)
            refusal = self._trading.orders.refusal(request, Purpose.EXIT)
            if refusal is not None:
                self._refuse(instruction, (refusal,))
            else:
                self._follow(
                    instruction, order, self._trading.orders.intend(request, Purpose.EXIT, _reason(instruction))
                )

    def _reduction(self, order: HandOrder, instrument: Instrument) -> OrderRequest:
        return OrderRequest(
            client_id=self._desk.ids.next(),
            symbol=order.symbol,
            side=order.side,
            type=OrderType.MARKET if order.price is None else OrderType.LIMIT,
            lots=order.lots_in(instrument) or 0,
            price=order.price,
            reduce_only=not order.close,
            close_order=order.close,
        )

    def _resting(self, order: HandOrder) -> tuple[str, ...]:
        """Return why nothing may be left resting now: a bot that comes to rest waits for all that could change it."""
        stopping = self._state() is State.STOPPING and order.type is HandType.LIMIT
        return ("the bot is stopping: only a market order reduces now",) if stopping else ()

    def _held(self, order: HandOrder) -> tuple[str, ...]:
        """Return what to do where a position is open: one position a contract is all that can be told apart."""
        held = self._trading.positions.open.get(order.symbol)
        if held is None or not held.lots:
            return ()
        size = f"{side_of(held.lots)} with {counted(abs(held.lots), 'lot')}"
        return (f"{order.symbol} is held {size}: reduce or close it first",)

    def _meant(self, instruction: Instruction, order: HandOrder, mark: Decimal) -> SignalGiven:
        """Return the order as the signal of a strategy that is sure of itself."""
        buys = order.side is Side.BUY
        signal = Signal(
            buy=float(buys),
            sell=float(not buys),
            hold=0.0,
            confidence=1.0,
            reason=_reason(instruction),
            stop=order.stop,
            target=order.target,
        )
        return SignalGiven(self._desk.at, order.symbol, signal, _expected(order, mark), self._desk.market_at)

    def _follow(self, instruction: Instruction, order: HandOrder, placed: Order) -> None:
        if placed.done:
            self._refuse(instruction, (placed.error,))
            return
        if order.key:
            self.placed[order.key] = placed.client_id
            while len(self.placed) > KEPT:
                del self.placed[next(iter(self.placed))]
        self.take_up(Asked(instruction, self._desk.at, placed.client_id))
        self._desk.order(Remember())

    def _repeat(self, instruction: Instruction, order: HandOrder, client_id: str) -> None:
        """Answer for an order that came before with the same key, in this run or an earlier one."""
        known = self._trading.orders.get(client_id)
        if known is not None and (known.symbol, known.request.side) != (order.symbol, order.side):
            self._refuse(instruction, (f"this key came with another order before, {client_id}: take a new key",))
        else:
            self.take_up(Asked(instruction, self._desk.at, client_id))
            self._desk.order(Remember())

    def _refuse(self, instruction: Instruction, why: tuple[str, ...]) -> None:
        self._answers.refuse(instruction, f"{_NONE}: {'; '.join(why)}", why)

    def _answer(self, asked: Asked, order: Order | None) -> None:
        if order is None:
            words = f"The order {asked.order} was placed before, and is long done: fills and journal tell the rest"
            self._answers.say(asked.instruction, words, success=True)
            return
        gone = order.state is OrderState.CANCELLED and not order.filled_lots
        taken = order.state is not OrderState.REJECTED and not gone
        words = f"Order {order.state}: {_line(order)}" if taken else f"{_NONE}: {order.error or order.state}"
        self._answers.placed(asked.instruction, words, _placed(order), success=taken)


def _reason(instruction: Instruction) -> str:
    return f"by hand: {instruction.who}" + (f": {instruction.why}" if instruction.why else "")


def _expected(order: HandOrder, mark: Decimal) -> Decimal:
    """Return the price at which it would enter: a limit beyond the market trades at the market."""
    if order.price is None or order.type is HandType.STOP:
        return order.price or mark
    return min(order.price, mark) if order.side is Side.BUY else max(order.price, mark)


def _misplaced(order: HandOrder, mark: Decimal) -> tuple[str, ...]:
    """Return which of its prices the market has passed already, a line each."""
    found, sign = [], order.side.sign
    if order.type is HandType.STOP and order.price is not None and (order.price - mark) * sign <= 0:
        where = "above" if sign > 0 else "below"
        found.append(f"a stop that enters with a {order.side} lies {where} the market at {plain(mark)}")
    if order.target is not None and (order.target - _expected(order, mark)) * sign <= 0:
        found.append(f"the target {plain(order.target)} is met already at {plain(_expected(order, mark))}")
    return tuple(found)


def _sized(most: Proposal, lots: int) -> Proposal:
    """Return a proposal of the size that is asked for."""
    exposure = most.exposure - most.notional + most.instrument.notional(most.price, lots)
    return msgspec.structs.replace(most, lots=lots, exposure=exposure)


def _of_size(asked: Proposal, most: Proposal) -> GateView:
    """Judge the size: what the limits give to one position is the most."""
    passed = 1 <= asked.lots <= most.lots
    return GateView(gate="size", value=counted(asked.lots, "lot"), limit=f"1–{most.lots} lots", passed=passed)


def _trigger(order: HandOrder) -> Trigger | None:
    if order.type is not HandType.STOP or order.price is None:
        return None
    return Trigger(Cross.UP if order.side is Side.BUY else Cross.DOWN, order.price)


def _placed(order: Order) -> Placed:
    request = order.request
    return Placed(
        client_id=order.client_id,
        order_id=order.order_id,
        symbol=order.symbol,
        side=request.side,
        state=order.state,
        lots=request.lots,
        filled_lots=order.filled_lots,
        price=request.price if request.stop is None else request.stop.price,
    )


def _line(order: Order) -> str:
    request = order.request
    size = "whole position" if request.close_order else counted(request.lots, "lot")
    price = request.price if request.stop is None else request.stop.price
    where = "at the market" if price is None else f"@ {plain(price)}"
    filled = f", {order.filled_lots} filled" if order.filled_lots else ""
    return f"{order.symbol} {request.side} {size} {where}{filled} ({order.client_id})"
