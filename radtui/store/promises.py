"""Futures of event loops, settled from the writer's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby


def settle(futures: Iterable[asyncio.Future[None]], error: Exception | None = None) -> None:
    """Complete `futures` in their loops, with `error` where there is one; safe from any thread.

    A loop that is closed already has nobody left to tell.
    """
    for loop, waiting in groupby(futures, asyncio.Future.get_loop):
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(_complete, tuple(waiting), error)


def _complete(futures: tuple[asyncio.Future[None], ...], error: Exception | None) -> None:
    for future in futures:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
            future.exception()  # who waited 250 ms and left must not be reported as never having asked
