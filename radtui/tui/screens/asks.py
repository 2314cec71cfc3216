"""What was asked of the engine and what came of it: every key answers at once, every receipt is waited for (row L2)."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from radtui.core.instruction import Ask, ExitPolicy, Receipt
from radtui.engine.handle import EngineHandle
from radtui.tui.format import clock
from radtui.tui.keys import WORDS
from radtui.tui.reach import unheard_of
from radtui.tui.screens.comparison import Comparison
from radtui.tui.screens.ledger import Ledger
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.tone import Tone

_log = logging.getLogger("radtui.cockpit")


@dataclass(frozen=True, slots=True)
class Saying:
    """One line for the message bar."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class _Asked:
    ask: Ask
    at: int


class Asks:
    """Sends instructions and follows each until its receipt."""

    def __init__(self, handle: EngineHandle, user: str) -> None:
        self._handle = handle
        self._who = f"key:{user}"
        self._asked: dict[str, _Asked] = {}

    @property
    def waiting(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._asked)

    @property
    def open(self) -> list[str]:
        """What was asked and is not answered, in words."""
        return [WORDS[each.ask] for each in self._asked.values()]

    def survey(self) -> Survey:
        """Return what asks what a stop would do, for a question that opens now."""
        return Survey(self._handle, self._who)

    def comparison(self) -> Comparison:
        """Return what asks what the settings' sources have that is not in force."""
        return Comparison(self._handle, self._who)

    def ledger(self) -> Ledger:
        """Return what asks what kept the bot from trading on a day."""
        return Ledger(self._handle, self._who)

    def asked(self, ask: Ask) -> bool:
        """Return whether this was asked already and is not answered yet."""
        return any(each.ask is ask for each in self._asked.values())

    def send(self, ask: Ask, now: int, exits: ExitPolicy | None = None, subject: str = "") -> Saying:
        """Ask, unless the same is under way; return what to say of it."""
        if self.asked(ask):
            return Saying(f"{WORDS[ask]} was asked already; its answer is awaited", Tone.WARN)
        ack = self._handle.send(ask, who=self._who, exits=exits, subject=subject)
        self._asked[ack.id] = _Asked(ask, now)
        _log.info("asked for %s (%s)", WORDS[ask], ack.id)
        return Saying(f"{WORDS[ask]} asked by you {clock(now)} …")

    def answers(self) -> list[tuple[Receipt, Saying]]:
        """Return the receipts that have arrived since the last look, each with what to say of it."""
        found = [(key, receipt) for key in self._asked if (receipt := self._handle.receipt(key)) is not None]
        said = [(receipt, _said(self._asked.pop(key), receipt)) for key, receipt in found]
        for receipt, saying in said:
            _log.info("answered (%s): %s", receipt.id, saying.text)
        return said


def _said(asked: _Asked, receipt: Receipt) -> Saying:
    words = f"{WORDS[asked.ask]} {clock(asked.at)}"
    if unheard_of(receipt):
        return Saying(f"{words}: {receipt.message}", Tone.WARN)
    if receipt.refused:
        return Saying(f"{words}: refused: {receipt.message}", Tone.WARN)
    status = "" if receipt.status in receipt.message.lower() else f" ({receipt.status})"
    return Saying(f"{words}: {receipt.message}{status}", Tone.PLAIN if receipt.success else Tone.WARN)
