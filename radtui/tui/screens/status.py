"""All that is known of the bot's state: what enter opens on pane 1; breakers and recovery are a key away from here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.core.protection_view import ProtectionView
from radtui.core.snapshot import Snapshot
from radtui.tui.format import clean, counted, number, seconds, stamp
from radtui.tui.panes.progress import on_its_way, recovery_words
from radtui.tui.panes.status import SAYS_NOTHING, cycle_lines, state_lines
from radtui.tui.panes.view import View, actor
from radtui.tui.screens.breakers import mode_lines
from radtui.tui.screens.recovery import recovery_lines
from radtui.tui.screens.sheet import titled
from radtui.tui.screens.text import TextSheet
from radtui.tui.widgets.tone import Line, Span, Tone, line


class StatusSheet(TextSheet):
    """The state, what trading may do, how well positions are protected. ``b``: breakers. ``r``: recovery report."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b", "breakers", "breakers", show=False),
        Binding("r", "recovery", "recovery report", show=False),
    ]
    hints = (("b", "breakers"), ("r", "recovery report"), ("y", "copy"), ("esc", "back"))

    def __init__(self, view: View, breakers: Callable[[], None]) -> None:
        super().__init__("Status", status_text, view)
        self._breakers = breakers

    def action_breakers(self) -> None:
        """Open the breakers."""
        self._breakers()

    def action_recovery(self) -> None:
        """Open the report of this start."""
        self.app.push_screen(TextSheet("Recovery", recovery_lines, self.view))


def status_text(view: View) -> list[Line]:
    """Return the page."""
    snapshot = view.snapshot
    return [
        *state_lines(view),
        *_since(snapshot, view),
        *on_its_way(view),
        line(),
        titled("Trading"),
        *mode_lines(snapshot.status),
        line(),
        titled("Protection"),
        *protection_lines(snapshot.protection),
        line(),
        titled("Recovery"),
        line(f"{recovery_words(snapshot.recovery)}; {number(snapshot.reconcile.drifts)} unexplained since"),
        line(),
        titled("Cycles"),
        *cycle_lines(view),
    ]


def protection_lines(protection: ProtectionView) -> Iterator[Line]:
    """Yield how long positions were without a confirmed stop, against the limit."""
    worst, limit = protection.worst, protection.limit
    over = bool(limit) and worst > limit
    yield line(
        "longest without a stop   ",
        Span(seconds(worst), Tone.ERROR if over else Tone.PLAIN),
        f" {'over' if over else '<'} {seconds(limit, 0)}" if limit else "",
    )
    yield line(f"together                 {seconds(protection.total)} over {counted(protection.positions, 'position')}")
    breaches = protection.breaches
    yield line("beyond the limit         ", Span(number(breaches), Tone.ERROR if breaches else Tone.PLAIN))
    if protection.unprotected:
        yield line(Span(f"without a stop now       {number(protection.unprotected)}", Tone.ERROR))


def _since(snapshot: Snapshot, view: View) -> Iterator[Line]:
    status = snapshot.status
    why = f": {clean(status.why)}" if status.why and status.why not in SAYS_NOTHING else ""
    yield line(Span(f"since {stamp(status.since)} UTC by {actor(status.who, view.user)}{why}", Tone.DIM))
