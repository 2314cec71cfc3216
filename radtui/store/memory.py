"""The journal's inline twin: the same promises without a thread or a disk, for virtual time and tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from radtui.core.facts import Envelope, Evaluated
from radtui.core.market import Candle
from radtui.core.why_view import WhyView
from radtui.resilience.clock import Clock, SystemClock
from radtui.store.faults import cannot_write, taken_over
from radtui.store.kept import Forget, Kept, Writing
from radtui.store.port import BotState, JournalFailed, Known, PaperMemory


class MemoryJournal:
    """A journal in memory; see `radtui.store.port.Journal`.

    What is queued becomes durable on the event loop, one commit for all, `latency` seconds after the first of it.
    A `crash` keeps exactly what was durable, and `reopen` begins the next run with that.

    Args:
        latency: seconds of a commit, or a function that draws them; 0 is the loop's next iteration.
        kept: what an earlier run left.
    """

    def __init__(
        self,
        *,
        latency: float | Callable[[], float] = 0.0,
        clock: Clock | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._latency = latency
        self._clock = clock or SystemClock()
        self._kept = kept or Kept()
        self._known = self._kept.known()
        self._kept.clean = False
        self._kept.writer = self
        self._queued: list[Writing] = []
        self._promises: list[asyncio.Future[None]] = []
        self._commit_in: asyncio.AbstractEventLoop | None = None
        self._trouble = ""
        self._over = ""

    def known(self) -> Known:
        """Return what was kept before this run."""
        return self._known

    def keep(self, envelopes: Sequence[Envelope]) -> None:
        """Queue facts."""
        self._queue(*envelopes)

    def keep_state(self, state: BotState) -> None:
        """Queue the bot's state."""
        self._queue(state)

    def paper(self) -> PaperMemory | None:
        """Return the paper venue of the last run, if any; ask before the first `keep_paper`."""
        return self._kept.paper()

    def keep_paper(self, source: str, state: bytes, candles: Sequence[Candle]) -> None:
        """Queue the paper venue's state, and the candles that closed since the last call."""
        self._queue(PaperMemory(source=source, state=state, candles=tuple(candles)))

    def forget_paper(self) -> None:
        """Drop the paper venue: the next one starts fresh."""
        self._queue(Forget())

    def durable(self) -> asyncio.Future[None]:
        """Return a future of the running loop, done once all that was queued before this call is durable.

        It fails with `JournalFailed` after `fail` and after the end; a crash leaves it pending for ever.
        """
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        if self._trouble or self._over:
            loop.call_soon(_break, future, self._trouble or self._over)
        elif not self._queued:
            future.set_result(None)
        else:
            self._promises.append(future)
            self._arrange_commit()
        return future

    async def weighed_at(self, symbol: str, at: int) -> WhyView | None:
        """Return what came of the last signal of `symbol` up to the market clock `at`; None where none is known."""
        found = (why for why in reversed(self._weighed()) if why.symbol == symbol and why.at <= at)
        return next(found, None)

    async def weighed_between(self, since: int, until: int) -> Sequence[WhyView]:
        """Return what came of all signals from `since` on and before `until` (market clock), in their order."""
        return [why for why in self._weighed() if since <= why.at < until]

    def _weighed(self) -> list[WhyView]:
        return [each.fact.why for each in self._kept.facts if isinstance(each.fact, Evaluated)]

    @property
    def healthy(self) -> str:
        """Empty while writing works, else what is wrong and what to do."""
        return self._trouble

    @property
    def beat(self) -> int:
        """Monotonic nanoseconds: now, for what is inline lives as long as its caller."""
        return self._clock.monotonic()

    @property
    def kept(self) -> tuple[Envelope, ...]:
        """The latest durable facts of all runs, oldest first."""
        return tuple(self._kept.facts)

    def close(self, *, clean: bool) -> None:
        """Make what is queued durable, unless writing fails, and note whether the run ended cleanly."""
        if self._over:
            return
        self._commit()
        if self._kept.writer is self:
            self._kept.clean = clean and not self._trouble
        self._over = "The journal is closed: nothing more is kept. Stops stay on the exchange; start radtui again."

    def fail(self, why: str) -> None:
        """Let writing fail from now on, for example with ``the disk is full``; what is queued waits."""
        self._fail(cannot_write(why, "Call heal()"))

    def heal(self) -> None:
        """Let writing work again."""
        self._trouble = ""
        self._arrange_commit()

    def crash(self) -> None:
        """End as by kill -9: what was not durable is gone and nobody is told."""
        self._queued.clear()
        self._promises.clear()
        self._over = "The journal's process has crashed."

    def reopen(self) -> MemoryJournal:
        """Return the next run's journal on what this one left; a run that was not closed crashes first."""
        if not self._over:
            self.crash()
        return MemoryJournal(latency=self._latency, clock=self._clock, kept=self._kept)

    def rival(self) -> MemoryJournal:
        """Return the journal of another engine that got past the lock: this one finds out at its next commit."""
        return MemoryJournal(latency=self._latency, clock=self._clock, kept=self._kept)

    def _fail(self, trouble: str) -> None:
        self._trouble = trouble
        promises, self._promises = self._promises, []
        for future in promises:
            future.get_loop().call_soon(_break, future, trouble)

    def _queue(self, *writings: Writing) -> None:
        if not self._over:
            self._queued.extend(writings)
            self._arrange_commit()

    def _arrange_commit(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return  # outside a loop nobody waits: the next durable() or close() commits
        if self._commit_in is not loop:
            self._commit_in = loop
            delay = self._latency() if callable(self._latency) else self._latency
            if delay > 0:
                loop.call_later(delay, self._commit)
            else:
                loop.call_soon(self._commit)

    def _commit(self) -> None:
        self._commit_in = None
        if self._kept.writer is not self and not self._over:
            self._queued.clear()
            self._fail(taken_over("it flies in this process"))
        if self._trouble or self._over:
            return
        queued, self._queued = self._queued, []
        for writing in queued:
            self._kept.take(writing)
        promises, self._promises = self._promises, []
        for future in promises:
            if not future.done():
                future.set_result(None)


def _break(future: asyncio.Future[None], why: str) -> None:
    if not future.done():
        future.set_exception(JournalFailed(why))
        future.exception()  # who waited 250 ms and left must not be reported as never having asked
