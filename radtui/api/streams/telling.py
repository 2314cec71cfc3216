"""Instructions that come over a stream: each key once, over any number of lines, and an answer for every one."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from pydantic import ConfigDict

from radtui.api.asking import FORGOTTEN, FORGOTTEN_REMEDY, Asking, Key
from radtui.api.errors import Refused
from radtui.api.models import Instructing, Particulars
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.engine.handle import EngineHandle
from radtui.engine.wire import (
    LOST,
    NOT_DELIVERED,
    REFUSED,
    WITHDRAWN,
    Acked,
    Answered,
    Await,
    Tell,
    Withdraw,
)

_KEPT: Final = 1000
"""Burnt keys remembered."""
MOST: Final = 64
"""Instructions of one line that may wait for their receipts."""

_UNREAD: Final = 4 * MOST
"""Answers that may wait for a reader who asks and does not read."""


class TooMany(Exception):
    """More instructions than one line may have open."""


class _Told(Instructing):
    """An instruction as the wire has it: every particular may be said."""

    exits: ExitPolicy | None = None
    subject: str = ""
    foreign: bool = False
    order: HandOrder | None = None

    model_config = ConfigDict(arbitrary_types_allowed=True)

    def particulars(self) -> Particulars:
        return {"exits": self.exits, "subject": self.subject, "foreign": self.foreign, "order": self.order}


class Burnt:
    """Keys whose instruction must never be carried out, over all lines of an engine, and what was said of each.

    Whoever was told that nothing was done may rely on it, also when the same frame comes late over a line given up.
    """

    def __init__(self) -> None:
        self._keys: OrderedDict[Key, tuple[str, str]] = OrderedDict()

    def find(self, key: Key) -> tuple[str, str] | None:
        """Return the status and the message that a key was answered with; None where it may still be used."""
        return self._keys.get(key)

    def burn(self, key: Key, status: str, message: str) -> tuple[str, str]:
        """Burn a key, and return what is said of it: what was said first stays so. The oldest is forgotten."""
        said = self._keys.setdefault(key, (status, message))
        if len(self._keys) > _KEPT:
            self._keys.popitem(last=False)
        return said


class Telling:
    """What one line has asked for.

    Args:
        caller: the name of who is at its other end: the keys are theirs.
    """

    def __init__(self, handle: EngineHandle, asking: Asking, burnt: Burnt, caller: str) -> None:
        self._handle, self._asking, self._burnt = handle, asking, burnt
        self._caller = caller
        self._open: dict[str, tuple[str, Ask]] = {}
        self._said: list[Acked | Answered] = []

    def known(self, key: str) -> bool:
        """Return whether the instruction of this key was given before."""
        return self._asking.known(self._key(key)) is not None

    def tell(self, tell: Tell, who: str) -> None:
        """Give an instruction, once.

        Raises:
            TooMany: of those that wait for their receipts.
        """
        if (burnt := self._burnt.find(self._key(tell.key))) is not None:
            self._say(tell.key, tell.ask, tell.key, *burnt)
            return
        self._admit(tell.key)
        body = _Told(why=tell.why, exits=tell.exits, subject=tell.subject, foreign=tell.foreign, order=tell.order)
        try:
            self._await(tell.key, self._asking.tell(tell.ask, body, who=who, key=self._key(tell.key)), tell.ask)
        except Refused as refused:
            self.refuse(tell.key, tell.ask, refused.detail)

    def withdraw(self, asked: Withdraw) -> None:
        """Never carry out what was not; answer for what was."""
        id_ = self._asking.known(self._key(asked.key))
        if id_ is None:
            self._burn(asked.key, asked.ask, WITHDRAWN, NOT_DELIVERED)
        else:
            self._await(asked.key, id_, asked.ask)

    def wait_for(self, asked: Await) -> None:
        """Answer for what an earlier run was told."""
        self._await(asked.key, asked.id, asked.ask)

    def forbid(self, key: str, ask: Ask, why: str) -> None:
        """Answer that nothing was done, and see to it."""
        self._burn(key, ask, REFUSED, why)

    def refuse(self, key: str, ask: Ask, why: str) -> None:
        """Answer that nothing was done, by this line."""
        self._say(key, ask, key, REFUSED, why)

    def taken(self) -> list[Acked | Answered]:
        """Take what is to be said now."""
        for key, (id_, ask) in tuple(self._open.items()):
            receipt = self._handle.receipt(id_)
            if receipt is not None:
                self._said.append(Answered(key=key, receipt=receipt))
            elif self._handle.forgotten(id_):
                self._say(key, ask, id_, LOST, f"{FORGOTTEN}; {FORGOTTEN_REMEDY}")
            else:
                continue
            del self._open[key]
        said, self._said = self._said, []
        return said

    def _key(self, text: str) -> Key:
        return Key(self._caller, text)

    def _admit(self, key: str) -> None:
        if len(self._open) >= MOST and key not in self._open:
            raise TooMany(f"{MOST} instructions of this line wait for their receipts")

    def _await(self, key: str, id_: str, ask: Ask) -> None:
        self._admit(key)
        self._open[key] = (id_, ask)
        self._append(Acked(key=key, ack=Ack(id=id_, ask=ask, at=self._handle.snapshot().at)))

    def _burn(self, key: str, ask: Ask, status: str, message: str) -> None:
        self._say(key, ask, key, *self._burnt.burn(self._key(key), status, message))

    def _say(self, key: str, ask: Ask, id_: str, status: str, message: str) -> None:
        at = self._handle.snapshot().at
        receipt = Receipt(id=id_, ask=ask, success=False, refused=True, message=message, status=status, at=at)
        self._append(Answered(key=key, receipt=receipt))

    def _append(self, said: Acked | Answered) -> None:
        if len(self._said) >= _UNREAD:
            raise TooMany(f"{_UNREAD} answers of this line were not read")
        self._said.append(said)
