"""What kept the bot from trading on a day, for whoever asks through the one door: an attached cockpit, too (row S5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.why_day import WhyDay
from radtui.engine.bulletin import Bulletin
from radtui.engine.chores import Chores
from radtui.engine.inquirer import Inquirer
from radtui.engine.inquiries import Unanswered
from radtui.resilience.clock import Clock

MOST: Final = 8
"""Questions that are answered at the same time."""


class DayBook:
    """Answers by receipts that nobody keeps: nothing was changed.

    Args:
        state: the bot's, for receipts.
    """

    def __init__(self, inquirer: Inquirer, bulletin: Bulletin, clock: Clock, state: Callable[[], str]) -> None:
        self._inquirer, self._bulletin, self._clock, self._state = inquirer, bulletin, clock, state
        self._chores = Chores()

    def takes(self, instruction: Instruction) -> bool:
        """Begin to answer a question about a day; return whether it is one."""
        if instruction.ask is not Ask.WHY_DAY:
            return False
        if len(self._chores) >= MOST:
            self._answer(instruction, "too many ask at once: ask again", None)
            return True
        self._chores.begin(self._serve(instruction))
        return True

    async def stop(self) -> None:
        """Answer nothing any more."""
        await self._chores.stop()

    async def _serve(self, instruction: Instruction) -> None:
        try:
            day = await self._inquirer.why_day(instruction.subject)
        except (Unanswered, ValueError) as error:
            self._answer(instruction, str(error), None)
        else:
            self._answer(instruction, f"the ledger of {day.day}", day)

    def _answer(self, instruction: Instruction, message: str, day: WhyDay | None) -> None:
        receipt = Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=day is not None,
            refused=day is None,
            message=message,
            status=self._state(),
            at=self._clock.now(),
            who=instruction.who,
            day=day,
        )
        self._bulletin.answer(receipt)
