"""One line of ``/ws/engine``: the picture, what changes in it, what happens, and what its reader asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui import __version__
from radtui.api.keyring import Caller
from radtui.api.streams.news import News
from radtui.api.streams.telling import Telling
from radtui.core.snapshot import Snapshot
from radtui.engine import wire
from radtui.engine.helm import FREE_FOR_ALL, HelmView
from radtui.engine.wire import Await, FromClient, Hello, Missed, Resume, TakeHelm, Tell, Whole, Withdraw

_BATCH: Final = 200
"""Facts in one frame."""
_READ_ONLY: Final = "this token may only look: nothing was done; use one of scope control"


class EngineStream:
    """What one reader has seen, and what it still has to be told; nothing of it grows with time.

    Args:
        run: names this run of the engine to its readers.
    """

    def __init__(self, news: News, telling: Telling, caller: Caller, run: str) -> None:
        self._news, self._handle, self._helm = news, news.handle, news.helm
        self._telling = telling
        self._caller = caller
        self._run = run
        self._have: Snapshot | None = None
        self._after = 0
        self._unknown = False
        self._seat = self._name = ""
        self._shown = HelmView()

    def heard(self, text: str) -> None:
        """Take a frame of the reader.

        Raises:
            msgspec.DecodeError: it is none.
            TooMany: of its instructions are open.
        """
        self._take(wire.from_client(text))

    def left(self) -> None:
        """The line has ended."""
        if self._seat:
            self._helm.leave(self._seat)

    def greeting(self) -> Iterator[str]:
        """Say who speaks, and show the whole picture."""
        shown = self._handle.snapshot()
        self._shown, self._have, self._after = self._helm.view(self._seat), shown, shown.sequence
        yield _text(self._hello(shown))
        yield _text(Whole(sequence=shown.sequence, at=shown.at, snapshot=shown))

    def due(self) -> Iterator[str]:
        """Say what is new, one frame after the other, each made when it is asked for."""
        answers = self._telling.taken()  # before the picture is taken: who reads an answer looks next
        if (helm := self._helm.view(self._seat)) != self._shown:
            self._shown = helm
            yield _text(_helm(helm))
        yield from self._facts()
        if self._have is not None and (seen := self._handle.snapshot()) is not self._have:
            had, self._have = self._have, seen
            yield self._news.step(had, seen)
        for said in answers:
            yield _text(said)

    def _facts(self) -> Iterator[str]:
        shown = self._handle.snapshot().sequence
        if self._unknown:
            self._unknown = False
            yield _text(Missed(after=self._after))
        newest = self._handle.events(self._after)
        until = newest[-1].sequence if newest else self._after  # what comes meanwhile waits: the picture is due, too
        while self._after < until and (events := self._handle.events(self._after)):
            if events[0].sequence > self._after + 1:
                yield _text(Missed(after=events[0].sequence - 1))
            self._after = events[min(_BATCH, len(events)) - 1].sequence
            yield self._news.tell(tuple(events[:_BATCH]))
        if not newest and self._after < shown:  # nothing is kept: the engine has just begun
            self._after = shown
            yield _text(Missed(after=shown))

    def _take(self, said: FromClient) -> None:
        match said:
            case Resume():
                self._sit(said)
                self._resume(said.after)
            case Tell():
                self._tell(said)
            case TakeHelm():
                self._take_helm(over=said.over)
            case Withdraw() if self._caller.controls:
                self._telling.withdraw(said)
            case Await():
                self._telling.wait_for(said)
            case _:
                self._telling.refuse(said.key, said.ask, _READ_ONLY)

    def _sit(self, said: Resume) -> None:
        if self._caller.controls and said.seat and said.seat != self._seat:
            self.left()
            self._helm.board(said.seat)
            self._seat = said.seat
        self._name = f"{self._caller.name}/{said.name}" if said.name else self._caller.name

    def _resume(self, after: int) -> None:
        shown = self._handle.snapshot().sequence
        newer = self._handle.events(shown)
        latest = newer[-1].sequence if newer else shown
        self._unknown = after > latest  # another journal than the one the reader knows
        self._after = latest if after < 0 else min(after, latest)

    def _tell(self, said: Tell) -> None:
        if not self._caller.controls:
            self._telling.refuse(said.key, said.ask, _READ_ONLY)
            return
        if said.ask not in FREE_FOR_ALL:
            self._take_helm(over=False)
        forbidden = self._helm.view(self._seat).forbids(said.ask)
        if forbidden and not self._telling.known(said.key):
            self._telling.forbid(said.key, said.ask, forbidden)
        else:
            self._telling.tell(said, self._name or self._caller.name)

    def _take_helm(self, *, over: bool) -> None:
        if self._caller.controls and self._seat:
            self._helm.take(self._seat, self._name, self._handle.snapshot().at, over=over)
            self._news.ring()

    def _hello(self, shown: Snapshot) -> Hello:
        return Hello(
            version=wire.VERSION,
            shape=wire.shape(),
            radtui=__version__,
            bot=shown.bot,
            run=self._run,
            mode=shown.status.mode,
            scope=str(self._caller.scope),
            helm=_helm(self._shown),
        )


def _helm(view: HelmView) -> wire.Helm:
    return wire.Helm(holder=view.holder, since=view.since, yours=view.yours)


def _text(said: wire.FromServer) -> str:
    return wire.encode(said).decode()
