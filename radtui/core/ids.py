"""Client order ids: ``<bot>-<boot time base36>-<n base36>``, unique for ever and told apart by their prefix."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
LONGEST: Final = 40
"""What the exchange takes, in characters of ``[A-Za-z0-9_-]``."""


def base36(number: int) -> str:
    """Return a non-negative `number` in base 36."""
    if number < 36:
        return _DIGITS[number]
    return base36(number // 36) + _DIGITS[number % 36]


class ClientIds:
    """Hands out the ids of one boot of one bot.

    Two boots of a bot differ in their millisecond, also after an older journal was put back: nothing is remembered,
    so nothing can be forgotten. One engine at a time holds the account's lock.

    Attributes:
        latest: wall clock of the latest boot of this bot that we know of, nanoseconds UTC.
    """

    def __init__(self, bot: str, boot: int) -> None:
        self._own = f"{bot}-"
        self.latest = boot
        self._prefix = f"{bot}-{base36(boot // 1_000_000)}-"
        self._count = 0

    def next(self) -> str:
        """Return an id that was never used."""
        self._count += 1
        return self._prefix + base36(self._count)

    def own(self, client_id: str) -> bool:
        """Return whether an order with this id is this bot's."""
        return client_id.startswith(self._own)

    def this_start(self, client_id: str) -> bool:
        """Return whether an order with this id was made since this start."""
        return client_id.startswith(self._prefix)

    def newer(self, client_id: str) -> bool:
        """Return whether an own id is of a boot later than any we know of: another engine flies under this name."""
        boot = client_id.removeprefix(self._own).partition("-")[0]
        return boot.isalnum() and boot.isascii() and int(boot, 36) > self.latest // 1_000_000
