"""What a flight's last receipt means for the shell: nothing, or exit code 4 and what remains or was not seen."""

from __future__ import annotations

from radtui.cli.failures import Exit
from radtui.core.instruction import Ask, Receipt


def remains(receipt: Receipt | None) -> tuple[str, ...]:
    """Return what an ended shutdown could not verify and what it left, a line each; nothing where all was seen."""
    if receipt is None or receipt.ask is not Ask.SHUTDOWN or receipt.success:
        return ()
    not_seen = tuple(f"not verified: {line}" for line in receipt.unverified)
    left = (*receipt.orders_left, *receipt.positions_left, *receipt.stops_left)
    return (receipt.message, *not_seen, *(f"by our own books: {line}" for line in left))


def exit_code(receipt: Receipt | None, caught: int, *, forced: bool) -> int:
    """Return the exit code of a flight.

    Args:
        caught: the code of the signal that ended it, 0 where none did; it stands where the end was forced.
    """
    return caught if forced or not remains(receipt) else Exit.NOT_SAFE
