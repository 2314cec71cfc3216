"""The account that one engine at a time may fly, and the journal that belongs to it (row L12)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radtui.cli.failures import Failure
from radtui.settings.places import Places
from radtui.settings.tree import Settings
from radtui.store.lock import AccountHeld, AccountLock


def journal_file(settings: Settings, there: Places) -> Path:
    """Return where this bot's journal lies."""
    return there.state / f"{settings.bot.name}.db"


@contextmanager
def hold(settings: Settings, there: Places) -> Iterator[None]:
    """Hold the account's lock; it dies with the process.

    Raises:
        Failure: another engine flies this account (exit code 1), or the lock cannot be made.
    """
    name = settings.bot.name
    path = there.state / "locks" / f"paper-{name}.lock"
    lock = AccountLock(path, f"the paper account of {name}")
    try:
        lock.acquire()
    except AccountHeld as held:
        raise Failure("this bot is already flying", means=str(held)) from None
    except OSError as error:
        raise Failure(
            f"the lock {path} cannot be made: {error.strerror}",
            means="Without it two engines could fly one account, so nothing was started.",
            todo="make the state folder writable, or choose another with --state",
        ) from None
    try:
        yield
    finally:
        lock.release()
