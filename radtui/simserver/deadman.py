"""The dead man's switch: unless it is set again in time, orders are cancelled."""

from __future__ import annotations

from typing import Final

from radtui.core.market import SECOND

OFF: Final = -1
SHORTEST: Final = 5
LONGEST: Final = 86_400


class Deadman:
    """One switch of the account. Times are nanoseconds UTC of the wall clock.

    Attributes:
        timeout: seconds it was set to, −1 while it is off.
        symbols: what it cancels; empty: every contract.
        due_at: when it cancels; None while it is off.
    """

    def __init__(self) -> None:
        self.timeout = OFF
        self.symbols: tuple[str, ...] = ()
        self.due_at: int | None = None

    def set(self, timeout: int, symbols: tuple[str, ...], at: int) -> None:
        """Start it again, or with −1 switch it off."""
        self.timeout, self.symbols = timeout, symbols
        self.due_at = None if timeout == OFF else at + timeout * SECOND

    def is_due(self, at: int) -> bool:
        """Return whether its time has run out."""
        return self.due_at is not None and at >= self.due_at

    def fire(self) -> tuple[str, ...]:
        """Go off: return the contracts to cancel (empty: all), and be off from now on."""
        symbols = self.symbols
        self.set(OFF, (), 0)
        return symbols
