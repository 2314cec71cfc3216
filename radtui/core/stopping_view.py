"""What a person sees of a stop or shutdown on its way."""

from __future__ import annotations

import msgspec


class StoppingView(msgspec.Struct, frozen=True, kw_only=True):
    """A stop, shutdown or emergency stop that has not got its receipt yet.

    Attributes:
        asks: what is on its way, in the order in which it was told.
        since: wall clock of its beginning. gives_up_at: wall clock when a shutdown that keeps positions ends whatever
            it sees; None where nothing gives up.
        waiting: what is in the way, a line each; of an emergency stop, see the snapshot's `flatten`.
        failing: why the exchange could not be read last.
    """

    asks: tuple[str, ...]
    since: int
    gives_up_at: int | None = None
    waiting: tuple[str, ...] = ()
    failing: str = ""


class FlattenView(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency stop or a flattening shutdown on its way."""

    phase: str
    since: int
    attempts: int
    remaining: tuple[str, ...]
    failing: str = ""
