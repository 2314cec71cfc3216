"""How positions would be closed at the market: on which levels of the book, and at what cost (row L9).

What the engine has worked out on the books is shown where it came; until then, and where a book cannot be read, the
last price stands in, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from radtui.core.market import SECOND
from radtui.core.money import ZERO
from radtui.core.order import Side
from radtui.core.position_view import PositionView
from radtui.core.preview import Closing
from radtui.tui.format import DASH, charged, clean, clock, number
from radtui.tui.panes.view import View, gain, ours, snug
from radtui.tui.screens.plan import nothing, taker_fee
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("symbol", "symbol", 10),
    Column("side", "order", 5),
    Column("lots", "lots", 6, "right"),
    Column("average", "average", 10, "right"),
    Column("mark", "mark", 10, "right", 2),
    Column("ticks", "ticks", 6, "right", 4),
    Column("slippage", "slippage", 8, "right", 1),
    Column("fee", "fee", 7, "right", 1),
    Column("pnl", "P/L", 9, "right", 3),
)
_LATE: Final = 2 * SECOND
"""Books that take longer are said to be late; they are read within one second, or given up."""
_LEVELS: Final = 3
_MISSING: Final = Span(DASH, Tone.DIM)


def closing_lines(view: View, survey: Survey, width: int) -> list[Line]:
    """Return a row a position with the levels it would take, their sum, and what is not known."""
    held = ours(view.snapshot)
    if not held:
        return [nothing(view.snapshot)]
    heads, *rows = grid(COLUMNS, [_row(each, survey.of(each)) for each in held], width, indent=2)
    lines = [heads]
    for each, text in zip(held, rows, strict=True):
        lines += [text, *_levels(survey.of(each))]
    return [*lines, *_sum(view, survey)]


def heading(survey: Survey) -> str:
    """Return what the figures are, in a few words."""
    preview = survey.preview
    read = preview is not None and any(each.average is not None for each in preview.closes)
    return f"in USDT, book of {clock(preview.at)} UTC" if preview is not None and read else "in USDT"


def _row(held: PositionView, closing: Closing | None) -> Row:
    places, closes = held.price_decimals, Side.SELL if held.lots > 0 else Side.BUY
    return row(
        held.symbol,
        held.symbol,
        closes.value,
        number(abs(held.lots)),
        _or_missing(number(closing.average, places) if closing else DASH),
        number(closing.mark if closing else held.mark, places),
        _or_missing(charged(closing.slippage_ticks, 0) if closing else DASH),
        _or_missing(charged(closing.slippage) if closing else DASH),
        _or_missing(charged(_fee(held, closing))),
        Span(snug(held.pnl, 9), gain(held.pnl)),
    )


def _levels(closing: Closing | None) -> Iterator[Line]:
    """Yield which levels a close takes; one that the best level holds whole has them in its average."""
    if closing is None or len(closing.levels) < 2:
        return
    places = closing.decimals
    named = [f"{number(level.lots)} @ {number(level.price, places)}" for level in closing.levels[:_LEVELS]]
    more = len(closing.levels) - len(named)
    rest = f" · {more} more to {number(closing.levels[-1].price, places)}" if more else ""
    yield line(Span(f"    takes {' · '.join(named)}{rest}", Tone.DIM))


def _sum(view: View, survey: Survey) -> Iterator[Line]:
    held = ours(view.snapshot)
    worked = [closing for each in held if (closing := survey.of(each)) is not None]
    known = [each for each in worked if each.average is not None]
    fees = [fee for each in held if (fee := _fee(each, survey.of(each))) is not None]
    slippage = sum((each.slippage or ZERO for each in known), ZERO)
    read = len(known) == len(held) and not any(each.beyond for each in known)
    fee = sum(fees, ZERO)
    if known:
        far = "" if read else ", as far as it is known"
        parts = f"slippage {charged(slippage)}, fees {charged(fee)}"
        cost = slippage + fee
        said = "gains" if cost < 0 else "costs"
        yield line(Span(f"  {said} about {number(abs(cost), 2)} USDT{far}: {parts}", bold=True))
    else:
        yield line(Span(f"  fees about {number(fee, 2)} USDT at the mark, and slippage"))
    if len(worked) == len(held) and survey.preview is not None:
        yield from (line(Span(f"  ! {clean(text)}", Tone.WARN)) for text in survey.preview.unknown)
        if any(each.failing for each in worked):
            yield line(Span("  only the figures need a book; the stop does not wait for one", Tone.DIM))
    else:
        yield _awaited(view, survey)


def _awaited(view: View, survey: Survey) -> Line:
    if survey.failing:
        return line(Span(f"  ! no look at the books: {clean(survey.failing)}", Tone.WARN))
    if survey.waited(view.now) > _LATE:
        waited = survey.waited(view.now) // SECOND
        return line(
            Span(f"  ! no order book for {waited} s: figures at the mark; the stop works all the same", Tone.WARN)
        )
    return line(Span("  the order books are being read; nothing waits for them", Tone.DIM))


def _fee(held: PositionView, closing: Closing | None) -> Decimal | None:
    return closing.fee if closing is not None and closing.fee is not None else taker_fee(held)


def _or_missing(text: str) -> Span:
    return _MISSING if text == DASH else Span(text)
