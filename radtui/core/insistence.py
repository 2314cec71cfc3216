"""Asking the exchange again and again until it shows what is wanted, and telling people when it does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from radtui.core.commands import Read
from radtui.core.desk import Desk
from radtui.core.market import MINUTE, SECOND

_EAGER: Final = 5 * SECOND
"""So long it asks five times a second, afterwards once a second: the exchange counts requests."""
_QUIET: Final = 10 * SECOND
"""What takes longer is told, and then each minute."""
_FILLS_WITHIN: Final = 20 * SECOND
"""So long fills are waited for once the exchange shows all else as it should be: they matter to the books alone."""


class Insistence:
    """Belongs to one stop.

    Attributes:
        since: wall clock of its beginning. failing: why the exchange could not be read last; empty when it could.
    """

    def __init__(self, desk: Desk, what: str) -> None:
        self._desk = desk
        self._what = what
        self.since = self._said_at = desk.at
        self.failing = ""
        self._read_at: int | None = None
        self._fine_since: int | None = None

    def look(self, since: int) -> None:
        """Ask for a reading, with the fills since `since`, when the last one was asked for long enough ago."""
        pause = SECOND // 5 if self._desk.at - self.since < _EAGER else SECOND
        if self._read_at is None or self._desk.at - self._read_at >= pause:
            self._read_at = self._desk.at
            self._desk.order(Read(since))

    def look_now(self, since: int) -> None:
        """Ask for a reading that begins from now on."""
        self._read_at = None
        self.look(since)

    def failed(self, reason: str) -> None:
        """Note that the exchange could not be read."""
        self.failing = reason

    def heard(self) -> None:
        """Note that it could."""
        self.failing = ""

    def counted(self, *, fine: bool, uncounted: bool) -> bool:
        """Return whether all is `fine` and its fills are counted, or were waited for long enough."""
        if not fine:
            self._fine_since = None
            return False
        self._fine_since = self._desk.at if self._fine_since is None else self._fine_since
        return not uncounted or self._desk.at - self._fine_since >= _FILLS_WITHIN

    def complain(self, lines: Sequence[str]) -> None:
        """Say what is still in the way: after a while, and then now and then."""
        told = self._said_at > self.since
        if self._desk.at - self._said_at < (MINUTE if told else _QUIET):
            return
        self._said_at = self._desk.at
        seconds = (self._desk.at - self.since) // SECOND
        why = "; ".join([*lines[:5], *([f"the exchange cannot be read: {self.failing}"] if self.failing else [])])
        text = f"{self._what}: not done after {seconds} s, and it goes on trying: {why or 'waiting for the exchange'}"
        self._desk.trouble("stop not verified", text, "stop", "alarm")
