"""The receipt of a stop: what was done, and what the exchange showed afterwards. It stays until it is read (row L9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar, Final

from textual.binding import Binding, BindingType

from radtui.core.instruction import Ask, Receipt
from radtui.core.money import ZERO, decimals
from radtui.core.outcome import Cancelled, Closed
from radtui.tui.format import DASH, charged, clean, clock, number, stamp
from radtui.tui.keys import WORDS
from radtui.tui.panes.view import View, actor, gain, snug
from radtui.tui.reach import unheard_of
from radtui.tui.screens.sheet import Sheet, listed, noted, titled
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line, plain

CLOSED: Final = (
    Column("symbol", "symbol", 10),
    Column("side", "order", 5),
    Column("lots", "lots", 6, "right"),
    Column("average", "average", 10, "right"),
    Column("reference", "expected", 10, "right", 2),
    Column("ticks", "ticks", 6, "right", 4),
    Column("slippage", "slippage", 8, "right", 1),
    Column("fee", "fee", 7, "right", 3),
    Column("realised", "realised", 9, "right"),
)
CANCELLED: Final = (
    Column("symbol", "symbol", 10),
    Column("purpose", "what", 6),
    Column("side", "side", 5),
    Column("lots", "lots", 6, "right"),
    Column("price", "price", 10, "right"),
    Column("id", "order id", 26, "left", 1, grow=True),
)
RESTS: Final = frozenset({Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP})
"""Instructions whose receipt rests on a reading of the exchange."""
_ALL: Final = "all"
_ELSEWHERE: Final = "What cannot wait can be done on the bot's own machine (radtui emergency-stop), or at the exchange."
_MISSING: Final = Span(DASH, Tone.DIM)


class ReceiptSheet(Sheet[None]):
    """Shows one receipt."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "close", "read", show=False),
        Binding("y", "copy", "copy", show=False),
    ]
    heading = "Receipt"
    hints = (("enter", "I have read it"), ("y", "copy"))

    def __init__(self, receipt: Receipt, view: View) -> None:
        super().__init__(view)
        self._receipt = receipt

    def lines(self, view: View) -> Sequence[Line]:
        """Return the receipt."""
        return receipt_lines(self._receipt, view, self.room, self.gap)

    def action_copy(self) -> None:
        """Copy the receipt to the person's own clipboard."""
        self.app.copy_to_clipboard("\n".join(plain(each).rstrip() for each in self.lines(self.view)))
        self.say("copied")


def receipt_lines(receipt: Receipt, view: View, width: int, gap: Sequence[Line] = ()) -> list[Line]:
    """Return a receipt: the verdict and what to do, what was done, what the exchange shows now."""
    verdict = tuple(_verdict(receipt, view))
    if receipt.refused or receipt.ask not in RESTS or unheard_of(receipt):
        return [*verdict]
    done = (tuple(_closed(receipt, width)), tuple(_cancelled(receipt, view, width)))
    left = tuple(_left(receipt))
    sections = (
        (*done, left) if receipt.success else (tuple(_unverified(receipt)), left, tuple(_advice(receipt, view)), *done)
    )
    return [text for section in (verdict, *sections, tuple(_foreign(receipt))) if section for text in (*section, *gap)]


def _verdict(receipt: Receipt, view: View) -> Iterator[Line]:
    tone = Tone.PLAIN if receipt.success else Tone.ERROR
    verdict = "✓ done" if receipt.success else "✗ REFUSED" if receipt.refused else "✗ NOT SAFE"
    if unheard_of(receipt):
        verdict = f"✗ {receipt.status.upper()}"
    yield line(Span(f"{verdict}: {clean(receipt.message)}", tone, bold=True))
    if unheard_of(receipt):
        yield line(_ELSEWHERE)
        return
    who = f"{WORDS[receipt.ask]} asked by {actor(receipt.who, view.user)}, {stamp(receipt.at)} UTC"
    yield line(Span(f"{who}; the bot is {receipt.status}", Tone.DIM))
    if receipt.unwritten:
        yield line(Span(f"‼ not on disk, so the next start looks again: {clean(receipt.unwritten)}", Tone.WARN))


def _unverified(receipt: Receipt) -> Iterator[Line]:
    if receipt.unverified:
        yield titled("What could not be verified")
        yield from (line(Span(f"  ‼ {clean(entry)}", Tone.ERROR)) for entry in receipt.unverified)


