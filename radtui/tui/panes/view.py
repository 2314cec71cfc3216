"""What a pane is given to show, and the words and symbols that all panes share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.position_view import PositionView
from radtui.core.snapshot import Snapshot
from radtui.tui.format import DASH, SECOND, countdown, duration, signed
from radtui.tui.keys import key_of
from radtui.tui.reach import HERE, Reach
from radtui.tui.widgets.tone import Span, Tone

SILENT: Final = 3 * SECOND
"""A snapshot older than this says that the engine does not answer."""
MARK_LIMIT: Final = 10 * SECOND
"""A mark price older than this is dim and shows its age."""
FEED_LIMIT: Final = 30.0
"""Seconds of market silence that are said aloud; entries are refused at the bot's own limit."""

_LOOKS: Final = {
    State.STOPPED: ("○", Tone.PLAIN),
    State.STARTING: ("◐", Tone.WARN),
    State.RUNNING: ("●", Tone.PROFIT),
    State.PAUSED: ("◐", Tone.WARN),
    State.STOPPING: ("◐", Tone.WARN),
    State.ERROR: ("✗", Tone.ERROR),
}
_DOORS: Final = {"cli": "command line", "api": "API", "key": "key", "signal": "signal"}


@dataclass(frozen=True, slots=True)
class View:
    """One moment of one engine, as one person looks at it.

    Attributes:
        now: wall clock of the look, nanoseconds UTC, as the engine's machine has it.
        user: who looks; what they did themselves is said to be done by "you".
        keymap: the person's own keys by binding id.
        engine_fault: how the engine's thread ended or its door failed; empty while it lives.
        reach: how the engine is reached, and what may be asked of it from here.
    """

    snapshot: Snapshot
    now: int
    user: str
    engine_fault: str = ""
    keymap: Mapping[str, str] = field(default_factory=dict)
    reach: Reach = HERE

    def key(self, name: str) -> str:
        """Return the key of a binding as this person has it."""
        return key_of(name, self.keymap)

    def hindered(self, ask: Ask) -> str:
        """Return why `ask` would come to nothing from here, and what to do; empty where it would not."""
        return self.reach.hinders(ask, self.key("control"))

    @property
    def bot(self) -> str:
        """What the bot is called here: by its name, and by its host where that is another one."""
        return self.reach.name or self.snapshot.bot

    @property
    def age(self) -> int:
        """Nanoseconds since the engine made the snapshot."""
        return max(0, self.now - self.snapshot.at)

    @property
    def silent(self) -> bool:
        """Whether the engine does not answer, or cannot be heard."""
        hangs = self.age > SILENT or self.snapshot.hangs > 0
        return hangs or bool(self.engine_fault) or not self.reach.through

    @property
    def unheard(self) -> int:
        """Whole seconds for which nothing new was heard of the engine."""
        wire = self.reach.line
        off = int(wire.since) if wire is not None and not self.reach.through else 0
        return max(off, self.snapshot.hangs, self.age // SECOND if self.reach.heard else 0)

    @property
    def read(self) -> bool:
        """Whether the exchange has told what is open: before that, nothing listed does not mean flat."""
        return self.snapshot.money.read_at is not None or bool(self.snapshot.positions)

    @property
    def ticking(self) -> bool:
        """Whether something counts down or is on its way, so that seconds matter."""
        return self.snapshot.status.state not in (State.STOPPED, State.ERROR)


def ours(snapshot: Snapshot) -> tuple[PositionView, ...]:
    """Return the positions of this bot; the others are somebody else's, shown and left alone."""
    return tuple(held for held in snapshot.positions if held.own)


def state_span(view: View) -> Span:
    """Return the state as symbol and word: ``● RUNNING``; a silent engine has none that is known."""
    if view.silent:
        return Span("? NO ANSWER" if view.reach.through else f"? {view.reach.trouble.upper()}", Tone.ERROR)
    symbol, tone = _LOOKS[view.snapshot.status.state]
    return Span(f"{symbol} {view.snapshot.status.state.upper()}", tone, bold=True)


def due(view: View) -> str:
    """Return when the next cycle comes: ``2:41``, ``now`` while one is on its way, ``–`` where none will come."""
    status = view.snapshot.status
    if status.next_cycle_at is None:
        return "now" if status.state is State.RUNNING else DASH
    return countdown(status.next_cycle_at - view.now)


def mode_words(view: View) -> str:
    """Return ``PAPER ×60``, ``PAPER · rehearsal`` on a simulated exchange behind the real client, or ``LIVE``."""
    status = view.snapshot.status
    if status.mode == "live":
        return "LIVE"
    if view.snapshot.exchange not in {"", "paper"}:
        return f"{status.mode.upper()} · rehearsal"
    return f"{status.mode.upper()} ×{status.speed}" if status.speed != 1 else status.mode.upper()


def actor(who: str, user: str) -> str:
    """Return who did something, for people: ``you``, ``bob (command line)``, ``signal SIGTERM``, ``radtui``."""
    door, _, name = who.partition(":")
    if not name:
        return "radtui" if who in {"", "core", "engine"} else who
    if door == "signal":
        return f"signal {name}"
    person, _, seat = name.partition("/")
    if person == user:
        return f"you ({seat})" if seat else "you"
    return f"{name} ({_DOORS.get(door, door)})"


def elapsed(seconds: float | None) -> str:
    """Return a short age in whole seconds, calm below one: ``<1 s``, ``48 s``, ``3 min``; ``never`` for None."""
    if seconds is None:
        return "never"
    return "<1 s" if seconds < 1 else duration(int(seconds) * SECOND)


def gain(value: Decimal | float | None) -> Tone:
    """Return the tone of an amount: profit above 0, loss below, plain at 0 or where it is not known."""
    if not value:
        return Tone.PLAIN
    return Tone.PROFIT if value > 0 else Tone.LOSS


def snug(value: Decimal | float | None, width: int, decimals: int = 2) -> str:
    """Return a signed amount in at most `width` cells: with fewer decimals rather than with a digit cut off."""
    places = decimals
    while places and len(signed(value, places)) > width:
        places -= 1
    return signed(value, places)
