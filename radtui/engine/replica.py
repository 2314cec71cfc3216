"""What a far cockpit knows of an engine, and what it still has to ask of it: no line, no thread and no clock in it.

An instruction is never carried out twice and never lost without a word. One that never left is given up after a while,
with a receipt that says so. One that left without an answer is asked again under its key on the next line, or, when it
has grown old, withdrawn: the answer tells whether it had arrived.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import Final

import msgspec

from radtui.core.facts import Envelope, Receipted
from radtui.core.instruction import Receipt
from radtui.core.lifecycle import State
from radtui.core.snapshot import Snapshot
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.engine.helm import HelmView
from radtui.engine.wire import (
    LOST,
    NOT_DELIVERED,
    VERSION,
    WITHDRAWN,
    Acked,
    Answered,
    Await,
    Changed,
    Events,
    FromClient,
    FromServer,
    Hello,
    Helm,
    Missed,
    Resume,
    Tell,
    Whole,
    Withdraw,
    applied,
    shape,
)

PATIENCE: Final = 10.0
"""Seconds after which an instruction that did not get through is not wanted any more: the market has moved."""
KEPT: Final = 2000
"""Facts kept, as an engine keeps them."""
_RECEIPTS: Final = 400
_UNHEARD: Final = "nothing was heard from the engine yet"
_UNKNOWN: Final = (
    "not known whether this was carried out: the engine was restarted before it answered; look at its state, and ask "
    "again if you still want it"
)


class Mismatch(Exception):
    """The other end speaks another version; the message says what to do."""


@dataclass(slots=True)
class _Told:
    """One instruction: when it was asked, the run of the engine it was sent to, and the id it got there."""

    tell: Tell
    at: float
    run: str = ""
    id: str = ""


class Replica:
    """The far side of one engine. Moments are seconds of any clock that only goes forward.

    Attributes:
        snapshot: the latest picture. heard_at: when it was heard; None before the first.
        hello: the first word of the present or last line; None before the first.
        helm: who holds control, as far as is known.
    """

    def __init__(self, label: str, seat: str, name: str) -> None:
        self._seat, self._name = seat, name
        self._last = -1
        self._events: deque[Envelope] = deque(maxlen=KEPT)
        self._receipts: OrderedDict[str, Receipt] = OrderedDict()
        self._open: dict[str, _Told] = {}
        self.snapshot = unheard(label)
        self.heard_at: float | None = None
        self.hello: Hello | None = None
        self.helm = HelmView()

    def begin(self, said: FromServer, now: float) -> list[FromClient]:
        """A new line has said its first word: return what to say on it before all else.

        Raises:
            Mismatch: it is not one to talk to.
        """
        if not isinstance(said, Hello):
            raise Mismatch("it does not begin with a greeting: that is no engine of radtui")
        if (said.version, said.shape) != (VERSION, shape()):
            raise Mismatch(
                f"the engine there is radtui {said.radtui}, which speaks otherwise "
                f"({said.version}.{said.shape}, not {VERSION}.{shape()}): attach with the same radtui"
            )
        self.hello = said
        self._steer(said.helm)
        self.expire(now)
        first: list[FromClient] = [Resume(after=self._last, seat=self._seat, name=self._name)]
        again = [self._again(key, told, said.run, now) for key, told in tuple(self._open.items()) if told.run]
        return first + [each for each in again if each is not None]

    def ask(self, tell: Tell, now: float) -> None:
        """Note an instruction; `fresh` has it to be sent."""
        self._open[tell.key] = _Told(tell, now)

    def fresh(self) -> list[FromClient]:
        """Return the instructions that never left; from now on they may have arrived."""
        unsent = [told for told in self._open.values() if not told.run]
        for told in unsent:
            told.run = self.hello.run if self.hello else ""
        return [told.tell for told in unsent]

    def expire(self, now: float) -> None:
        """Give up what never left and has grown old."""
        for key, told in tuple(self._open.items()):
            if not told.run and now - told.at > PATIENCE:
                self._settle(key, told, WITHDRAWN, NOT_DELIVERED)

    def heard(self, said: FromServer, now: float) -> None:
        """Take a frame.

        Raises:
            msgspec.ValidationError: the other end means something else by it.
        """
        match said:
            case Whole():
                self.snapshot, self.heard_at = said.snapshot, now
            case Changed():
                self.snapshot, self.heard_at = applied(self.snapshot, said), now
            case Events():
                self._happened(said.events)
            case Missed():
                self._gap(said.after)
            case Helm():
                self._steer(said)
            case Acked() | Answered():
                self._came_of(said)
            case Hello():
                raise msgspec.ValidationError("a second greeting")

    def events(self, after: int) -> list[Envelope]:
        """Return the kept facts above `after`, oldest first."""
        return [each for each in self._events if each.sequence > after]

    def receipt(self, id_: str) -> Receipt | None:
        """Return a receipt by the key it was asked with, or by the id the engine gave."""
        return self._receipts.get(id_)

    @property
    def waiting(self) -> int:
        """How many instructions have no answer yet."""
        return len(self._open)

    def _again(self, key: str, told: _Told, run: str, now: float) -> FromClient | None:
        if told.run == run:
            old = not told.id and now - told.at > PATIENCE
            return Withdraw(key=key, ask=told.tell.ask) if old else told.tell
        if told.id:
            return Await(key=key, id=told.id, ask=told.tell.ask)
        self._settle(key, told, LOST, _UNKNOWN)
        return None

    def _came_of(self, said: Acked | Answered) -> None:
        told = self._open.get(said.key)
        if isinstance(said, Answered):
            self._open.pop(said.key, None)
            self._file(said.key, said.receipt)
        elif told is not None:
            told.id = said.ack.id

    def _happened(self, events: tuple[Envelope, ...]) -> None:
        for envelope in events:
            if envelope.sequence > self._last:
                self._last = envelope.sequence
                self._events.append(envelope)
                if isinstance(envelope.fact, Receipted):
                    self._file(envelope.fact.receipt.id, envelope.fact.receipt)

    def _gap(self, after: int) -> None:
        if after < self._last:  # another journal: what was kept belongs to one that is no more
            self._events.clear()
        self._last = after

    def _steer(self, helm: Helm) -> None:
        self.helm = HelmView(holder=helm.holder, since=helm.since, yours=helm.yours)

    def _settle(self, key: str, told: _Told, status: str, message: str) -> None:
        del self._open[key]
        ask = told.tell.ask
        self._file(key, Receipt(id=key, ask=ask, success=False, message=message, status=status, at=self.snapshot.at))

    def _file(self, id_: str, receipt: Receipt) -> None:
        for each in (id_, receipt.id):
            self._receipts[each] = receipt
            self._receipts.move_to_end(each)
        while len(self._receipts) > _RECEIPTS:
            self._receipts.popitem(last=False)


def unheard(label: str) -> Snapshot:
    """Return what is shown before anything was heard."""
    status = StatusView(
        state=State.STOPPED,
        since=0,
        who="",
        why=_UNHEARD,
        mode="",
        speed=1,
        bot=label,
        strategy="",
        timeframe="",
        symbols=(),
        dev_mode=False,
        started_at=0,
        trading=Mode.HALTED,
        reasons=(_UNHEARD,),
    )
    return Snapshot(sequence=0, bot=label, at=0, market_at=None, status=status)
