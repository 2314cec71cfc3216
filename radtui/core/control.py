"""The operator's instructions and the bot's state: the one owner of it (rows L1–L5, L8, L9)."""

from __future__ import annotations

from collections.abc import Callable

from radtui.core.commands import End, Remember
from radtui.core.desk import Desk
from radtui.core.facts import Instructed, MetricsReset, Receipted, StateChanged
from radtui.core.flatten import Flattened
from radtui.core.instruction import Ask, ExitPolicy, Instruction, Receipt
from radtui.core.leftover import Leftover
from radtui.core.lifecycle import IllegalMove, State, Verb, move
from radtui.core.orders import Purpose
from radtui.core.own_orders import OwnOrders

_DONE = {
    Ask.START: "Bot started",
    Ask.PAUSE: "Bot paused: no entries; open positions stay protected",
    Ask.RESUME: "Bot resumed",
    Ask.STOP: "Bot stopped: no entries; open positions keep their stops",
    Ask.SHUTDOWN: "Graceful shutdown completed",
    Ask.EMERGENCY_STOP: "Emergency stop completed: flat, no orders, no stops",
    Ask.RESET_METRICS: "Performance metrics reset successfully",
}
_RESTS = {Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP}
_DESIRED = {
    Ask.START: "running",
    Ask.RESUME: "running",
    Ask.PAUSE: "paused",
    Ask.STOP: "stopped",
    Ask.EMERGENCY_STOP: "stopped",
}


