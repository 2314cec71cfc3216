"""The operator's instructions and the bot's state: the one owner of it (rows L1–L5, L8, L9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.answers import Answers
from radtui.core.by_hand import ByHand
from radtui.core.cancelling import Cancelling
from radtui.core.commands import End, Remember
from radtui.core.desk import Desk
from radtui.core.facts import Instructed, MetricsReset, StateChanged
from radtui.core.flatten import Flatten
from radtui.core.instruction import Ask, ExitPolicy, Instruction
from radtui.core.lifecycle import IllegalMove, State, Verb, move
from radtui.core.market import SECOND
from radtui.core.orders import Purpose
from radtui.core.outcome import Cancelled
from radtui.core.receipts import stopped
from radtui.core.rest import Rest
from radtui.core.shown import Shown
from radtui.core.trading import Trading
from radtui.core.winding import Asked, Winding

RESTS: Final = frozenset({Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP})
_SENDS: Final = frozenset({Ask.EMERGENCY_STOP, Ask.CANCEL_ORDER, Ask.PLACE_ORDER})
LAST: Final = 5 * SECOND
"""What a shutdown has left after its grace, to read the exchange back."""
WATCHES: Final = (
    "This engine only watches and sends no order: nothing was cancelled or closed. Shut it down, then the same command "
    "with the settings that it had does it"
)
_DESIRED: Final = {
    Ask.START: "running",
    Ask.RESUME: "running",
    Ask.PAUSE: "paused",
    Ask.STOP: "stopped",
    Ask.EMERGENCY_STOP: "stopped",
}


class Control:
    """Takes instructions, moves the state, and answers each with exactly one receipt.

    Attributes:
        state, since, who, why: where the bot stands and how it came there.
        desired, desired_who, desired_since: what an operator asked for last; survives a restart.
        pending: instructions that wait for the bot to settle, by id.
        ending: a shutdown is on its way, with its policy for positions.
        rest: what is still in the way of a stop that keeps positions.
        answers: the receipts given.
    """

    def __init__(
        self,
        desk: Desk,
        trading: Trading,
        *,
        flatten: Callable[[Instruction], None],
        reset: Callable[[], None],
        renew: Callable[[str, str], tuple[bool, str]],
        preview: Callable[[Instruction], None],
    ) -> None:
        self._desk = desk
        self._trading = trading
        self._flatten = flatten
        self._reset = reset
        self._renew = renew
        self._preview = preview
        self.state = State.STOPPED
        self.since = desk.at
        self.who = "core"
        self.why = "not started yet"
        self.desired = "stopped"
        self.desired_who = ""
        self.desired_since = 0
        self.error = ""
        self.pending: dict[str, Asked] = {}
        self.ending: ExitPolicy | None = None
        self.cycles_until = self.gives_up_at = 0
        self.rest = Rest(desk, trading)
        self.answers = Answers(desk, lambda: self.state)
        self.cancelling = Cancelling(desk, trading.orders, self.answers, self.pending)
        self.by_hand = ByHand(desk, trading, self.answers, self.pending, lambda: self.state)
        self._ways: dict[Ask, Callable[[Instruction], None]] = {
            Ask.START: self._start,
            Ask.PAUSE: self._pause,
            Ask.RESUME: self._resume,
            Ask.STOP: self._stop,
            Ask.SHUTDOWN: self._halt,
            Ask.EMERGENCY_STOP: self._halt,
            Ask.RESET_METRICS: self._reset_metrics,
            Ask.RESET_BREAKERS: self._reset_breakers,
            Ask.CANCEL_ORDER: self.cancelling.ask,
            Ask.PLACE_ORDER: self.by_hand.ask,
        }

    def told(self, instruction: Instruction) -> None:
        """Carry out an instruction, or say why not; either way there is one Receipt, however often it is told."""
        if instruction.id in self.pending or instruction.id in self.answers:
            return
        if instruction.ask is Ask.PREVIEW:
            self._preview(instruction)  # it changes nothing: it is neither kept nor in anybody's way
            return
        if (way := self._ways.get(instruction.ask)) is None:
            self.answers.refuse(instruction, "That is no matter of the trading core: the engine answers for it")
            return
        self._desk.say(Instructed(instruction), instruction.who)
        if self._desk.config.watches and _sends_orders(instruction):
            self.answers.refuse(instruction, WATCHES)
        else:
            way(instruction)

    def restore(self, desired: str, who: str, since: int) -> None:
        """Take over what was desired before; a pause is sticky, with who and since (row L4)."""
        self.desired, self.desired_who, self.desired_since = desired, who, since
        if desired == "paused":
            self._move(Verb.RESTORE, who or "core", "paused before the restart")
            self.since = since or self.since

    def take_up(self, winding: Winding, receipted: tuple[str, ...]) -> None:
        """Go on with what an earlier run was told and did not answer, as its journal has it."""
        self.answers.restore(receipted)
        pending = [asked for asked in winding.pending if asked.instruction.id not in self.answers]
        if not pending:
            return
        names = ", ".join(asked.instruction.ask for asked in pending)
        phase = f", {winding.phase}" if winding.phase else ""
        self._desk.trouble("resumed", f"the last run ended amid {names}{phase}: it goes on", "recovery", "warning")
        if any(asked.instruction.ask in RESTS for asked in pending):
            self._trading.tallies.begin()
            self._trading.tallies.of.update(winding.tallies)
        for asked in pending:
            self._take_up(asked, winding)

    def ready(self) -> None:
        """Recovery is done: a start that waited for it goes on."""
        if self.state is State.STARTING:
            self._move(Verb.READY, self.who, "recovered")
            self._desk.schedule(self._desk.at)
            for start in self._take(Ask.START):
                self.answers.done(start.instruction)

    def fail(self, why: str) -> None:
        """Give up on the cycles, not on the positions (row L5)."""
        self.error = why
        self._move(Verb.FAIL, "core", why)
        self._cancel_entries()
        self._desk.schedule(None)
        self._desk.trouble("bot stopped", why, "cycles", "alarm")

    def settle(self, *, cycling: bool) -> None:
        """Come to rest once the exchange shows that nothing of ours can change any more; not while a flatten runs.

        A stop never gives up. A shutdown that keeps positions ends the process in time, and says what it did not see.
        """
        if self.state is not State.STOPPING:
            return
        lacking = self.rest.lacking(cycling=cycling and self._desk.at < self.cycles_until)
        if not lacking:
            self._settled(self.rest.shown)
        elif self.ending is not None and self._over():
            self._settled(None, unverified=lacking)
        else:
            self.rest.insistence.complain(lacking)

    def flat(self, flatten: Flatten) -> None:
        """Answer all that wait: the exchange was read back and shows nothing of ours. No cycle in hand delays it."""
        self._settled(flatten.shown, unverified=flatten.beyond_reach(), others=tuple(flatten.others.values()))

    def _over(self) -> bool:
        at = self._desk.at
        return at >= self.gives_up_at or (self.rest.unreached and at >= self.gives_up_at - self._desk.config.hold_grace)

    def _settled(
        self, shown: Shown | None, *, unverified: tuple[str, ...] = (), others: tuple[Cancelled, ...] = ()
    ) -> None:
        self._move(Verb.SETTLED, self.who, self.why)
        for asked in self._take(*RESTS):
            self.answers.give(
                stopped(
                    asked,
                    self._trading,
                    at=self._desk.at,
                    status=self.state.value,
                    shown=shown,
                    unverified=unverified,
                    others=others,
                )
            )
        self._trading.tallies.end()
        if self.ending is not None:
            self._desk.order(End())

    def _start(self, instruction: Instruction) -> None:
        if self.state in {State.RUNNING, State.STARTING}:
            self.answers.no(instruction, "Bot is already running")
        elif self.state is State.STOPPED and self.ending is not None:
            self.answers.no(instruction, "The engine is ending: start it again")
        elif self._admits(instruction, Verb.START):
            self.error = ""
            self._wish(instruction)
            self.pending[instruction.id] = Asked(instruction, self._desk.at)

    def _pause(self, instruction: Instruction) -> None:
        if self._admits(instruction, Verb.PAUSE):
            self._cancel_entries()
            self._desk.schedule(None)
            self._wish(instruction)
            self.answers.done(instruction)

    def _resume(self, instruction: Instruction) -> None:
        if self._admits(instruction, Verb.RESUME):
            self._desk.schedule(self._desk.at)
            self._wish(instruction)
            self.answers.done(instruction)

    def _stop(self, instruction: Instruction) -> None:
        if self.state is State.STOPPED:
            self.answers.no(instruction, "Bot is not running")
        else:
            self._halt(instruction)

    def _halt(self, instruction: Instruction) -> None:
        """Come to rest, from any state: nothing vetoes it."""
        if instruction.ask is not Ask.SHUTDOWN:
            self._wish(instruction)
        else:
            self.ending = instruction.exits or self.ending or self._desk.config.exits
        self._wind_down(Asked(instruction, self._desk.at))

    def _reset_metrics(self, instruction: Instruction) -> None:
        self._reset()
        self._desk.say(MetricsReset(instruction.who), instruction.who)
        self._desk.order(Remember())
        self.answers.done(instruction, status="reset")

    def _reset_breakers(self, instruction: Instruction) -> None:
        done, words = self._renew(instruction.subject, instruction.who)
        self.answers.say(instruction, words, success=done)

    def _wind_down(self, asked: Asked) -> None:
        instruction = asked.instruction
        anew = not any(each.instruction.ask in RESTS for each in self.pending.values())
        self.pending[instruction.id] = asked
        self.cycles_until = self._desk.at + self._desk.config.hold_grace
        self.gives_up_at = self.cycles_until + LAST
        if self.state is not State.STOPPING:
            verb = Verb.STOP if instruction.ask is Ask.STOP and self.state is not State.STOPPED else Verb.HALT
            self._move(verb, instruction.who, instruction.why or instruction.ask.replace("-", " "))
        self._trading.tallies.begin()
        self.rest.begin(anew=anew)
        self._desk.schedule(None)
        self._cancel_entries()
        self._trading.withdraw_exits()
        self._desk.order(Remember())
        for start in self._take(Ask.START):
            self.answers.no(start.instruction, "Stopped before it had started")
        if instruction.ask is Ask.EMERGENCY_STOP or self.ending is ExitPolicy.FLATTEN:
            self._flatten(instruction)

    def _take_up(self, asked: Asked, winding: Winding) -> None:
        instruction, flattens = asked.instruction, winding.ending is ExitPolicy.FLATTEN
        if instruction.ask is Ask.START:
            self._start(instruction)
        elif instruction.ask is Ask.CANCEL_ORDER:
            self.cancelling.take_up(asked)
        elif instruction.ask is Ask.PLACE_ORDER:
            self.by_hand.take_up(asked)
        elif instruction.ask is Ask.SHUTDOWN and winding.forced and not flattens:
            self.answers.no(
                instruction, "The process was ended by force before the exchange had shown that all is settled"
            )
        else:
            self.ending = winding.ending if instruction.ask is Ask.SHUTDOWN else self.ending
            self._wind_down(asked)

    def _cancel_entries(self) -> None:
        for order in self._trading.orders.live(Purpose.ENTRY):
            self._trading.orders.cancel(order)

    def _admits(self, instruction: Instruction, verb: Verb) -> bool:
        try:
            self._move(verb, instruction.who, instruction.why)
        except IllegalMove as refusal:
            self.answers.refuse(instruction, str(refusal))
            return False
        return True

    def _wish(self, instruction: Instruction) -> None:
        self.desired = _DESIRED[instruction.ask]
        self.desired_who, self.desired_since = instruction.who, self._desk.at
        self._desk.order(Remember())

    def _move(self, verb: Verb, who: str, why: str) -> None:
        made = move(self.state, verb, at=self._desk.at, who=who, why=why)
        self.state, self.since, self.who, self.why = made.target, made.at, who, why
        self._desk.say(StateChanged(made), who)
        self._desk.order(Remember())

    def _take(self, *asks: Ask) -> list[Asked]:
        taken = [asked for asked in self.pending.values() if asked.instruction.ask in asks]
        for asked in taken:
            del self.pending[asked.instruction.id]
        return taken


def _sends_orders(instruction: Instruction) -> bool:
    return instruction.ask in _SENDS or instruction.exits is ExitPolicy.FLATTEN
