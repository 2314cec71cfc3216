"""Whether the bot may open, only reduce, or does nothing of its own accord: the one answer, with all its reasons.

Three modes, as in the field. ACTIVE opens and closes. REDUCING admits only orders that make a position smaller; the
strategy may still close what it contradicts. HALTED admits the same orders, but the strategy is not asked: what is left
to act is protection (stops, targets, closes of what has no stop), the operator, and a flatten.

Exits fail open, so a thing that is merely missing or broken gives REDUCING: a lost feed, a journal that cannot be
written, a closed exchange, a tripped breaker. None of them is a reason to keep a position that the strategy wants
closed, and a close that comes to nothing is tried again. HALTED is for the cases in which a strategy's exit would be
wrong rather than difficult: nobody knows yet what is held (recovery), somebody else closes it already (flatten), or an
operator has said that the bot is not to act (stopped, stopping, an engine that was started not to trade).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.config import Remit
from radtui.core.lifecycle import State


class Mode(StrEnum):
    """What is admitted, from everything to the least."""

    ACTIVE = "active"
    REDUCING = "reducing"
    HALTED = "halted"


class Reason(msgspec.Struct, frozen=True):
    """One thing that takes the bot out of ACTIVE.

    Attributes:
        gate: the gate that refuses an entry for it. why: for people.
    """

    gate: str
    mode: Mode
    why: str


class Standing(msgspec.Struct, frozen=True):
    """The mode, which is the worst of its reasons, and all of them, worst first."""

    mode: Mode = Mode.ACTIVE
    reasons: tuple[Reason, ...] = ()

    @property
    def blocked(self) -> str:
        """Why no entry is possible, the worst reason; empty when one is."""
        return self.reasons[0].why if self.reasons else ""

    def why(self, gate: str) -> str:
        """Return why `gate` refuses, its worst reason; empty where it does not."""
        return next((reason.why for reason in self.reasons if reason.gate == gate), "")


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that has a say.

    Attributes:
        closed, journal: why the exchange takes nothing, why the journal cannot be written; empty where they do.
        rival: which other engine flies under this bot's name; empty where none was seen.
        skew: how far this machine's clock is from the exchange's; empty where that is near enough.
        feeds: lost feeds, with what happened to them. breakers: tripped ones, with why.
        window: why the trading window admits no entry now; empty where it does.
    """

    state: State
    recovered: bool
    flattening: bool
    remit: Remit = Remit.TRADE
    closed: str = ""
    journal: str = ""
    rival: str = ""
    skew: str = ""
    feeds: Mapping[str, str] = {}
    breakers: Mapping[str, str] = {}
    window: str = ""


_STATES: Final = {
    State.STOPPED: Mode.HALTED,
    State.STOPPING: Mode.HALTED,
    State.STARTING: Mode.REDUCING,
    State.PAUSED: Mode.REDUCING,
    State.ERROR: Mode.REDUCING,
}
_IN_STATE: Final = {state: (Reason("state", mode, f"the bot is {state}"),) for state, mode in _STATES.items()}
_IN_STATE[State.ERROR] = (Reason("state", Mode.REDUCING, "the bot is in error"),)
_UNREAD: Final = (Reason("ready", Mode.HALTED, "recovery is not done"),)
_REMITS: Final = {
    Remit.PROTECT: (Reason("ready", Mode.HALTED, "this engine runs without trading"),),
    Remit.WATCH: (Reason("ready", Mode.HALTED, "this engine only watches: no order leaves it"),),
}
_FLATTENING: Final = (Reason("ready", Mode.HALTED, "an emergency stop is on its way"),)
_UNWRITTEN: Final = (Reason("ready", Mode.REDUCING, "the journal cannot be written"),)

_TABLE: Final[tuple[Callable[[Circumstances], Iterable[Reason]], ...]] = (
    lambda c: () if c.recovered else _UNREAD,
    lambda c: _FLATTENING if c.flattening else (),
    lambda c: _REMITS.get(c.remit, ()),
    lambda c: _IN_STATE.get(c.state, ()),
    lambda c: (Reason("ready", Mode.REDUCING, f"the exchange is closed: {c.closed}"),) if c.closed else (),
    lambda c: _UNWRITTEN if c.journal else (),
    lambda c: (Reason("ready", Mode.REDUCING, c.rival),) if c.rival else (),
    lambda c: (Reason("clock skew", Mode.REDUCING, c.skew),) if c.skew else (),
    lambda c: (Reason("ready", Mode.REDUCING, f"{feed} lost: {why}") for feed, why in c.feeds.items()),
    lambda c: (Reason(name, Mode.REDUCING, f"{name} tripped: {why}") for name, why in c.breakers.items()),
    lambda c: (Reason("trading window", Mode.REDUCING, c.window),) if c.window else (),
)
"""Worst first."""
_ACTIVE: Final = Standing()
_CLEAR: Final = Circumstances(state=State.RUNNING, recovered=True, flattening=False)
"""Nothing of the table applies, as nearly always."""


def standing(circumstances: Circumstances) -> Standing:
    """Return the mode with all its reasons, in the order of the table."""
    if circumstances == _CLEAR:
        return _ACTIVE
    found = tuple(reason for row in _TABLE for reason in row(circumstances))
    return Standing(found[0].mode, found) if found else _ACTIVE
