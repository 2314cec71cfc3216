"""The bots of one process as they lie on disk: their journals, their engines, the doors to them, and how one of them is
flown again that has ended while the others fly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from radtui.cli.account import account_journal_file, journal_file
from radtui.cli.mustering import Bot, Ground, Muster, names_of, source_of, told_of
from radtui.cli.recording import recorder
from radtui.cli.rereading import Rereading
from radtui.core.instruction import Ask
from radtui.core.snapshot import Snapshot
from radtui.engine.engine import Engine
from radtui.engine.local import LocalHandle
from radtui.engine.squad import Making, Squad
from radtui.resilience.clock import SystemClock
from radtui.settings.places import Places
from radtui.settings.squad import without_port
from radtui.settings.tree import Settings
from radtui.store.port import Journal

LOOK: Final = 1.0
"""Wall seconds between two pulses of an engine that nobody watches."""


class Hangar:
    """Opens what the bots of `again` need, and has them made.

    Args:
        record: folder of all recordings; None for the state's own.
        opened: gets what is to be closed if none of them comes to fly.

    Attributes:
        handles: the door to each engine, whichever it has.
        sources: the settings of each as they are in force, also for the next engine that it has.

    Raises:
        Failure, MemoryRefused: they cannot fly so.
    """

    def __init__(self, again: Rereading, there: Places, record: Path | None, opened: ExitStack) -> None:
        self._again, self._there, self._record = again, there, record
        self._clock = SystemClock()
        settings, fresh = again.loaded.settings, again.flags.fresh
        account = _open(account_journal_file(settings, there), opened)
        self.sources = {name: again.sources(bot=name) for name in names_of(settings)}
        bots = {name: self._bot(name, opened) for name in self.sources}
        source = source_of(settings, account, self._clock.now(), fresh=fresh)
        ground = Ground(settings=settings, account=account, source=source, clock=self._clock, fresh=fresh)
        self._muster = Muster(ground, bots)
        self.handles = {name: LocalHandle(each.snapshot()) for name, each in self._muster.engines.items()}
        self._settings = {name: bot.settings for name, bot in bots.items()}
        self.squad = Squad(self._muster.engines, self._ended, self._prepared)
        for name, engine in self._muster.engines.items():
            again.hand_over(engine, self.sources[name])

    def doors(self) -> Iterator[tuple[Settings, Engine, LocalHandle, list[LocalHandle]]]:
        """Yield each bot with its door, and the others that its TCP port answers for: the first bot has the port."""
        first = next(iter(self.handles))
        for name, handle in self.handles.items():
            own, others = self._settings[name], [each for each in self.handles.values() if each is not handle]
            yield own if name == first else without_port(own), self.squad.engines[name], handle, others

    def _bot(self, name: str, opened: ExitStack, *, autostart: bool = True) -> Bot:
        boot, own = self._clock.now(), self.sources[name].in_force
        config = told_of(own, boot=boot, pulse=LOOK, autostart=autostart)
        journal = _open(journal_file(own, self._there), opened)
        taped = recorder(own, self._there, boot, self._record / name if self._record else None)
        return Bot(settings=own, config=config, journal=journal, recorder=taped)

    def _reopened(self, name: str, *, autostart: bool) -> tuple[Bot, ExitStack]:
        """Return a bot with its journal open again, and what closes that; closed already where it cannot be had."""
        with ExitStack() as opened:
            bot = self._bot(name, opened, autostart=autostart)
            return bot, opened.pop_all()

    def _ended(self, name: str, last: Snapshot) -> None:
        loop = asyncio.get_running_loop()
        self.handles[name].bury(last, lambda ask: loop.call_soon_threadsafe(self.squad.take_up, name, ask))

    async def _prepared(self, name: str, ask: Ask) -> Making:
        """Open the journal of a bot anew, in a thread: the loop is the others'.

        It flies up stopped and then hears what it is taken up for. Only who stops it finds it as it was: one that ran
        is stopped as one that runs, and the receipt says what stands.
        """
        bot, opened = await asyncio.to_thread(self._reopened, name, autostart=ask is Ask.STOP)

        def make() -> Engine:
            with opened:
                engine = self._muster.take_up(name, bot)
                opened.pop_all()
            self._again.hand_over(engine, self.sources[name])
            self.handles[name].attach(engine, asyncio.get_running_loop())
            return engine

        return make


def _open(path: Path, opened: ExitStack) -> Journal:
    """Open a journal; what could not be flown leaves it as it was found."""
    from radtui.store.writer import SqlJournal

    journal: Journal = SqlJournal(path)
    opened.callback(lambda: journal.close(clean=journal.known().clean))
    return journal