class Control:
    """Takes instructions, moves the state, and answers with receipts.

    Attributes:
        state, since, who, why: where the bot stands and how it came there.
        desired, desired_who, desired_since: what an operator asked for last; survives a restart.
        pending: instructions that wait for the bot to settle, by id.
        ending: a shutdown is on its way, with its policy for positions.
    """

    def __init__(
        self,
        desk: Desk,
        orders: OwnOrders,
        *,
        flatten: Callable[[Instruction], None],
        reset: Callable[[], None],
        left: Callable[[], Leftover],
    ) -> None:
        self._desk = desk
        self._orders = orders
        self._flatten = flatten
        self._reset = reset
        self._left = left
        self.state = State.STOPPED
        self.since = desk.at
        self.who = "core"
        self.why = "not started yet"
        self.desired = "stopped"
        self.desired_who = ""
        self.desired_since = 0
        self.error = ""
        self.pending: dict[str, Instruction] = {}
        self.ending: ExitPolicy | None = None
        self.settle_by = 0
        self.found_flat = Flattened()
        self.last_receipt: Receipt | None = None

    def told(self, instruction: Instruction) -> None:
        """Carry out an instruction, or say why not; either way there is one Receipt."""
        self._desk.say(Instructed(instruction), instruction.who)
        {
            Ask.START: self._start,
            Ask.PAUSE: self._pause,
            Ask.RESUME: self._resume,
            Ask.STOP: self._stop,
            Ask.SHUTDOWN: self._shutdown,
            Ask.EMERGENCY_STOP: self._emergency,
            Ask.RESET_METRICS: self._reset_metrics,
        }[instruction.ask](instruction)

    def restore(self, desired: str, who: str, since: int) -> None:
        """Take over what was desired before; a pause is sticky, with who and since (row L4)."""
        self.desired, self.desired_who, self.desired_since = desired, who, since
        if desired == "paused":
            self._move(Verb.RESTORE, who or "core", "paused before the restart")
            self.since = since or self.since

    def ready(self) -> None:
        """Recovery is done: a start that waited for it goes on."""
        if self.state is State.STARTING:
            self._move(Verb.READY, self.who, "recovered")
            self._desk.schedule(self._desk.at)
            self._answer_all(Ask.START)

    def fail(self, why: str) -> None:
        """Give up on the cycles, not on the positions (row L5)."""
        self.error = why
        self._move(Verb.FAIL, "core", why)
        self._desk.schedule(None)
        self._desk.trouble("bot stopped", why, "cycles", "alarm")

    def settle(self, *, flattening: bool, busy: bool) -> None:
        """Come to rest once nothing of ours is on its way (`busy`) and no flatten is unfinished."""
        if self.state is not State.STOPPING or flattening:
            return
        waiting = busy or bool(self._orders.live(Purpose.ENTRY)) or self._orders.unsettled
        if waiting and self._desk.at < self.settle_by:
            return
        self._move(Verb.SETTLED, self.who, self.why)
        self._answer_all(Ask.STOP, left=waiting)
        if self.ending is not None:
            self._answer_all(Ask.SHUTDOWN, left=waiting)
            self._desk.order(End())

    def flat(self) -> None:
        """Answer the emergency stops: the exchange was read back and shows nothing of ours."""
        self._answer_all(Ask.EMERGENCY_STOP)

    def receipt(self, instruction: Instruction, message: str = "", *, success: bool = True) -> Receipt:
        """Return the receipt of an instruction, as things stand."""
        status = "reset" if instruction.ask is Ask.RESET_METRICS and success else self.state.value
        flattened = self.found_flat if self._flattens(instruction) else Flattened()
        left = self._left() if instruction.ask in _RESTS else Leftover()
        return Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=success,
            message=message or _DONE[instruction.ask],
            status=status,
            at=self._desk.at,
            who=instruction.who,
            orders_cancelled=flattened.orders_cancelled,
            positions_closed=flattened.positions_closed,
            stops_cancelled=flattened.stops_cancelled,
            foreign=flattened.foreign,
            orders_left=left.orders,
            positions_left=left.positions,
            stops_left=left.stops,
        )

    def _flattens(self, instruction: Instruction) -> bool:
        shut_flat = instruction.ask is Ask.SHUTDOWN and self.ending is ExitPolicy.FLATTEN
        return instruction.ask is Ask.EMERGENCY_STOP or shut_flat

    def _start(self, instruction: Instruction) -> None:
        if self.state in {State.RUNNING, State.STARTING}:
            self._receipt(self.receipt(instruction, "Bot is already running", success=False))
        elif self._admits(instruction, Verb.START):
            self.error = ""
            self._wish(instruction)
            self.pending[instruction.id] = instruction

    def _pause(self, instruction: Instruction) -> None:
        if self._admits(instruction, Verb.PAUSE):
            self._cancel_entries()
            self._desk.schedule(None)
            self._done(instruction)

    def _resume(self, instruction: Instruction) -> None:
        if self._admits(instruction, Verb.RESUME):
            self._desk.schedule(self._desk.at)
            self._done(instruction)

    def _stop(self, instruction: Instruction) -> None:
        if self.state is State.STOPPED:
            self._receipt(self.receipt(instruction, "Bot is not running", success=False))
        elif self._admits(instruction, Verb.STOP):
            self._wish(instruction)
            self._wind_down(instruction)

    def _shutdown(self, instruction: Instruction) -> None:
        self.ending = instruction.exits or self.ending or self._desk.config.exits
        if self.state is not State.STOPPING:
            self._move(Verb.HALT, instruction.who, instruction.why or "graceful shutdown")
        if self.ending is ExitPolicy.FLATTEN:
            self._flatten(instruction)
        self._wind_down(instruction)

    def _emergency(self, instruction: Instruction) -> None:
        self._wish(instruction)
        if self.state is not State.STOPPING:
            self._move(Verb.HALT, instruction.who, instruction.why or "emergency stop")
        self._flatten(instruction)
        self._wind_down(instruction)

    def _reset_metrics(self, instruction: Instruction) -> None:
        self._reset()
        self._desk.say(MetricsReset(instruction.who), instruction.who)
        self._desk.order(Remember())
        self._receipt(self.receipt(instruction))

    def _wind_down(self, instruction: Instruction) -> None:
        self.pending[instruction.id] = instruction
        self.settle_by = self._desk.at + self._desk.config.hold_grace
        self._desk.schedule(None)
        self._cancel_entries()
        self._refuse_starts()

    def _refuse_starts(self) -> None:
        for start in self._take(Ask.START):
            self._receipt(self.receipt(start, "Stopped before it had started", success=False))

    def _cancel_entries(self) -> None:
        for order in self._orders.live(Purpose.ENTRY):
            self._orders.cancel(order)

    def _admits(self, instruction: Instruction, verb: Verb) -> bool:
        try:
            self._move(verb, instruction.who, instruction.why)
        except IllegalMove as refusal:
            self._receipt(
                Receipt(
                    id=instruction.id,
                    ask=instruction.ask,
                    success=False,
                    refused=True,
                    message=str(refusal),
                    status=self.state,
                    at=self._desk.at,
                    who=instruction.who,
                )
            )
            return False
        return True

    def _done(self, instruction: Instruction) -> None:
        self._wish(instruction)
        self._receipt(self.receipt(instruction))

    def _wish(self, instruction: Instruction) -> None:
        self.desired = _DESIRED[instruction.ask]
        self.desired_who, self.desired_since = instruction.who, self._desk.at
        self._desk.order(Remember())

    def _move(self, verb: Verb, who: str, why: str) -> None:
        made = move(self.state, verb, at=self._desk.at, who=who, why=why)
        self.state, self.since, self.who, self.why = made.target, made.at, who, why
        self._desk.say(StateChanged(made), who)
        self._desk.order(Remember())

    def _answer_all(self, ask: Ask, *, left: bool = False) -> None:
        for instruction in self._take(ask):
            note = _DONE[ask] + (", but not everything of ours is settled: see what is left" if left else "")
            self._receipt(self.receipt(instruction, note, success=not left))

    def _take(self, ask: Ask) -> list[Instruction]:
        taken = [instruction for instruction in self.pending.values() if instruction.ask is ask]
        for instruction in taken:
            del self.pending[instruction.id]
        return taken

    def _receipt(self, receipt: Receipt) -> None:
        self.last_receipt = receipt
        self._desk.say(Receipted(receipt), receipt.who)
