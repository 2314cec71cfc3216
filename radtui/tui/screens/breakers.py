"""The trading breakers: each with its value, its limit and when it resets; and the question before one is (row S5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.standing import Mode
from radtui.core.status_view import StatusView
from radtui.tui.format import DASH, bar, clean, duration, percent, since, stamp
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import Sheet, listed, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("sign", "", 1),
    Column("name", "breaker", 13),
    Column("value", "value", 11, "right"),
    Column("limit", "limit", 13, "right"),
    Column("bar", "used", 11, "right", 2),
    Column("share", "", 5, "right", 3),
    Column("resets", "resets", 20, "left", 1, grow=True),
)
_NEAR: Final = 70.0
"""Percent of a limit from which on it is shown as a warning."""
_ADMITS: Final = {
    Mode.ACTIVE: "entries and exits",
    Mode.REDUCING: "closes, cancels and stops; no entries",
    Mode.HALTED: "protection and asked closes; no entries",
}


class BreakersPage(Sheet[str | None]):
    """Shows every breaker; returns the empty name, which means all, where those that tripped shall be reset."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "reset", "reset", show=False)]
    heading = "Trading mode and breakers"
    hints = (("r", "reset what tripped, asks first"), ("esc", "back"))

    def lines(self, view: View) -> Sequence[Line]:
        """Return the mode with its reasons, and the breakers."""
        return breaker_lines(view, self.room)

    def action_reset(self) -> None:
        """Go on to the question, where there is something to reset."""
        if any(each.tripped for each in self.view.snapshot.breakers):
            self.dismiss("")
        else:
            self.say("no breaker is tripped: there is nothing to reset", Tone.WARN)


class BreakersSheet(Sheet[bool | None]):
    """Asks before the breaker `name`, or every one that is tripped where none is named, counts anew."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "yes", "reset", show=False)]
    heading = "Reset breakers"
    hints = (("y", "reset"), ("esc", "do not"))

    def __init__(self, view: View, name: str) -> None:
        self._meant = name
        super().__init__(view)

    def lines(self, view: View) -> Sequence[Line]:
        """Return what would count anew, and what that allows."""
        meant = [each for each in view.snapshot.breakers if each.tripped and self._meant in {"", each.name}]
        return [
            titled("Tripped breakers that would count anew from now"),
            *listed([_said(each) for each in meant], "none"),
            line(),
            line("Entries are possible again as soon as nothing else forbids them."),
            line("Touches no position, no order and no figure of profit and loss. Who and when is kept."),
        ]

    def action_yes(self) -> None:
        """Reset."""
        self.dismiss(True)


def breaker_lines(view: View, width: int) -> list[Line]:
    """Return the trading mode with every reason, then a row a breaker and, below, why each tripped one did."""
    breakers = view.snapshot.breakers
    market = " Times are the market's." if view.snapshot.status.speed != 1 else ""
    return [
        *mode_lines(view.snapshot.status),
        line(),
        titled("Breakers"),
        *(grid(COLUMNS, [_row(each, view) for each in breakers], width, indent=2) if breakers else ()),
        *([] if breakers else listed([], "this engine tells of none")),
        *(text for each in breakers if each.tripped for text in _why(each, view)),
        line(),
        line(Span(f"One that trips keeps the bot from entering; it never keeps it from closing.{market}", Tone.DIM)),
    ]


def mode_lines(status: StatusView) -> Iterator[Line]:
    """Yield what trading may do now, and every reason."""
    tone = Tone.PROFIT if status.trading is Mode.ACTIVE else Tone.WARN
    yield line(Span(status.trading.upper(), tone, bold=True), f"  {_ADMITS[status.trading]}")
    yield from (line(f"  {clean(reason)}") for reason in status.reasons)


def _row(breaker: TradingBreakerView, view: View) -> Row:
    tone = _tone(breaker)
    return row(
        breaker.name,
        Span("✗" if breaker.tripped else "●", Tone.ERROR if breaker.tripped else Tone.PROFIT),
        Span(breaker.name, tone),
        Span(clean(breaker.value), Tone.DIM if breaker.share is None else tone),
        f"{'≥' if breaker.tripped else '<'} {clean(breaker.limit)}",
        Span(bar(100 if breaker.tripped else breaker.share), tone),
        Span("" if breaker.share is None else percent(breaker.share, 0), tone),
        Span(_resets(breaker, view), tone if breaker.tripped else Tone.DIM),
    )


def _tone(breaker: TradingBreakerView) -> Tone:
    if breaker.tripped:
        return Tone.ERROR
    return Tone.WARN if breaker.share is not None and breaker.share >= _NEAR else Tone.PLAIN


def _resets(breaker: TradingBreakerView, view: View) -> str:
    if not breaker.tripped:
        return DASH
    if breaker.resets_at is None:
        return "only by you"
    market = view.snapshot.market_at
    left = "" if market is None else f", in {duration(breaker.resets_at - market)}"
    return f"{since(breaker.resets_at, view.now if market is None else market)}{left}"


def _why(breaker: TradingBreakerView, view: View) -> Iterator[Line]:
    began = since(breaker.since, view.snapshot.market_at or view.now)
    yield line(Span(f"  {breaker.name} tripped at {began}: {clean(breaker.why)}", Tone.ERROR))


def _said(breaker: TradingBreakerView) -> str:
    by_itself = f", by itself at {stamp(breaker.resets_at)} UTC" if breaker.resets_at is not None else ""
    return f"{breaker.name}: {clean(breaker.why)}, since {stamp(breaker.since)} UTC, market time{by_itself}"
