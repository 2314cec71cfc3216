"""The scan of the market: how it went, what it found, and of what each score is made (rows W1, H3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.market import SECOND
from radtui.core.scan_view import CandidateView, ScanView
from radtui.tui.format import DASH, MINUS, bar, clean, counted, duration, number, percent, seconds, since
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import noted, titled
from radtui.tui.screens.text import TextSheet
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

PARTS: Final = ("confidence", "momentum", "volume", "bands", "RSI", "trend", "room", "timeframes")
"""The parts of a score, in the order of the columns."""
_HEADS: Final = ("conf", "mom.", "vol.", "band", "RSI", "tr.", "room", "4h1d")
COLUMNS: Final = (
    Column("rank", "", 3, "right"),
    Column("symbol", "symbol", 13),
    Column("side", "side", 6),
    Column("score", "score", 5, "right"),
    Column("own", "own", 3, "center", 1),
    *(Column(part, head, 4, "right", 2) for part, head in zip(PARTS, _HEADS, strict=True)),
    Column("turnover", "24 h M", 9, "right", 3),
)
_MILLION: Final = 1_000_000


class ScannerPage(TextSheet):
    """The scanner, with as many columns as there is room for."""

    def __init__(self, view: View) -> None:
        super().__init__("Scanner", lambda seen: scan_lines(seen, self.room), view)


def scan_lines(view: View, width: int) -> list[Line]:
    """Return how the scanner fares, then its candidates with every part of their scores."""
    scan = view.snapshot.scan
    if not scan.on:
        return [
            titled("The market is not scanned"),
            line("  set scanner.enabled = true; with scanner.picks = true entries follow what it picks"),
        ]
    return [
        *_state(scan, view),
        line(),
        noted("Candidates", f"the best first; ● picked, the first {scan.top}; ✓ traded by this bot"),
        *_table(scan, width),
        line(),
        *_reasons(scan),
    ]


def _state(scan: ScanView, view: View) -> Iterator[Line]:
    yield _verdict(scan, view)
    if scan.total:
        share = bar(100 * scan.done / scan.total)
        yield line("  now        ", Span(share), f"  {number(scan.done)} of {number(scan.total)} contracts are read")
    yield from _own(scan)
    if scan.least is not None:
        yield line(
            "  contracts  ",
            f"{number(scan.liquid)} liquid of {number(scan.listed)} listed: "
            f"24 h ≥ {scan.least / _MILLION:,.1f} M USDT, majors always",
        )
        yield line(
            "  left out   ",
            f"{number(scan.unfit)} too new or too still, ",
            Span(f"{number(scan.failed)} could not be scored", Tone.WARN if scan.failed else Tone.PLAIN),
        )
    yield _scans(scan, view)


def _verdict(scan: ScanView, view: View) -> Line:
    """Return what the latest scan is good for."""
    if scan.at is None:
        until = "nothing is entered before the first is whole" if scan.picks else "the first is on its way"
        return line(Span("NO SCAN YET", Tone.WARN if scan.picks else Tone.DIM, bold=True), f"  {until}")
    age = max(0, view.now - scan.at)
    follows = "nothing is entered on it" if scan.picks else "it is only shown"
    if scan.partial:
        return line(Span("PARTIAL", Tone.WARN, bold=True), f"  {follows}: {clean(scan.partial)}")
    if age > scan.stale_after * SECOND:
        return line(Span("STALE", Tone.WARN, bold=True), f"  {follows}: {duration(age)} old")
    left = duration(round(scan.stale_after * SECOND) - age)
    follows = "entries follow it" if scan.picks else "only shown: scanner.picks is off"
    return line(Span("WHOLE", Tone.PROFIT, bold=True), f"  {follows}; stale in {left}")


def _own(scan: ScanView) -> Iterator[Line]:
    """Say which of the picks the bot can follow: it enters only what it trades."""
    picks = scan.candidates[: scan.top]
    if not (scan.picks and picks):
        return
    own = [each.symbol for each in picks if each.traded]
    words = f"{len(own)} of {counted(len(picks), 'pick')} traded by this bot"
    if own:
        yield line("  own        ", f"{words}: {', '.join(own)}")
    else:
        yield line("  own        ", Span(f"{words}, so it enters nothing: see bot.symbols and scanner.top", Tone.WARN))


def _scans(scan: ScanView, view: View) -> Line:
    return line(
        "  scans      ",
        f"{number(scan.completed)} whole, ",
        Span(f"{number(scan.errors)} not", Tone.WARN if scan.errors else Tone.PLAIN),
        f"   took {seconds(scan.seconds)}, on average {seconds(scan.mean_seconds)}"
        f"   ended {since(scan.finished_at, view.now)}",
    )


def _table(scan: ScanView, width: int) -> list[Line]:
    if not scan.candidates:
        whole = "none was found before it broke off" if scan.partial else "none is worth something now"
        return [line(Span(f"  {'nothing was looked at yet' if scan.at is None else whole}", Tone.DIM))]
    rows = [_row(rank, each, scan.top) for rank, each in enumerate(scan.candidates, start=1)]
    return grid(COLUMNS, rows, width, indent=2)


def _row(rank: int, candidate: CandidateView, top: int) -> Row:
    points = {part.name: part.points for part in candidate.parts}
    tone = Tone.PLAIN if rank <= top else Tone.DIM
    return row(
        candidate.symbol,
        Span(f"{rank}{'●' if rank <= top else ' '}", tone),
        Span(candidate.symbol, tone),
        Span("▲ buy" if candidate.action == "buy" else "▼ sell", tone),
        Span(f"{candidate.score:.1f}", tone, bold=rank <= top),
        Span("✓" if candidate.traded else "", tone),
        *(_points(points.get(part)) for part in PARTS),
        Span(f"{candidate.turnover / _MILLION:,.1f}", tone),
    )


def _points(points: float | None) -> Span:
    if points is None:
        return Span(DASH, Tone.DIM)
    return Span(number(points), Tone.WARN if points < 0 else Tone.DIM if not points else Tone.PLAIN)


def _reasons(scan: ScanView) -> Iterator[Line]:
    """Yield of each pick why, with the figures behind its points."""
    for candidate in scan.candidates[: scan.top]:
        figures = ", ".join(f"{part.name} {part.figure.replace('-', MINUS)}" for part in candidate.parts)
        stop, target = _away(candidate, "stop"), _away(candidate, "target")
        yield line(Span(candidate.symbol, bold=True), f"  {clean(candidate.reason)}")
        yield line(Span(f"  {clean(figures)}; stop {stop}, target {target}", Tone.DIM))


def _away(candidate: CandidateView, name: str) -> str:
    distance = float(abs(getattr(candidate, name) / candidate.price - 1)) * 100
    return percent(distance)
