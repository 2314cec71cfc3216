"""One receipt for each instruction: which have theirs, and the way to give one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from radtui.core.desk import Desk
from radtui.core.facts import Receipted
from radtui.core.instruction import Instruction, Receipt
from radtui.core.lifecycle import State
from radtui.core.outcome import Cancelled, Placed
from radtui.core.receipts import DONE

KEPT: Final = 1000
"""Instructions of which it is known that they were answered."""


class Answers:
    """Gives receipts.

    Args:
        state: the bot's state now, which every receipt names.

    Attributes:
        last: the latest receipt; None before the first.
    """

    def __init__(self, desk: Desk, state: Callable[[], State]) -> None:
        self._desk = desk
        self._state = state
        self._given: OrderedDict[str, None] = OrderedDict()
        self.last: Receipt | None = None

    def __contains__(self, instruction_id: str) -> bool:
        return instruction_id in self._given

    def restore(self, given: Iterable[str]) -> None:
        """Take over which instructions an earlier run answered."""
        self._given.update(dict.fromkeys(given))

    def done(self, instruction: Instruction, *, status: str = "") -> None:
        """Answer what was done; `status` where it is not the bot's state that counts."""
        self._answer(instruction, DONE[instruction.ask], status=status)

    def say(self, instruction: Instruction, message: str, *, success: bool) -> None:
        """Answer in words of its own."""
        self._answer(instruction, message, success=success)

    def no(self, instruction: Instruction, message: str) -> None:
        """Answer that it could not be done."""
        self._answer(instruction, message, success=False)

    def refuse(self, instruction: Instruction, message: str, refusals: tuple[str, ...] = ()) -> None:
        """Answer that the bot's state does not admit it; with `refusals`, for each of these reasons."""
        receipt = self._made(instruction, message, success=False, refused=True)
        self.give(msgspec.structs.replace(receipt, refusals=refusals))

    def placed(self, instruction: Instruction, message: str, order: Placed, *, success: bool) -> None:
        """Answer what became of an order by hand; where nothing did, it was refused."""
        receipt = self._made(instruction, message, success=success, refused=not success)
        self.give(msgspec.structs.replace(receipt, placed=order))

    def cancelled(self, instruction: Instruction, message: str, order: Cancelled) -> None:
        """Answer that an order is gone."""
        receipt = self._made(instruction, message, success=True)
        self.give(msgspec.structs.replace(receipt, cancelled=(order,), orders_cancelled=(str(order),)))

    def give(self, receipt: Receipt) -> None:
        """Publish a receipt, and remember that it was given."""
        self.last = receipt
        self._given[receipt.id] = None
        if len(self._given) > KEPT:
            self._given.popitem(last=False)
        self._desk.say(Receipted(receipt), receipt.who)

    def _answer(self, instruction: Instruction, message: str, *, success: bool = True, status: str = "") -> None:
        self.give(self._made(instruction, message, success=success, status=status))

    def _made(
        self, instruction: Instruction, message: str, *, success: bool, refused: bool = False, status: str = ""
    ) -> Receipt:
        return Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=success,
            refused=refused,
            message=message,
            status=status or self._state().value,
            at=self._desk.at,
            who=instruction.who,
        )
