"""The observer port: whoever counts calls implements it; every call to any exchange is reported through it."""

from __future__ import annotations

from typing import Protocol


class CallObserver(Protocol):
    """Told of every finished call."""

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        """Record one call.

        Args:
            endpoint: a short stable name, for example ``orders.place``.
            ended_at: wall clock, nanoseconds UTC.
            nanoseconds: how long it took.
            failure: the failure's kind (`ExchangeFailure.kind`), empty on success.
        """
        ...


class FeedObserver(Protocol):
    """Told of what a feed does."""

    def topic(self, name: str, at: int) -> None:
        """Record that a topic spoke at `at` (wall clock, nanoseconds UTC)."""
        ...

    def reconnect(self, at: int, why: str) -> None:
        """Record that a feed was lost and is being opened again."""
        ...


class Observer(CallObserver, FeedObserver, Protocol):
    """Both."""
