"""A new configuration for an engine that flies (row C4): read, compared, and taken over whole or not at all.

The sources are read beside the loop; what they say reaches core as one event, so a recording replays it. One
instruction is served after the other. Where anything fails, everything is as it was before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import Final

import msgspec

from radtui.core.configuration_view import Change, ConfigurationView
from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.engine.adjustment import Adjustment
from radtui.engine.bulletin import Bulletin
from radtui.engine.chores import Chores
from radtui.engine.sources import Proposal, Sources, Unusable
from radtui.resilience.clock import Clock
from radtui.resilience.redaction import named

ASKS: Final = frozenset({Ask.CHECK_CONFIG, Ask.RELOAD_CONFIG, Ask.ROLLBACK_CONFIG, Ask.CHANGE_CONFIG})
READ_WITHIN: Final = 10.0
"""Seconds that the sources may take: a folder of the network may be gone."""
MOST: Final = 20
"""Instructions that wait their turn at most."""
LONGEST: Final = 8_000
"""Letters of what a change may say."""
_NO_SOURCES: Final = "this engine was started without settings that can be read again: restart it to change them"
_VALUES: Final = msgspec.json.Decoder(dict[str, str | None])


class Reconfiguring:
    """Serves the instructions about the configuration.

    Args:
        now: what the engine is told at present. adjust: tells it anew; raises where it cannot.
        state: the bot's, for receipts.
        threaded: sources may be read in a thread; not under virtual time.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        bulletin: Bulletin,
        now: Callable[[], Adjustment],
        adjust: Callable[[Adjustment], None],
        state: Callable[[], str],
        threaded: bool,
    ) -> None:
        self._clock, self._bulletin, self._now, self._adjust, self._state = clock, bulletin, now, adjust, state
        self._threaded = threaded
        self._sources: Sources | None = None
        self._turn = asyncio.Lock()
        self._chores = Chores()
        self.view = ConfigurationView()

    def read_from(self, sources: Sources) -> None:
        """Have sources from now on."""
        self._sources = sources
        undo = sources.before()  # of an earlier engine's time
        self.view = ConfigurationView(
            file=sources.file, settings=tuple(sources.settings()), undo=undo.changes if undo else ()
        )

    def takes(self, instruction: Instruction) -> bool:
        """Begin to carry out an instruction about the configuration; return whether it is one."""
        if instruction.ask not in ASKS:
            return False
        if len(self._chores) >= MOST:
            self._file(instruction, "too many ask for the settings at once: ask again", success=False, refused=True)
            return True
        if instruction.ask is not Ask.CHECK_CONFIG:
            self._bulletin.publish(Instructed(self._audited(instruction)), instruction.who)
        self._chores.begin(self._serve(instruction))
        return True

    async def stop(self) -> None:
        """Carry nothing out any more."""
        await self._chores.stop()

    async def _serve(self, instruction: Instruction) -> None:
        async with self._turn:
            try:
                proposal = await self._proposal(instruction)
                if instruction.ask is Ask.CHECK_CONFIG:
                    self._answer(instruction, _foretold(proposal), proposal)
                    return
                self._take(proposal, instruction)
            except Unusable as unusable:
                self._refuse(instruction, str(unusable))
            except Exception as error:  # supervision point: whatever it is, everything is as before and that is told
                self._refuse(instruction, named(error))
            else:
                self._answer(instruction, _done(proposal), proposal)

    async def _proposal(self, instruction: Instruction) -> Proposal:
        sources = self._sources
        if sources is None:
            raise Unusable(_NO_SOURCES)
        if not self._threaded:
            return _propose(sources, instruction)
        try:
            async with asyncio.timeout(READ_WITHIN):
                return await _beside(lambda: _propose(sources, instruction))
        except TimeoutError:
            raise Unusable(f"the settings could not be read within {READ_WITHIN:.0f} s: is their disk there?") from None

    def _take(self, proposal: Proposal, instruction: Instruction) -> None:
        """Take a proposal over: the engine first, then the sources; what fails undoes what was done."""
        before = self._now()
        if self._sources is None or not (proposal.changes or proposal.waiting):
            return
        try:
            self._adjust(proposal.adjustment)
            self._sources.take(proposal)
        except BaseException:
            self._adjust(before)
            raise
        self._show(proposal, instruction.who)

    def _show(self, proposal: Proposal, who: str) -> None:
        if self._sources is None:
            return
        undo = self._sources.before()
        seen = msgspec.structs.replace(
            self.view,
            waiting=proposal.waiting,
            undo=undo.changes if undo else (),
            file=self._sources.file,
            settings=tuple(self._sources.settings()),
        )
        if proposal.changes:
            seen = msgspec.structs.replace(
                seen, revision=seen.revision + 1, changed_at=self._clock.now(), who=who, changes=proposal.changes
            )
        self.view = seen

    def _audited(self, instruction: Instruction) -> Instruction:
        """Return the instruction as it is kept: what was typed may be a secret under a wrong name."""
        if instruction.ask is not Ask.CHANGE_CONFIG or self._sources is None:
            return msgspec.structs.replace(instruction, subject="")
        try:
            words = self._sources.describe(_values(instruction.subject))
        except Unusable:
            words = "what cannot be read"
        return msgspec.structs.replace(instruction, subject=words)

    def _refuse(self, instruction: Instruction, why: str) -> None:
        self._file(instruction, f"{why}; nothing was changed", success=False, refused=True)

    def _answer(self, instruction: Instruction, message: str, proposal: Proposal) -> None:
        self._file(instruction, message, changes=(*proposal.changes, *proposal.waiting))

    def _file(
        self,
        instruction: Instruction,
        message: str,
        *,
        success: bool = True,
        refused: bool = False,
        changes: tuple[Change, ...] = (),
    ) -> None:
        receipt = Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=success,
            refused=refused,
            message=message,
            status=self._state(),
            at=self._clock.now(),
            who=instruction.who,
            changes=changes,
        )
        if instruction.ask is Ask.CHECK_CONFIG:
            self._bulletin.answer(receipt)
        else:
            self._bulletin.publish(Receipted(receipt), instruction.who)


