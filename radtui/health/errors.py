"""What went wrong lately: the last 100 kinds of trouble, repeats counted instead of repeated (row H5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from threading import Lock
from typing import Final

import msgspec

from radtui.core.health_view import ErrorView
from radtui.core.market import DAY

KEPT: Final = 100
"""Errors that are kept; the one that was silent longest goes first."""

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")


class ErrorLog:
    """Errors by what they are: the same type, place and message, whatever numbers the message names.

    Any thread may record and read: one lock guards it. Times are the wall clock in nanoseconds UTC.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._errors: dict[tuple[str, str, str], ErrorView] = {}
        self._day = 0
        self._today = 0

    def record(self, kind: str, message: str, where: str, at: int, severity: str = "error") -> None:
        """Record one error; a repeat keeps its newest message, time and severity."""
        error = ErrorView(at=at, first_at=at, kind=kind, message=message, where=where, count=1, severity=severity)
        with self._lock:
            self._keep(error)
            self._count(at // DAY, 1)

    def restore(self, errors: Iterable[ErrorView]) -> None:
        """Take in what a journal kept, oldest first.

        Of an error that first came on an earlier day, only the last occurrence is known to be of its day.
        """
        with self._lock:
            for error in errors:
                self._keep(error)
                self._count(error.at // DAY, error.count if error.first_at // DAY == error.at // DAY else 1)

    def views(self) -> tuple[ErrorView, ...]:
        """Return what is kept, newest first."""
        with self._lock:
            return tuple(reversed(self._errors.values()))

    def today(self, now: int) -> int:
        """Return how often something went wrong on the UTC day of `now`."""
        with self._lock:
            return self._today if self._day == now // DAY else 0

    def _keep(self, error: ErrorView) -> None:
        identity = (error.kind, _NUMBER.sub("#", error.message), error.where)
        known = self._errors.pop(identity, None)
        if known is not None:
            error = msgspec.structs.replace(error, first_at=known.first_at, count=known.count + error.count)
        self._errors[identity] = error
        if len(self._errors) > KEPT:
            del self._errors[next(iter(self._errors))]

    def _count(self, day: int, times: int) -> None:
        if day > self._day:
            self._day, self._today = day, 0
        if day == self._day:
            self._today += times
