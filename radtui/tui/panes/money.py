"""Pane 3: profit and loss, from the day's start to the last digit (rows H2, S3)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from textual.app import ComposeResult

from radtui.core.money_view import MoneyView
from radtui.tui.format import DASH, duration, number, percent, signed
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import View, gain, snug
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.spark import Spark
from radtui.tui.widgets.tone import Line, Span, Tone, line

_LABELS: Final = (11, 13)
_AMOUNTS: Final = (11, 9)
"""Cells of label and figure in the two columns; with two between them 46, what the narrowest full cockpit has."""

_NARROW: Final = sum(_LABELS) + sum(_AMOUNTS) + 6
"""Columns of the pane below which the two columns stand one under the other."""


class MoneyPane(Pane):
    """Equity curve, profit, and what it cost."""

    def __init__(self) -> None:
        super().__init__("money")

    def compose(self) -> ComposeResult:
        yield Lines(1, id="today", classes="first")
        yield Spark(2, id="spark")
        yield Lines(4, id="ledger", classes="last")

    def reads(self, view: View) -> object:
        return view.snapshot.money

    def note(self, view: View) -> Span:
        money = view.snapshot.money
        if money.identity:
            return Span(f"the books are off by {signed(money.identity, 8)}", Tone.ERROR)
        if len(money.curve) < 2:
            return Span("no curve yet", Tone.DIM)
        return Span(f"equity, {duration(money.curve[-1].at - money.curve[0].at)}", Tone.DIM)

    def fill(self, view: View) -> None:
        money = view.snapshot.money
        narrow = self.size.width < _NARROW
        today, *rest = _halves(today_line(money)) if narrow else [today_line(money)]
        self.put(self.query_one("#today", Lines), [today], view)
        self.query_one(Spark).show([float(point.equity) for point in money.curve], _curve_tone(money, view))
        ledger = list(ledger_lines(money))
        halves = [half for each in ledger for half in _halves(each)] if narrow else ledger
        self.put(self.query_one("#ledger", Lines), [*rest, *halves], view)


def today_line(money: MoneyView) -> Line:
    """Return what changed since the day began, and what is not yet realised."""
    open_profit = None if money.equity is None else money.unrealised
    return _pair("today", _earned(money.today, 11), "unrealised", _earned(open_profit, 9))


def ledger_lines(money: MoneyView) -> Iterator[Line]:
    """Yield where the money came from and where it went; three lines fit everywhere, the rest where there is room."""
    drop = f"{number(money.drawdown, 1)}/{number(money.max_drawdown, 1)} %"
    yield _pair("realised", _earned(money.realised, 11), "fees", Span(snug(-money.fees, 9)))
    yield _pair("wins", Span(_wins(money)), "funding", Span(snug(money.funding, 9)))
    yield _pair("drawdown", Span(drop), "profit factor", Span(number(money.profit_factor, 2)))
    yield _pair("available", Span(number(money.available, 2)), "reserved", Span(number(money.reserved, 2)))
    yield _pair("wallet", Span(number(money.wallet, 2)), "start", Span(number(money.start, 2)))
    yield _pair("opened", Span(str(money.opened)), "closed", Span(str(money.closed)))
    yield _pair("exposure", Span(percent(money.exposure, 1)), "break-even", Span(str(money.break_even)))
    yield line(_books(money))


def _books(money: MoneyView) -> Span:
    if money.identity is None:
        return Span("the books are not checked yet", Tone.DIM)
    if money.identity:
        return Span("the books do not balance: compare with the exchange", Tone.ERROR)
    return Span("the books balance to the last digit", Tone.DIM)


def _wins(money: MoneyView) -> str:
    return DASH if money.win_rate is None else f"{percent(money.win_rate, 0)} {money.wins}–{money.losses}"


def _curve_tone(money: MoneyView, view: View) -> Tone:
    if view.silent:
        return Tone.STALE
    return gain(money.equity - money.start) if money.equity is not None and money.start is not None else Tone.DIM


def _earned(amount: Decimal | None, width: int) -> Span:
    text = snug(amount, width)
    return Span(text, Tone.PLAIN if text in {DASH, "0.00"} else gain(amount))


def _pair(left: str, figure: Span, right: str, other: Span) -> Line:
    return line(
        Span(f"{left:<{_LABELS[0]}}", Tone.DIM),
        figure._replace(text=f"{figure.text:>{_AMOUNTS[0]}}"),
        Span(f"  {right:<{_LABELS[1]}}", Tone.DIM),
        other._replace(text=f"{other.text:>{_AMOUNTS[1]}}"),
    )


def _halves(pair: Line) -> list[Line]:
    """Return the two figures of a line in two lines, aligned with each other."""
    if len(pair) != 4:
        return [pair]
    label, figure, other, amount = pair
    width = _LABELS[1] + 1
    first = label._replace(text=f"{label.text:<{width}}"), figure
    return [first, (other._replace(text=f"{other.text.strip():<{width}}"), amount._replace(text=f"{amount.text:>11}"))]
