"""One line for all bots: what it does is told to each of them."""

from __future__ import annotations

from collections.abc import Mapping

from radtui.resilience.observe import Observer


class Tee:
    """An observer that tells several, by the name of their bot."""

    def __init__(self, observers: Mapping[str, Observer]) -> None:
        self._by_bot = dict(observers)

    def tell(self, bot: str, observer: Observer) -> None:
        """Tell another observer in a bot's place."""
        self._by_bot[bot] = observer

    @property
    def _observers(self) -> tuple[Observer, ...]:
        return tuple(self._by_bot.values())

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        """Record one call with each."""
        for observer in self._observers:
            observer.call(endpoint, ended_at, nanoseconds, failure)

    def topic(self, name: str, at: int) -> None:
        """Record with each that a topic spoke."""
        for observer in self._observers:
            observer.topic(name, at)

    def reconnect(self, at: int, why: str) -> None:
        """Record with each that a feed was lost."""
        for observer in self._observers:
            observer.reconnect(at, why)