async def _beside(work: Callable[[], Proposal]) -> Proposal:
    """Do `work` in a thread that nobody waits for at the end: a disk that hangs must not keep the process alive."""
    done: Future[Proposal] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # supervision point: it is raised where it is awaited
            done.set_exception(error)

    done.set_running_or_notify_cancel()  # whoever waits may go; the answer is then nobody's
    Thread(target=run, name="settings", daemon=True).start()
    return await asyncio.wrap_future(done)


def _propose(sources: Sources, instruction: Instruction) -> Proposal:
    if instruction.ask is Ask.ROLLBACK_CONFIG:
        before = sources.before()
        if before is None:
            raise Unusable("nothing was changed since the start: there is nothing to roll back")
        return before
    if instruction.ask is Ask.CHANGE_CONFIG or instruction.subject:
        return sources.change(_values(instruction.subject), instruction.who)
    return sources.read()


def _values(subject: str) -> dict[str, str | None]:
    """Return what a change says: names and texts."""
    if len(subject) > LONGEST:
        raise Unusable(f"a change says at most {LONGEST} letters")
    try:
        values = _VALUES.decode(subject)
    except msgspec.MsgspecError:
        raise Unusable("a change is a JSON object of names and texts") from None
    if not values:
        raise Unusable("no setting was named")
    return values


def _foretold(proposal: Proposal) -> str:
    if not proposal.changes and not proposal.waiting:
        return "the settings are as they are in force: nothing would change"
    return _said(proposal, "would change")


def _done(proposal: Proposal) -> str:
    if not proposal.changes and not proposal.waiting:
        return "the settings are as they are in force: nothing was changed"
    return _said(proposal, "changed")


def _said(proposal: Proposal, verb: str) -> str:
    parts = [f"{verb}: {', '.join(map(str, proposal.changes))}" if proposal.changes else f"nothing {verb} now"]
    if proposal.waiting:
        parts.append(f"waits for a restart: {', '.join(map(str, proposal.waiting))}")
    return "; ".join(parts)
