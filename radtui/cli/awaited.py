"""An account that a process holds which cannot be asked yet: an engine that is just starting, or one that hangs.

Where it is not there in time, what can be said without it is said: whether the exchange answers, and what is open by
the journal.
"""

from __future__ import annotations

from collections.abc import Iterator

from radtui.cli.account import AlreadyFlying, journal_file
from radtui.cli.engines import RunningEngine, running
from radtui.cli.failures import Exit, Failure
from radtui.cli.flags import Flags
from radtui.cli.mute import mute_engine_of
from radtui.cli.opening import opened
from radtui.cli.where import Where
from radtui.core.memory import MemoryRefused
from radtui.settings.places import places
from radtui.settings.tree import Settings
from radtui.store.faults import BackupRefused
from radtui.store.last_known import last_known


def arrived(where: Where) -> RunningEngine | None:
    """Return the engine of just this account, if its control socket is there by now.

    Raises:
        Failure: the settings cannot be used (exit code 2).
    """
    return next((each for each in running() if where.names(each)), None)


def check_that_it_answers(flags: Flags) -> None:
    """Make sure that nobody is waited for who never answers.

    Raises:
        Failure: the process that holds the account has no control socket at all (exit code 4).
    """
    settings = opened(flags).settings
    engine = mute_engine_of(settings, places(settings))
    if engine is None:
        return
    raise Failure(
        f"the engine of {engine.name} (pid {engine.pid}) flies in mode minimal and answers no command",
        means="\n".join(["Nothing was asked.", *_open(settings)]),
        todo=f"{engine.how_to_end}; then give this command again, and it closes everything by itself; "
        f"`kill -9 {engine.pid}` where it has not ended within a minute",
        code=Exit.NOT_SAFE,
    )


def in_vain(flags: Flags, held: AlreadyFlying, seconds: float) -> Failure:
    """Return the failure of a command that waited so long for the process that holds the account.

    Raises:
        Failure: the settings cannot be used (exit code 2).
    """
    settings = opened(flags).settings
    return Failure(
        f"a process holds this account and opened no control socket within {seconds:.0f} s",
        means="\n".join([*_exchange(settings), *_open(settings), held.means]),
        todo="give this command again once it is there; where it neither starts nor ends, `kill -9` ends it, and then "
        "this command flattens by itself",
        code=Exit.NOT_SAFE,
    )


def _exchange(settings: Settings) -> Iterator[str]:
    if settings.bot.exchange == "paper":
        return
    from radtui.cli.kucoin import reach

    why = reach(settings)
    if why:
        yield f"Nobody reaches the exchange from here: {why} A starting engine waits for it, and nobody can close."
    else:
        yield "The exchange answers: the process is still looking at it before it flies, or hangs."


def _open(settings: Settings) -> Iterator[str]:
    file = journal_file(settings, places(settings))
    if not file.exists():
        yield "It has no journal yet: nothing of this bot was ever opened from here."
        return
    try:
        known = last_known(file)
    except (BackupRefused, MemoryRefused) as unreadable:
        yield f"What is open is not known: {unreadable}"
        return
    for held in known.positions:
        yield f"open by the journal: position {held.instrument.symbol} {held.lots:+d} lots"
    for order in known.orders:
        yield f"open by the journal: order {order.symbol} {order.purpose} {order.request.side} {order.state}"
    if not known.positions and not known.orders:
        yield "By the journal nothing of ours is open."
