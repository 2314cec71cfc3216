"""Acting in the engine's place: read, decide, carry out, and read again, until nothing is left to be done.

Every round begins with a reading, so an answer that was lost, a repeat or a race with the exchange is settled by what
is there, not by what was said. An exchange that is away is asked again for ever, with waits that grow.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from radtui.core.guarding import Beat, Did, GuardianIds
from radtui.core.money import plain
from radtui.guard.account import Holding, NewOrder, Order, Shown
from radtui.guard.client import Failure, Refused, Unclear
from radtui.guard.plan import Cancel, Close, Plan, Protect, Step, plan

SETTLE: Final = 0.5
"""Seconds until the exchange has shown what was just asked of it."""
LONGEST: Final = 60.0
"""Seconds between two tries at most."""
_PROMPT: Final = 10
"""Rounds that follow each other quickly; an exchange that takes longer to do as it is told is asked less often."""

Note = Callable[[Did, str, str, str], None]
"""Writes a deed down: what, in words, symbol, client id."""


class Exchange(Protocol):
    """What is asked of the account."""

    def sync(self) -> int:
        """Read the exchange's clock."""
        ...

    def read(self) -> Shown:
        """Read all that matters."""
        ...

    def disarm(self) -> None:
        """Switch the exchange's own dead man's switch off: it would take the stops that are placed here."""
        ...

    def cancel(self, order: Order) -> None:
        """Cancel an order."""
        ...

    def place(self, order: NewOrder) -> None:
        """Send an order that closes."""
        ...


class Acting:
    """One silence, seen to its end.

    Args:
        beat: the last before the silence.
        switch: the engine may have armed the exchange's own switch.
        rest: waits so many seconds, and tells whether to stand down: somebody beat, or this process is to end.
        at: wall clock of its beginning, nanoseconds UTC.
    """

    def __init__(
        self,
        exchange: Exchange,
        beat: Beat,
        *,
        flatten: bool,
        note: Note,
        rest: Callable[[float], bool],
        at: int,
        switch: bool = False,
    ) -> None:
        self._exchange, self._beat, self._flatten = exchange, beat, flatten
        self._note, self._rest = note, rest
        self._ids = GuardianIds(beat.bot, at)
        self._open_ids: dict[tuple[str, str, str], str] = {}
        self._noted: set[tuple[Did, str]] = set()
        self._rounds = self._failures = 0
        self._away = ""
        self._armed = switch

    def run(self) -> Plan | None:
        """Do it; return the last look at the account, or None where it was to stand down."""
        while not self._rest(self._pause()):
            found = self._look()
            if found is None:
                continue
            if not found.steps and not self._armed:
                self._report_bare(found)
                return found
            if not self._carry_out(found.steps):
                return None
        return None

    def _pause(self) -> float:
        if not self._rounds:
            return 0.0
        slower = max(self._failures, self._rounds - _PROMPT, 0)
        return min(LONGEST, SETTLE * 2.0 ** min(slower, 10))

    def _look(self) -> Plan | None:
        self._rounds += 1
        try:
            if self._away or self._rounds == 1:
                self._exchange.sync()
            quiet = self._disarmed()
            shown = self._exchange.read()
        except Failure as failure:
            self._failed(str(failure))
            return None
        self._away = "" if quiet else self._away
        return plan(shown, self._beat, flatten=self._flatten)

    def _disarmed(self) -> bool:
        """See that the exchange's switch is off; return False where it failed, which keeps nothing from being done."""
        if self._armed:
            try:
                with suppress(Refused):  # the account has none
                    self._exchange.disarm()
            except Failure as failure:
                return self._failed(f"the exchange's own switch is not off: {failure}")
            self._armed = False
        return True

    def _carry_out(self, steps: tuple[Step, ...]) -> bool:
        """Take each step once; return False where it is to stand down in the middle."""
        troubled = False
        for step in steps:
            if self._rest(0.0):
                return False
            troubled |= not self._take(step)
        self._failures = self._failures + 1 if troubled or self._armed else 0
        return True

    def _take(self, step: Step) -> bool:
        match step:
            case Cancel(order, why):
                return self._cancel(order, why)
            case Protect(holding, price):
                side = "down" if holding.long else "up"
                stop = self._closing(holding, "stop", stop=side, stop_price=plain(price))
                return self._place(stop, Did.PROTECTED, f"a stop at {plain(price)} for {_named(holding)}", "stop")
            case Close(holding):
                close = self._closing(holding, "close")
                return self._place(close, Did.CLOSED, f"asked to close {_named(holding)}", "close")

    def _cancel(self, order: Order, why: str) -> bool:
        client_id = order.client_oid or order.id
        try:
            self._exchange.cancel(order)
        except Refused:
            return True  # done already: the next reading tells
        except Failure as failure:
            return self._failed(f"{client_id} not cancelled: {failure}")
        self._once(Did.CANCELLED, f"an order of {order.size or 'all'} lots: {why}", order.symbol, client_id)
        return True

    def _closing(self, holding: Holding, purpose: str, **stop: str) -> NewOrder:
        """Return an order under the id of the try before, where nobody knows whether that arrived."""
        side = holding.position_side or "BOTH"
        return NewOrder(
            client_oid=self._open_ids.pop((purpose, holding.symbol, side), "") or self._ids.next(),
            symbol=holding.symbol,
            side="sell" if holding.long else "buy",
            margin_mode=holding.mode,
            position_side=side,
            **stop,
        )

    def _place(self, order: NewOrder, did: Did, text: str, purpose: str) -> bool:
        try:
            self._exchange.place(order)
        except Unclear as failure:
            self._open_ids[purpose, order.symbol, order.position_side] = order.client_oid
            return self._failed(f"{order.client_oid} not answered: {failure}")
        except Refused as refusal:
            self._once(Did.REFUSED, f"{text}: {refusal}", order.symbol, purpose)
            return self._failed(str(refusal))
        except Failure as failure:
            return self._failed(str(failure))
        self._once(did, text, order.symbol, order.client_oid)
        return True

    def _failed(self, why: str) -> bool:
        if why != self._away:
            self._note(Did.AWAY, f"{why}; it is tried again", "", "")
        self._away = why
        self._failures += 1
        return False

    def _report_bare(self, found: Plan) -> None:
        for holding in found.bare:
            self._once(Did.BARE, f"{_named(holding)} has no stop, and none was planned: look at it", holding.symbol, "")

    def _once(self, did: Did, text: str, symbol: str, client_id: str) -> None:
        if (did, client_id or symbol) not in self._noted:
            self._noted.add((did, client_id or symbol))
            self._note(did, text, symbol, client_id)


def _named(holding: Holding) -> str:
    return f"{'long' if holding.long else 'short'} {holding.lots} {holding.symbol}"
