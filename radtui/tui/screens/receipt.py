"""The receipt of a stop: what was done, and what the exchange showed afterwards. It stays until it is read (row L9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from radtui.core.instruction import Receipt
from radtui.tui.format import stamp
from radtui.tui.keys import WORDS
from radtui.tui.panes.view import View, actor
from radtui.tui.screens.sheet import Sheet, listed, titled
from radtui.tui.widgets.tone import Line, Span, Tone, line


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
        return receipt_lines(self._receipt, view.user)

    def action_copy(self) -> None:
        """Copy the receipt to the person's own clipboard."""
        self.app.copy_to_clipboard("\n".join("".join(span.text for span in each) for each in self.lines(self.view)))
        self.say("copied")


def receipt_lines(receipt: Receipt, user: str) -> list[Line]:
    """Return a receipt as text: the verdict, what was done, what is left."""
    tone = Tone.PLAIN if receipt.success else Tone.ERROR
    verdict = "✓ done" if receipt.success else "✗ NOT DONE"
    lines = [
        line(Span(f"{verdict}: {receipt.message}", tone, bold=True)),
        line(Span(f"{WORDS[receipt.ask]} asked by {actor(receipt.who, user)}, {stamp(receipt.at)} UTC", Tone.DIM)),
        line(f"The bot is {receipt.status}."),
        line(),
    ]
    done = (
        ("Orders cancelled", receipt.orders_cancelled),
        ("Positions closed", receipt.positions_closed),
        ("Stops cancelled", receipt.stops_cancelled),
    )
    for heading, entries in done:
        lines += [titled(heading), *listed(entries, "none")]
    lines += [line(), titled("What the exchange showed of ours afterwards")]
    left = (("orders", receipt.orders_left), ("positions", receipt.positions_left), ("stops", receipt.stops_left))
    lines += [line("  " + ", ".join(f"{name} {len(entries)}" for name, entries in left))]
    lines += [line(Span(f"  {entry}", tone)) for _, entries in left for entry in entries]
    if receipt.foreign:
        lines += [line(), titled("Not ours, left alone"), *listed(receipt.foreign, "none")]
    return lines
