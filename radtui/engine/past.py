"""The port to history: who makes of a request what can be flown beside an engine."""

from __future__ import annotations

from typing import Protocol

import msgspec

from radtui.backtest.job import Job
from radtui.core.backtest_view import BacktestRequest
from radtui.engine.workshop import Workshop


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """What is flown: the job, and the request with all that was left out."""

    request: BacktestRequest
    job: Job


class Past(Protocol):
    """Prepares backtests of one bot, and has the place where they are flown."""

    @property
    def workshop(self) -> Workshop:
        """Where: one for all bots of a process, for one backtest at a time."""
        ...

    def prepare(self, request: BacktestRequest) -> Prepared:
        """Return what is to be flown. Reads files and loads strategies: on any thread but an engine's.

        Raises:
            radtui.engine.workshop.Unflyable: it cannot be.
        """
        ...