def _advice(receipt: Receipt, view: View) -> Iterator[Line]:
    yield titled("What to do")
    if receipt.positions_left or receipt.orders_left:
        yield line("  Look at the exchange's own site, and close there what must not stay.")
    else:
        yield line("  Compare with the exchange's own site: nothing is known to be left, but it was not seen.")
    if receipt.ask is Ask.SHUTDOWN:
        yield line("  The engine ends now. Start radtui again: it reads everything back first.")
    else:
        yield line(f"  The engine goes on trying while it runs; {view.key('emergency')} asks again.")


def _closed(receipt: Receipt, width: int) -> Iterator[Line]:
    if not receipt.closed:
        yield titled("Closed")
        yield from listed([clean(entry) for entry in receipt.positions_closed], "no position")
        return
    settle = receipt.closed[0].settle
    yield noted("Closed", f"in {settle}; slippage: − is worse than when it was sent")
    rows = [_closed_row(each) for each in receipt.closed]
    if len(rows) > 1:
        rows.append(_closed_sum(receipt.closed))
    yield from grid(CLOSED, rows, width, indent=2)


def _closed_row(closed: Closed) -> Row:
    return row(
        closed.client_id,
        closed.symbol,
        closed.side.value,
        number(closed.lots),
        number(closed.average, closed.decimals),
        _figure(closed.reference, closed.decimals),
        _known(charged(closed.slippage_ticks, 0)),
        _known(charged(closed.slippage)),
        charged(closed.fee),
        Span(snug(closed.realised, 9), gain(closed.realised)),
    )


def _closed_sum(closed: Sequence[Closed]) -> Row:
    known = [each.slippage for each in closed if each.slippage is not None]
    realised = sum((each.realised for each in closed), ZERO)
    return row(
        "together",
        Span("together", Tone.BOLD),
        *[""] * 5,
        Span(charged(sum(known, ZERO)) if known else DASH, Tone.BOLD),
        Span(charged(sum((each.fee for each in closed), ZERO)), Tone.BOLD),
        Span(snug(realised, 9), gain(realised), bold=True),
    )


def _cancelled(receipt: Receipt, view: View, width: int) -> Iterator[Line]:
    yield titled("Cancelled")
    if receipt.cancelled:
        places = {order.symbol: order.price_decimals for order in view.snapshot.orders}
        rows = [_cancelled_row(each, places.get(each.symbol, 0)) for each in receipt.cancelled]
        yield from grid(CANCELLED, rows, width, indent=2)
    else:
        told = (*receipt.orders_cancelled, *receipt.stops_cancelled)
        yield from listed([clean(entry) for entry in told], "no order")


def _cancelled_row(cancelled: Cancelled, places: int) -> Row:
    price = cancelled.trigger if cancelled.price is None else cancelled.price
    return row(
        cancelled.client_id,
        cancelled.symbol,
        clean(cancelled.purpose),
        cancelled.side.value,
        number(cancelled.lots) if cancelled.lots else _ALL,
        _MISSING if price is None else number(price, max(places, decimals(price))),
        Span(clean(cancelled.client_id) if cancelled.own else "not ours, as asked", Tone.DIM),
    )


def _left(receipt: Receipt) -> Iterator[Line]:
    """Yield what is left of ours, and who says so: the exchange, or our own books where it could not be read."""
    left = (("orders", receipt.orders_left), ("positions", receipt.positions_left), ("stops", receipt.stops_left))
    counts = ", ".join(f"{name} {len(entries)}" for name, entries in left)
    if receipt.shown is not None:
        yield noted("What the exchange shows of ours", f"read at {clock(receipt.shown.begun)} UTC")
    else:
        yield line(Span("What is left by our own books", bold=True), Span("  the exchange did not show it", Tone.ERROR))
    yield line(Span(f"  {counts}", Tone.PLAIN if receipt.success else Tone.ERROR))
    tone = Tone.PLAIN if receipt.success else Tone.ERROR
    yield from (line(Span(f"  {clean(entry)}", tone)) for _, entries in left for entry in entries)


def _foreign(receipt: Receipt) -> Iterator[Line]:
    if receipt.foreign:
        yield titled("Not ours, left alone")
        yield from (line(Span(f"  {clean(entry)}", Tone.DIM)) for entry in receipt.foreign)


def _figure(value: Decimal | int | None, places: int) -> Span:
    return _known(number(value, places))


def _known(text: str) -> Span:
    return _MISSING if text == DASH else Span(text)
