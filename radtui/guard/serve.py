"""The guardian's life: listen, count the silence, act once, listen again."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import msgspec

from radtui.core.guarding import Ack, Beat, Deed, Did, Dismissed, Landed, Phase, Word
from radtui.guard.acting import Acting, Exchange
from radtui.guard.client import Client
from radtui.guard.config import GuardConfig
from radtui.guard.journal import Memory, MemoryFile, Record
from radtui.guard.plan import Plan
from radtui.guard.post import Caller, Post
from radtui.guard.watch import SECOND, Watch

LOOK: Final = 0.5
"""Seconds between two looks at the time."""
HELD: Final = 1
"""Exit code of a guardian that found another one at its place."""
_LOUD: Final = frozenset({Did.SILENCE, Did.BARE, Did.REFUSED, Did.AWAY})


class Guardian:
    """One process's guardian. Single-threaded: whatever it does, it hears what was said before it does the next.

    Args:
        exchange: None for the exchange that `config` names.
    """

    def __init__(self, config: GuardConfig, exchange: Exchange | None = None) -> None:
        self._config = config
        self._exchange: Exchange = exchange or Client(config)
        self._record, self._memory = Record(Path(config.record)), MemoryFile(Path(config.memory))
        self._watch = Watch(round(config.silence * SECOND), time.monotonic_ns(), self._memory.load())
        self._post = Post(Path(config.socket))
        self._kept = self._watch.memory()
        self._ended = 0
        self._let_go = False

    def run(self) -> int:
        """Guard until a signal or, where it was hired, until the engine has landed; return the exit code."""
        config = self._config
        log("info", "on guard", pid=os.getpid(), bot=config.bot, silence=config.silence, phase=self._watch.phase)
        try:
            while not self._ended and not self._over:
                self._hear(LOOK)
                if self._watch.due(time.monotonic_ns()):
                    self._act()
        finally:
            self._post.close()
        log("info", "off guard", phase=self._watch.phase)
        return 128 + self._ended if self._ended else 0

    def end(self, number: int) -> None:
        """Have it end soon, for signal `number`."""
        self._ended = number

    @property
    def _over(self) -> bool:
        phase, beat = self._watch.phase, self._watch.beat
        if self._let_go and phase is Phase.LANDED:  # said to this very process: its memory may know an earlier landing
            return True
        # Nobody can call: an engine that lives has, or will hire, another one. One that is dead has only this one.
        busy = phase in {Phase.WATCHING, Phase.ACTING} and beat is not None and not _runs(beat.pid)
        return self._post.lost and not self._post.callers and not busy

    def _hear(self, seconds: float) -> bool:
        """Take what is said within `seconds`; return whether the engine has come back."""
        returned = [self._take(caller, word) for caller, word in self._post.hear(seconds)]
        return any(returned)

    def _take(self, caller: Caller, word: Word) -> bool:
        returned, number = False, 0
        match word:
            case Beat():
                number, returned = word.number, self._beat(word)
            case Landed():
                if self._watch.landed(word):
                    self._let_go = self._config.hired
                    log("info", "the engine has landed", boot=word.boot)
            case Dismissed():
                log("info", "dismissed")
                self._ended = signal.SIGTERM
        self._keep()
        config = self._config
        caller.answer(
            Ack(number=number, pid=os.getpid(), phase=self._watch.phase, terms=config.terms, hired=config.hired)
        )
        return returned

    def _beat(self, beat: Beat) -> bool:
        silent = self._watch.beat
        returned = self._watch.heard(beat, time.monotonic_ns())
        if beat.recovered and (silent is None or silent.boot != beat.boot):
            log("info", "an engine beats", bot=beat.bot, pid=beat.pid, state=beat.state)
        if returned and silent is not None:
            self._note(silent, Did.RETURNED, f"the engine beats again, process {beat.pid}")
        return returned

    def _act(self) -> None:
        beat = self._watch.beat
        if beat is None:
            return
        self._watch.begin()
        self._keep()
        self._note(beat, Did.SILENCE, f"no beat for {self._config.silence:g} s of process {beat.pid}")
        acting = Acting(
            self._exchange,
            beat,
            flatten=self._config.flatten,
            note=lambda did, text, symbol, client_id: self._note(beat, did, text, symbol, client_id),
            rest=self._rest,
            at=time.time_ns(),
            switch=self._config.switch,
        )
        found = acting.run()
        if found is None:
            self._note(beat, Did.STOOD_DOWN, "somebody came in between")
            return
        self._note(beat, Did.DONE, _account(found))
        self._watch.finish()
        self._keep()

    def _rest(self, seconds: float) -> bool:
        """Listen for `seconds`; return whether to stand down."""
        until = time.monotonic() + seconds
        while True:
            self._hear(max(0.0, min(LOOK, until - time.monotonic())))
            if self._watch.phase is not Phase.ACTING or self._ended:
                return True
            if time.monotonic() >= until:
                return False

    def _note(self, beat: Beat, did: Did, text: str, symbol: str = "", client_id: str = "") -> None:
        """Write a deed down. A disk that does not take it keeps nothing from being done."""
        log("critical" if did in _LOUD else "warning", did, note=text, symbol=symbol, client_id=client_id)
        deed = Deed(
            at=time.time_ns(), bot=beat.bot, boot=beat.boot, did=did, text=text, symbol=symbol, client_id=client_id
        )
        try:
            self._record.add(deed)
        except OSError as error:
            log("critical", "the record cannot be written", error=str(error))

    def _keep(self) -> None:
        """Remember what the next process must know, where it has changed."""
        memory = self._watch.memory()
        if _essence(memory) == _essence(self._kept):
            return
        try:
            self._memory.keep(memory)
        except OSError as error:
            log("critical", "the memory cannot be written", error=str(error))
        else:
            self._kept = memory


def guard(config: GuardConfig) -> int:
    """Guard as `config` says; return the exit code: 1 where another guardian is there already."""
    with _alone(Path(config.lock)) as alone:
        if not alone:
            log("warning", "another guardian guards this account")
            return HELD
        guardian = Guardian(config)

        def caught(number: int, _frame: FrameType | None) -> None:
            guardian.end(number)

        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, caught)
        return guardian.run()


def log(level: str, event: str, **fields: object) -> None:
    """Write one line of JSON on standard error, as the engine's log has it; nobody may be there to read it."""
    now = time.time()
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}Z"
    shown = {name: value for name, value in fields.items() if value != ""}
    line = {**shown, "event": event, "logger": "radtui.guard", "level": level, "timestamp": stamp}
    try:
        os.write(2, msgspec.json.encode(line) + b"\n")
    except OSError:
        return


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Hold the lock, where nobody else does; it dies with the process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        yield False
        return
    try:
        yield True
    finally:
        os.close(descriptor)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _essence(memory: Memory) -> object:
    """Return what of a memory is worth a write: not each beat's number and time."""
    beat = memory.beat
    return memory.phase, beat and (beat.boot, beat.covers)


def _account(found: Plan) -> str:
    held = ", ".join(f"{holding.current_qty} {holding.symbol}" for holding in found.held) or "nothing"
    bare = f"; WITHOUT A STOP: {', '.join(holding.symbol for holding in found.bare)}" if found.bare else ""
    return f"no order of ours can open anything; held: {held}{bare}"


def main() -> int:
    """Read the configuration from standard input, which is then let go, and guard."""
    config = msgspec.json.decode(sys.stdin.buffer.read(), type=GuardConfig)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    return guard(config)
