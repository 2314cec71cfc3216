"""The journal on disk: one writer thread that puts everything queued into one durable transaction, again and again."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from radtui.core.facts import Envelope
from radtui.core.market import Candle
from radtui.core.why_view import WhyView
from radtui.resilience.clock import Clock, SystemClock
from radtui.store import faults
from radtui.store.ahead import WriteAhead
from radtui.store.batch import Batch
from radtui.store.lease import Lease, LeaseLost
from radtui.store.ledger import weighed_at, weighed_between
from radtui.store.limits import QUEUE_LIMIT
from radtui.store.opening import engine_of, lock_of, named, open_journal, path_of, read_paper_at, told
from radtui.store.port import BotState, JournalFailed, Known, PaperMemory
from radtui.store.promises import settle
from radtui.store.writing import note, put

T = TypeVar("T")
_BEAT: Final = 1.0
_FIRST_RETRY: Final = 0.1
_LAST_RETRY: Final = 2.0
_CLOSED: Final = "The journal is closed: nothing more is kept. Stops stay on the exchange; start radtui again."


class SqlJournal:
    """The journal of one bot in one SQLite file; see `radtui.store.port.Journal`.

    Opening it takes its lock and its lease, and notes that the last run did not end cleanly, until `close` says that
    it did. Where another engine gets past the lock and takes the lease, this one keeps nothing more and says so.

    Args:
        where: a path, or a URL ``sqlite:///FILE``.
        queue_limit: rows that may wait for the disk; beyond it, equity and evaluations are dropped and counted.
        close_within: seconds that `close` waits for the disk.

    Raises:
        JournalBroken: the file cannot be used; the message says what to do.
        AccountHeld: another process writes into it.
    """

    def __init__(
        self,
        where: str | Path,
        *,
        clock: Clock | None = None,
        queue_limit: int = QUEUE_LIMIT,
        close_within: float = 5.0,
    ) -> None:
        self._path = path_of(where)
        self._clock = clock or SystemClock()
        self._limit = queue_limit
        self._close_within = close_within
        self._lock = lock_of(self._path)
        with told(self._path):
            self._lock.acquire()
        self._lease = Lease(named(self._path), self._clock)
        self._engine = engine_of(self._path)
        try:
            self._known = open_journal(self._engine, self._path, self._clock.now(), self._lease)
        except BaseException:
            self._lock.release()
            raise
        self._connection: Connection | None = None
        self._ahead = WriteAhead()
        self._wake = threading.Condition()
        self._queued = Batch()
        self._writing: Batch | None = None
        self._trouble = ""
        self._dropped = 0
        self._closing = False
        self._closed = False
        self._ends_clean = False
        self._lost = False
        self._beat = self._clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def known(self) -> Known:
        """Return what was kept before this run."""
        return self._known

    def keep(self, envelopes: Sequence[Envelope]) -> None:
        """Queue facts."""
        with self._wake:
            waiting = self._writing.size if self._writing else 0
            self._dropped += self._queued.add(envelopes, self._limit - waiting)
            self._wake.notify()

    def keep_state(self, state: BotState) -> None:
        """Queue the bot's state."""
        with self._wake:
            self._queued.set_state(state)
            self._wake.notify()

    def paper(self) -> PaperMemory | None:
        """Return the paper venue of the last run, if any; ask before the first `keep_paper`.

        Raises:
            JournalBroken: it cannot be read.
        """
        return read_paper_at(self._engine, self._path)

    def keep_paper(self, source: str, state: bytes, candles: Sequence[Candle]) -> None:
        """Queue the paper venue's state, and the candles that closed since the last call."""
        with self._wake:
            self._queued.set_paper(source, state, candles)
            self._wake.notify()

    def forget_paper(self) -> None:
        """Drop the paper venue: the next one starts fresh."""
        with self._wake:
            self._queued.forget_paper()
            self._wake.notify()

    def durable(self) -> asyncio.Future[None]:
        """Return a future of the running loop, done once all that was queued before this call is on disk.

        It fails with `JournalFailed` where it cannot be written; at once where that is known already.
        """
        future = asyncio.get_running_loop().create_future()
        with self._wake:
            batch = self._queued if self._queued.size else self._writing
            if self._trouble or self._closed:
                settle([future], JournalFailed(self.healthy or _CLOSED))
            elif batch is None:
                future.set_result(None)
            else:
                batch.promises.append(future)
        return future

    async def weighed_at(self, symbol: str, at: int) -> WhyView | None:
        """Return what came of the last signal of `symbol` up to the market clock `at`; None where none is known.

        Raises:
            JournalFailed: it cannot be read.
        """
        return await self._read(partial(weighed_at, self._path, symbol, at))

    async def weighed_between(self, since: int, until: int) -> Sequence[WhyView]:
        """Return what came of all signals from `since` on and before `until` (market clock), in their order.

        Raises:
            JournalFailed: it cannot be read.
        """
        return await self._read(partial(weighed_between, self._path, since, until))

    @property
    def healthy(self) -> str:
        """Empty while writing works, else what is wrong and what to do."""
        if not self._trouble or not self._dropped:
            return self._trouble
        return f"{self._trouble} {self._dropped} equity and evaluation rows were dropped to keep orders and fills."

    @property
    def dropped(self) -> int:
        """Equity and evaluation rows of this run that were not kept, for too many rows waited for the disk."""
        return self._dropped

    @property
    def beat(self) -> int:
        """Monotonic nanoseconds of the writer's last sign of life."""
        return self._beat

    def close(self, *, clean: bool) -> None:
        """Write what is queued, note whether the run ended cleanly, and stop the writer.

        It waits no longer than `close_within`. Where the disk does not answer in time, the journal stays unclean and
        the next start recovers.
        """
        with self._wake:
            if not self._closing:
                self._closing, self._ends_clean = True, clean
            self._wake.notify()
        self._thread.join(self._close_within)

    async def _read(self, reading: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(reading)
        except sqlite3.Error as error:
            raise JournalFailed(f"{named(self._path)} cannot be read now: {error}") from error

    def _run(self) -> None:
        while (batch := self._take()) is not None:
            self._write_until_done(batch)
            self._tidy()
        self._finish()

    def _take(self) -> Batch | None:
        """Wait for something to write; None when the journal is closing and nothing waits any more.

        Where nothing comes for a while that is nothing: a batch without rows, with which the lease is looked at.
        """
        with self._wake:
            if not self._queued.size and not self._closing:
                self._wake.wait(_BEAT)
            if self._closing and (not self._queued.size or self._lost):  # nothing becomes durable after what is lost
                self._closed = True
                return None
            if not self._queued.size:
                return Batch()
            self._writing, self._queued = self._queued, Batch()
            return self._writing

    def _write_until_done(self, batch: Batch) -> None:
        pause = _FIRST_RETRY
        while not self._attempt(batch):
            with self._wake:
                if self._closing:
                    self._lost, self._writing = True, None
                    return
                self._wake.wait_for(lambda: self._closing, pause)
            pause = min(2 * pause, _LAST_RETRY)

    def _attempt(self, batch: Batch) -> bool:
        self._beat = self._clock.monotonic()
        try:
            self._write(self._connected(), batch)
        except LeaseLost as lost:
            self._deposed(batch, lost)
            return True
        except Exception as error:  # whatever it is, the writer must live on and say so
            self._failed(faults.unwritable(self._path, error))
            return False
        self._done(batch)
        return True

    def _write(self, connection: Connection, batch: Batch) -> None:
        with connection.begin():
            self._lease.confirm(connection)
            put(connection, batch)
        if batch.size:
            self._ahead.grown()

    def _tidy(self) -> None:
        """Move the log while nobody waits for the disk."""
        if self._connection is not None and not self._queued.size:
            self._ahead.move(self._connection)

    def _connected(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _done(self, batch: Batch) -> None:
        with self._wake:
            self._writing = None
            self._trouble = ""
        settle(batch.promises)

    def _deposed(self, batch: Batch, lost: LeaseLost) -> None:
        """Drop what can never be written. The writer lives on: the engine has exits to make, and watches its beat."""
        with self._wake:
            self._lost, self._writing = True, None
            self._trouble = faults.taken_over(lost.holder.named if lost.holder else "it has ended since")
        settle(batch.promises, JournalFailed(self.healthy))

    def _failed(self, trouble: str) -> None:
        # A new connection reads the log anew: a commit that failed may be on disk after all.
        self._disconnect()
        with self._wake:
            self._trouble = trouble
            waiting = [*(self._writing.promises if self._writing else ()), *self._queued.promises]
            if self._writing:
                self._writing.promises.clear()
            self._queued.promises.clear()
        settle(waiting, JournalFailed(self.healthy))

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, sqlite3.Error):
                connection.close()

    def _finish(self) -> None:
        # Where even this cannot be written, the next start takes it for a crash and recovers.
        with suppress(LeaseLost, SQLAlchemyError, sqlite3.Error), self._connected().begin():
            self._lease.release(self._connected())
            if self._ends_clean and not self._lost:
                note(self._connected(), clean=True, at=self._clock.now())
        self._disconnect()
        self._lock.release()
