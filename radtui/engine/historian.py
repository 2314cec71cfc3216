"""Backtests that are asked of an engine: begun, followed and cancelled on its loop, flown beside it (row B1).

What was begun is told at once, by the receipt; how it goes is seen in the snapshot. The trading never waits for any of
it: candles are read, strategies loaded and bars flown elsewhere, and what is heard from there are a few small words.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from radtui.backtest.job import AnySaid, Begun, Come, Flown, Job, Unflown
from radtui.core.backtest_view import BacktestRequest, BacktestState, BacktestView
from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.engine.bulletin import Bulletin
from radtui.engine.past import Past, Prepared
from radtui.engine.workshop import Errand
from radtui.resilience.clock import Clock
from radtui.resilience.redaction import redact

ASKS: Final = frozenset({Ask.BACKTEST, Ask.CANCEL_BACKTEST})
KEPT: Final = 10
"""Backtests that are shown."""
_WITHIN: Final = 2.0
"""Seconds that the end of an engine waits for the end of a backtest at most: it is killed, and that is quick."""
_NO_PAST: Final = "this engine flies no backtests: `radtui backtest` does"
_BUSY: Final = "another backtest is under way, and one is flown at a time: cancel it, or wait for it"
_request: Final = msgspec.json.Decoder(BacktestRequest).decode


class Historian:
    """Serves the instructions about backtests.

    Args:
        state: the bot's, for receipts.
    """

    def __init__(self, *, clock: Clock, bulletin: Bulletin, state: Callable[[], str]) -> None:
        self._clock, self._bulletin, self._state = clock, bulletin, state
        self._past: Past | None = None
        self._views: deque[BacktestView] = deque(maxlen=KEPT)
        self._under_way: Errand | None = None
        self._asked: Instruction | None = None
        self._job: Job | None = None
        self._cancels: list[Instruction] = []
        self._over = asyncio.Event()

    @property
    def views(self) -> tuple[BacktestView, ...]:
        """The backtests since the start, the newest first."""
        return tuple(self._views)

    def fly_with(self, past: Past) -> None:
        """Have a past to fly through from now on."""
        self._past = past

    def takes(self, instruction: Instruction) -> bool:
        """Begin to carry out an instruction about a backtest; return whether it is one."""
        if instruction.ask not in ASKS:
            return False
        self._bulletin.publish(Instructed(instruction), instruction.who)
        if instruction.ask is Ask.BACKTEST:
            self._begin(instruction)
        else:
            self._cancel(instruction)
        return True

    async def stop(self) -> None:
        """End what is under way."""
        if self._under_way is not None:
            self._under_way.kill()
            try:
                async with asyncio.timeout(_WITHIN):
                    await self._over.wait()
            except TimeoutError:  # its line closes with this process, and it ends then
                return

    def _begin(self, instruction: Instruction) -> None:
        past = self._past
        if past is None:
            self._refuse(instruction, _NO_PAST)
            return
        try:
            request = _request(instruction.subject or "{}")
        except msgspec.MsgspecError as error:
            self._refuse(instruction, f"that is no backtest: {error}")
            return
        loop = asyncio.get_running_loop()

        def hear(said: AnySaid | Prepared) -> None:
            try:
                loop.call_soon_threadsafe(self._heard, said)
            except RuntimeError:  # the loop has ended, and with it whoever wanted to hear
                return

        self._over.clear()
        self._under_way = past.workshop.begin(partial(_prepared, past, request, hear), hear)
        if self._under_way is None:
            self._refuse(instruction, _BUSY)
            return
        self._asked = instruction
        self._views.appendleft(
            BacktestView(
                id=instruction.id,
                request=request,
                who=instruction.who,
                state=BacktestState.RUNNING,
                started_at=self._clock.now(),
            )
        )

    def _cancel(self, instruction: Instruction) -> None:
        running = self._under_way
        if running is None or instruction.subject not in ("", self._views[0].id):
            known = any(each.id == instruction.subject for each in self._views)
            self._refuse(instruction, "that backtest is over" if known else "no such backtest is under way")
            return
        self._cancels.append(instruction)
        running.kill()

    def _heard(self, said: AnySaid | Prepared) -> None:
        """Take what is said of the one that is under way, on the loop."""
        match said:
            case Prepared(request=request, job=job):
                self._job = job
                self._show(request=request)
                self._acknowledge(request)
            case Begun(source=source, since=since, until=until):
                self._show(source=source, since=since, until=until)
            case Come(share=share):
                self._show(share=round(share, 2))
            case Flown(figures=figures, blocked=blocked, curve=curve):
                came = {"share": 1.0, "figures": figures, "blocked": blocked, "curve": curve, **_files(self._job)}
                self._end(BacktestState.DONE, **came)
            case Unflown(why=why):
                self._failed(redact(why))

    def _acknowledge(self, request: BacktestRequest) -> None:
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self._file(asked, f"backtest begun: {request.strategy} on {request.symbol} {request.timeframe}")

    def _failed(self, why: str) -> None:
        """Take the bad end of a backtest: one that nobody wanted any more was cancelled, whatever it said."""
        if self._cancels:
            self._end(BacktestState.CANCELLED)
        elif self._asked is not None:  # it never began: its receipt says so, and there is nothing to show
            asked, self._asked = self._asked, None
            self._views.popleft()
            self._under_way = None
            self._over.set()
            self._refuse(asked, why)
        else:
            self._end(BacktestState.FAILED, why=why)

    def _end(self, state: BacktestState, **came: object) -> None:
        self._show(state=state, ended_at=self._clock.now(), **came)
        self._under_way = None
        self._over.set()
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self._refuse(asked, "it was cancelled before it began")
        cancels, self._cancels = self._cancels, []
        for each in cancels:
            done = state is BacktestState.CANCELLED
            self._file(each, "backtest cancelled" if done else "the backtest was done before", success=done)

    def _show(self, **changed: object) -> None:
        self._views[0] = msgspec.structs.replace(self._views[0], **changed)

    def _refuse(self, instruction: Instruction, why: str) -> None:
        self._file(instruction, why, success=False, refused=True)

    def _file(self, instruction: Instruction, message: str, *, success: bool = True, refused: bool = False) -> None:
        receipt = Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=success,
            refused=refused,
            message=message,
            status=self._state(),
            at=self._clock.now(),
            who=instruction.who,
        )
        self._bulletin.publish(Receipted(receipt), instruction.who)


def _files(job: Job | None) -> dict[str, str]:
    return {} if job is None else {"page": job.page, "document": job.document}


def _prepared(past: Past, request: BacktestRequest, hear: Callable[[Prepared], object]) -> Job:
    """Prepare it, on the errand's thread, and say so."""
    prepared = past.prepare(request)
    hear(prepared)
    return prepared.job
