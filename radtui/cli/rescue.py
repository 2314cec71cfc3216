"""An engine that only flattens: for an account whose own engine died with positions open.

It takes the account's lock, reads the journal as every start does, and obeys one order. Nothing that could keep it from
that is asked: no preflight, no strategy of the user's, no word for real money beyond the one already given.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from radtui.api.views import Answer, answered, unanswered
from radtui.cli.account import AlreadyFlying, account_lock, hold, journal_file
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.logs import configure
from radtui.cli.opening import opened
from radtui.cli.rescued import check_named
from radtui.cli.streams import complain
from radtui.core.instruction import ENDED, Ask, ExitPolicy
from radtui.core.memory import MemoryRefused, unpack
from radtui.engine.engine import Engine
from radtui.engine.host import EngineHost
from radtui.resilience.clock import SystemClock
from radtui.settings.live import lacking
from radtui.settings.places import Places, places
from radtui.settings.tree import Settings
from radtui.store.faults import JournalBroken
from radtui.store.memory import MemoryJournal
from radtui.store.port import Journal

_LOOK: Final = 0.05
_PATIENCE: Final = 5.0
"""Seconds for its end."""
_LOADING: Final = 30.0
"""Seconds for it to be built, where the timeout is shorter: a disk that hangs must not hang the command with it."""
_STRATEGY: Final = "ema_cross"
"""Ours, and never asked: the bot is not started."""


class Held(AlreadyFlying):
    """A process holds the account, and nobody answers on its control socket."""


class RescueEngine:
    """The engine of an account that nobody flies, until it is told to go.

    Attributes:
        busy: an emergency stop was told and is not done.
    """

    def __init__(self, host: EngineHost, who: str) -> None:
        self._host = host
        self._who = who
        self.busy = False

    def tell(self, ask: Ask, timeout: float, particulars: Mapping[str, Any]) -> Answer:
        """Give an instruction and wait at most `timeout` seconds for its receipt, from when the engine is built.

        On a slow machine it is loaded for seconds, and before that nothing can be said of what remains.

        Raises:
            Failure: the engine could not be built, or died.
        """
        handle = self._host.handle
        id_ = handle.send(ask, who=self._who, **particulars).id
        self.busy = ask is Ask.EMERGENCY_STOP
        loaded_by = time.monotonic() + max(timeout, _LOADING)
        while not self._host.begun and time.monotonic() < loaded_by and not self._host.wait(_LOOK):
            continue
        until = time.monotonic() + timeout
        while handle.receipt(id_) is None and time.monotonic() < until and not self._host.wait(_LOOK):
            continue
        receipt = handle.receipt(id_)
        if receipt.status == ENDED if receipt else not self._host.alive:
            raise self._died()
        if receipt is None:
            return unanswered(id_, handle.snapshot())
        self.busy = False
        return answered(receipt)

    def _died(self) -> Failure:
        self._host.wait(_PATIENCE)  # its door refuses what it is asked a moment before it is known what it died of
        error = self._host.error
        if isinstance(error, Failure):
            return error
        return Failure(
            f"the engine that should flatten ended: {type(error).__name__}: {error}",
            means="What is open stays open, with its stops on the exchange.",
            todo="close it at the exchange itself, or look at the log and try again",
            code=Exit.NOT_SAFE,
        )


def journal_of(flags: Flags) -> Path:
    """Return where the journal of the account that the settings name lies, if it was ever flown from here.

    Raises:
        Failure: the settings are of several bots, and none was named (exit code 2).
    """
    settings = opened(flags).settings
    check_named(settings)
    return journal_file(settings, places(settings))


def is_held(flags: Flags) -> bool:
    """Return whether a process is seen to hold the account that the settings name."""
    settings = opened(flags).settings
    lock, _ = account_lock(settings, places(settings))
    return lock.holder() is not None


def check_ready(flags: Flags) -> None:
    """Make sure that an engine could be flown with these settings.

    Raises:
        Failure: something to fly with is missing (exit code 2).
    """
    settings = opened(flags).settings
    check_named(settings)
    _check(_bare(settings))


@contextmanager
def rescue(flags: Flags, who: str) -> Iterator[RescueEngine]:
    """Fly an engine of the account that the settings name, and land it in the end.

    Raises:
        Held: another process holds the account (exit code 4).
        Failure: something to fly with is missing (2).
    """
    settings = _bare(opened(flags).settings)
    _check(settings)
    there = places(settings)
    with _held(settings, there), _logged(settings, there):
        host = EngineHost(
            settings.engine_config(boot=SystemClock().now(), autostart=False, virtual=False).core,
            lambda: _engine(settings, there),
            patience=_PATIENCE,
        )
        host.start()
        engine = RescueEngine(host, who)
        try:
            yield engine
        finally:
            _land(host, who, gracefully=not engine.busy)


def _land(host: EngineHost, who: str, *, gracefully: bool) -> None:
    """End the engine: not gracefully where it would still wait for the exchange; the next start goes on then."""
    if gracefully:
        host.settle(who=who, exits=ExitPolicy.KEEP)
    host.force()
    host.wait(_PATIENCE)


def _check(settings: Settings) -> None:
    missing = lacking(settings) if settings.bot.exchange != "paper" else ()
    if missing:
        raise Failure(
            "no engine runs here, and this command cannot fly one",
            means="\n".join(f"It needs {line}." for line in missing),
            todo="give the settings that the engine had (--config, --state, --exchange, the key in the environment)",
            code=Exit.USAGE,
        )


def _bare(settings: Settings) -> Settings:
    """Return the settings without what could keep an engine from flattening."""
    bot = settings.bot.model_copy(update={"strategy": _STRATEGY})
    guard = settings.guard.model_copy(update={"start": "off", "exchange_switch": False})
    return settings.model_copy(update={"bot": bot, "guard": guard})


@contextmanager
def _held(settings: Settings, there: Places) -> Iterator[None]:
    with ExitStack() as held:
        try:
            held.enter_context(hold(settings, there))
        except AlreadyFlying as flying:
            raise Held(
                "a process holds this account and does not answer on its control socket",
                means=flying.means,
                todo="where that does not end it, `kill -9` does; then give this command again: it flattens by itself",
                code=Exit.NOT_SAFE,
            ) from None
        except Failure as failure:
            if settings.bot.exchange == "paper":  # its account is a file, which cannot be written then either
                failure.code = Exit.NOT_SAFE
                raise
            complain(f"radtui: flattening without a lock: {failure.title}")
        yield


@contextmanager
def _logged(settings: Settings, there: Places) -> Iterator[None]:
    close: Callable[[], None]
    try:
        close = configure(settings.log.level, there.log)
    except OSError:  # a full disk must not keep anybody from closing
        close = configure(settings.log.level, "stderr")
    try:
        yield
    finally:
        close()


def _engine(settings: Settings, there: Places) -> Engine:
    from radtui.cli.flight import assemble, told

    clock = SystemClock()
    config = settings.engine_config(boot=clock.now(), autostart=False, virtual=False)
    with told():
        journal = _journal(settings, journal_file(settings, there))
        try:
            return assemble(_where_it_lives(settings, journal), config, journal, clock)
        except BaseException:
            journal.close(clean=journal.known().clean)
            raise


def _where_it_lives(settings: Settings, journal: Journal) -> Settings:
    """Return the settings on the market of the paper account that is kept, whichever they name themselves.

    One on recorded candles needs their file all the same.
    """
    stored = journal.paper() if settings.bot.exchange == "paper" else None
    if stored is None or not stored.source.startswith("seed:"):
        return settings
    bot = settings.bot.model_copy(update={"symbols": ()})
    paper = settings.paper.model_copy(update={"seed": None, "market": None})
    return settings.model_copy(update={"bot": bot, "paper": paper})


def _journal(settings: Settings, path: Path) -> Journal:
    """Return the journal; where it cannot be used, one in memory: at the exchange our orders are known by their ids."""
    try:
        return _usable(path)
    except (JournalBroken, MemoryRefused) as refused:
        if settings.bot.exchange == "paper":  # its account is nowhere else
            raise
        complain(f"radtui: the journal cannot be used, flattening without it: {refused}")
        return MemoryJournal(clock=SystemClock())


def _usable(path: Path) -> Journal:
    from radtui.store.writer import SqlJournal

    journal = SqlJournal(path)
    try:
        state = journal.known().state
        unpack(state.memory if state else b"")
    except MemoryRefused:
        journal.close(clean=journal.known().clean)  # as it was found
        raise
    return journal
