"""Pane 2: every open position, what it earns, and whether its stop rests on the exchange (row S2)."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from radtui.core.lifecycle import State
from radtui.core.position_view import PositionView
from radtui.core.protection_view import ProtectionView
from radtui.tui.format import DASH, SECOND, against, age, clean, duration, number, percent, seconds
from radtui.tui.panes.known import known_of
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import MARK_LIMIT, View, gain, ours, snug
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("symbol", "symbol", 10),
    Column("side", "side", 7),
    Column("lots", "lots", 5, "right", 4),
    Column("size", "size", 11, "right", 9),
    Column("entry", "entry", 10, "right", 3),
    Column("mark", "mark", 10, "right", 2),
    Column("pnl", "P/L", 9, "right"),
    Column("pct", "%", 6, "right", 3),
    Column("leverage", "lev", 4, "right", 7),
    Column("liquidation", "liq.", 10, "right", 6),
    Column("stop", "stop", 11, "right", 1),
    Column("bare", "bare s", 6, "right", 8),
    Column("age", "age", 3, "right", 8),
    Column("margin", "margin", 10, "right", 10),
    Column("maintenance", "maint.", 8, "right", 11),
    Column("target", "target", 10, "right", 12),
    Column("reason", "why it was opened", 24, "left", 13, grow=True),
)
_MISSING: Final = Span(DASH, Tone.DIM)


class PositionsPane(Pane):
    """The open positions, a row each."""

    def __init__(self) -> None:
        super().__init__("positions")

    def compose(self) -> ComposeResult:
        yield LineTable(*COLUMNS, classes="only")

    def note(self, view: View) -> Span:
        snapshot = view.snapshot
        if not view.read:
            return Span("not read yet", Tone.WARN)
        mine = ours(snapshot)
        marks = [view.now - each.mark_at for each in mine if each.mark_at is not None]
        if marks and max(marks) > MARK_LIMIT:
            return Span(f"marks are {duration(max(marks) // SECOND * SECOND)} old", Tone.WARN)
        others = len(snapshot.positions) - len(mine)
        bare, late = _worst(snapshot.protection)
        parts = [
            f"{len(mine)} of {snapshot.positions_limit}",
            f"{others} not ours" if others else "",
            f"exposure {percent(snapshot.money.exposure, 0)}",
            bare,
        ]
        return Span(" · ".join(part for part in parts if part), Tone.WARN if late else Tone.DIM)

    def fill(self, view: View) -> None:
        self.put_rows([position_row(each, view) for each in view.snapshot.positions], view)
        self.say_empty(flat_words(view))

    def symbol(self) -> str | None:
        key = self.query_one(LineTable).cursor_key
        return key.partition(" ")[0] if key else None

    def details(self) -> tuple[str, list[Line]]:
        chosen = self.query_one(LineTable).cursor_key
        held = [each for each in self.view.snapshot.positions if _key(each) == chosen] if self.view else []
        return (f"Position {chosen}", known_of(held[0])) if held else ("Positions", [line("no row to open")])


def flat_words(view: View) -> str:
    """Return what stands in place of positions."""
    status = view.snapshot.status
    if not view.read:
        return "not known yet: the exchange has not told what is open"
    if status.state is State.RUNNING:
        return f"flat; the next signal is looked for at the next {status.timeframe} close"
    if status.state is State.PAUSED:
        return f"flat; paused: no new entries until {view.key('resume')} resumes"
    if status.state in {State.STOPPED, State.ERROR}:
        return f"flat; no entries while {status.state}: {view.key('start')} starts"
    return f"flat; no entries while {status.state}"


def position_row(held: PositionView, view: View) -> Row:
    """Return the cells of one position; somebody else's is dim: nothing here touches it."""
    cells = _own_row(held, view)
    return cells if held.own else Row(cells.key, tuple(cell._replace(tone=Tone.DIM) for cell in cells.cells))


def _key(held: PositionView) -> str:
    """Return what names a row: on a hedge account somebody else's position may stand beside ours in one contract."""
    return held.symbol if held.own else f"{held.symbol} {'long' if held.lots > 0 else 'short'}"


def _own_row(held: PositionView, view: View) -> Row:
    old = held.mark_at is not None and view.now - held.mark_at > MARK_LIMIT
    market = view.snapshot.market_at
    return row(
        _key(held),
        Span(held.symbol, Tone.BOLD),
        "▲ long" if held.lots > 0 else "▼ short",
        number(abs(held.lots)),
        f"{number(held.coins, held.coin_decimals)} {held.base}",
        number(held.entry, held.price_decimals),
        _figure(number(held.mark, held.price_decimals), Tone.PLAIN, old),
        _figure(snug(held.pnl, 9), gain(held.pnl), old),
        _figure(snug(held.pnl_pct, 6), gain(held.pnl), old),
        f"{held.leverage}×",
        _figure(number(held.liquidation, held.price_decimals), Tone.PLAIN, False),
        stop_cell(held),
        _bare(held, view.snapshot.protection.limit),
        age(None if market is None else (market - held.opened_at) // SECOND * SECOND),
        number(held.margin, 2),
        _figure(number(held.maintenance, 2), Tone.PLAIN, False),
        _figure(number(held.target, held.price_decimals), Tone.PLAIN, False),
        clean(f"stop by {held.rule} · {held.reason}" if held.rule else held.reason),
    )


def stop_cell(held: PositionView) -> Span:
    """Return the stop's price with ✓ where the exchange confirmed it, ✗ where nothing protects the position.

    Whether somebody else's position is protected is theirs to know.
    """
    if not held.own:
        return Span("not ours", Tone.DIM)
    price = "none" if held.stop is None else number(held.stop, held.price_decimals)
    return Span(f"{price} ✓") if held.stop_resting else Span(f"{price} ✗", Tone.ERROR)


def _bare(held: PositionView, limit: float) -> Span:
    """Return the seconds without a confirmed stop: those of now, and those beyond the limit, are loud."""
    if not held.own:
        return _MISSING
    late = bool(limit) and held.bare_seconds > limit
    return Span(f"{held.bare_seconds:.1f}", Tone.ERROR if late or not held.stop_resting else Tone.PLAIN)


def _worst(protection: ProtectionView) -> tuple[str, bool]:
    """Return the longest time without a stop against its limit, and whether it was over it."""
    if not protection.positions or not protection.limit:
        return "", False
    late = protection.worst > protection.limit
    said = against(seconds(protection.worst), seconds(protection.limit, 0), ">" if late else "<")
    return f"bare at most {said}", late


def _figure(text: str, tone: Tone, old: bool) -> Span:
    if text == DASH:
        return _MISSING
    return Span(text, Tone.STALE if old else tone)
