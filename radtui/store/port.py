"""The port to the journal: one writer, group commit, an inline twin in memory for virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

import msgspec

from radtui.core.alert_view import AlertView
from radtui.core.facts import Envelope, Executed
from radtui.core.health_view import ErrorView
from radtui.core.instruction import Receipt
from radtui.core.market import Candle
from radtui.core.money_view import EquityPoint
from radtui.core.orders import Order
from radtui.core.why_view import WhyView


class BotState(msgspec.Struct, frozen=True, kw_only=True):
    """What must survive a restart beside the facts: rewritten as a whole.

    Attributes:
        desired: the state an operator asked for last (``running``, ``paused`` or ``stopped``), with who and since.
        memory: core's own counters, as core packed them.
        account: where it trades, as exchange and mode: ``kucoin paper`` is a rehearsal. Empty in older journals.
    """

    desired: str
    who: str
    since: int
    memory: bytes
    account: str = ""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the journal knew when it was opened.

    Attributes:
        sequence: the highest kept; the next fact takes the one after it.
        clean: the last run ended by a shutdown, not by a crash.
        taken_from: who wrote it before and seems to be gone, for people; empty where nobody did or the end was seen.
        open_orders: orders of ours that were not done.
        orders, fills, errors, equity, receipts: the latest, oldest first.
        hours: the last equity of each hour of the latest 30 days, oldest first.
        alerts: those that were not over, then the latest others, each oldest first.
    """

    sequence: int = 0
    clean: bool = True
    taken_from: str = ""
    state: BotState | None = None
    open_orders: tuple[Order, ...] = ()
    orders: tuple[Order, ...] = ()
    fills: tuple[Executed, ...] = ()
    errors: tuple[ErrorView, ...] = ()
    equity: tuple[EquityPoint, ...] = ()
    hours: tuple[EquityPoint, ...] = ()
    start_equity: Decimal | None = None
    receipts: tuple[Receipt, ...] = ()
    alerts: tuple[AlertView, ...] = ()


class PaperMemory(msgspec.Struct, frozen=True, kw_only=True):
    """The paper venue as it stood: `source` names its seed or market file, `state` is the venue's own packing."""

    source: str
    state: bytes
    candles: tuple[Candle, ...] = ()


class JournalFailed(Exception):
    """The journal can no longer be written: no entry may leave. The message says what to do."""


class Journal(Protocol):
    """Where facts are kept. Methods that write return at once and never raise: `healthy` tells.

    Writes become durable in the order in which they were made.
    """

    def known(self) -> Known:
        """Return what was kept before this run."""
        ...

    def keep(self, envelopes: Sequence[Envelope]) -> None:
        """Queue facts."""
        ...

    def keep_state(self, state: BotState) -> None:
        """Queue the bot's state."""
        ...

    def paper(self) -> PaperMemory | None:
        """Return the paper venue of the last run, if any."""
        ...

    def keep_paper(self, source: str, state: bytes, candles: Sequence[Candle]) -> None:
        """Queue the paper venue's state, and the candles that closed since the last call."""
        ...

    def forget_paper(self) -> None:
        """Drop the paper venue: the next one starts fresh."""
        ...

    def durable(self) -> asyncio.Future[None]:
        """Return a future of the running loop, done once all that was queued before this call is on disk.

        It fails with `JournalFailed` where it cannot be written.
        """
        ...

    async def weighed_at(self, symbol: str, at: int) -> WhyView | None:
        """Return what came of the last signal of `symbol` up to the market clock `at`; None where none is known.

        Raises:
            JournalFailed: it cannot be read.
        """
        ...

    async def weighed_between(self, since: int, until: int) -> Sequence[WhyView]:
        """Return what came of all signals from `since` on and before `until` (market clock), in their order.

        Raises:
            JournalFailed: it cannot be read.
        """
        ...

    @property
    def healthy(self) -> str:
        """Empty while writing works, else what is wrong and what to do."""
        ...

    @property
    def beat(self) -> int:
        """Monotonic nanoseconds of the writer's last sign of life."""
        ...

    def close(self, *, clean: bool) -> None:
        """Write what is queued, note whether the run ended cleanly, and stop the writer."""
        ...
