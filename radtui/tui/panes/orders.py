"""Pane 7: our orders and what was executed, newest first (rows S1, H2)."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from radtui.core.order_view import FillView, OrderView
from radtui.core.snapshot import Snapshot
from radtui.tui.format import clean, clock, number
from radtui.tui.panes.known import known_of
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import View, gain, snug
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("at", "time", 8, "left", 1),
    Column("symbol", "symbol", 10),
    Column("what", "what", 5),
    Column("side", "side", 4),
    Column("lots", "lots", 9, "right", 3),
    Column("price", "price", 11, "right"),
    Column("state", "state", 9, "left", 2),
    Column("money", "fee", 7, "right", 6),
    Column("realised", "realised", 9, "right", 4),
    Column("why", "why", 18, "left", 5, grow=True),
    Column("id", "order id", 20, "left", 7),
)
_DIM_STATES: Final = frozenset({"cancelled", "filled"})
_WORDS: Final = {"working": "resting", "accepted": "resting", "unknown": "UNKNOWN"}
_TONES: Final = {"rejected": Tone.ERROR, "unknown": Tone.WARN, "sent": Tone.WARN, "intent": Tone.WARN}


class OrdersPane(Pane):
    """Orders that work, fills that happened, and what was refused."""

    def __init__(self) -> None:
        super().__init__("orders")

    def compose(self) -> ComposeResult:
        yield LineTable(*COLUMNS, classes="only")

    def reads(self, view: View) -> object:
        return view.snapshot.orders, view.snapshot.fills, view.snapshot.status.speed

    def note(self, view: View) -> Span:
        clock_words = "market time · " if view.snapshot.status.speed != 1 else ""
        return Span(f"{clock_words}{view.key('open')} opens · {view.key('why')} why", Tone.DIM)

    def fill(self, view: View) -> None:
        self.put_rows([_row_of(each) for each in happened(view.snapshot)], view)
        self.say_empty("no order and no fill yet")

    def symbol(self) -> str | None:
        chosen = self._chosen()
        return chosen.symbol if chosen else None

    def details(self) -> tuple[str, list[Line]]:
        chosen = self._chosen()
        if chosen is None:
            return "Orders and fills", [line("no row to open")]
        kind = "Order" if isinstance(chosen, OrderView) else "Fill"
        return f"{kind} {chosen.symbol}", known_of(chosen)

    def _chosen(self) -> OrderView | FillView | None:
        key = self.query_one(LineTable).cursor_key
        if self.view is None or key is None:
            return None
        return next((each for each in happened(self.view.snapshot) if _key(each) == key), None)


def happened(snapshot: Snapshot) -> list[OrderView | FillView]:
    """Return orders and fills, newest first; an order that is filled is told by its fills."""
    told = {fill.client_id for fill in snapshot.fills}
    orders = [each for each in snapshot.orders if each.state != "filled" or each.client_id not in told]
    both: list[OrderView | FillView] = [*orders, *snapshot.fills]
    return sorted(both, key=lambda each: each.at, reverse=True)


def order_row(order: OrderView) -> Row:
    """Return the cells of one order."""
    tone = _TONES.get(order.state, Tone.DIM if order.state in _DIM_STATES else Tone.PLAIN)
    lots = number(order.lots) if order.lots else "all"
    if order.filled_lots:
        lots = f"{number(order.filled_lots)}/{lots}"
    return row(
        _key(order),
        Span(clock(order.at), Tone.DIM),
        order.symbol,
        order.purpose,
        order.side.value,
        lots,
        _price(order),
        Span(_WORDS.get(order.state, order.state), tone),
        "",
        "",
        Span(clean(order.error or order.why), Tone.ERROR if order.error else Tone.PLAIN),
        Span(order.client_id, Tone.DIM),
    )


def fill_row(fill: FillView) -> Row:
    """Return the cells of one execution."""
    liquidated = fill.kind != "trade"
    return row(
        _key(fill),
        Span(clock(fill.at), Tone.DIM),
        fill.symbol,
        Span("liq." if liquidated else "fill", Tone.ERROR if liquidated else Tone.BOLD),
        fill.side.value,
        number(fill.lots),
        number(fill.price, fill.price_decimals),
        "maker" if fill.maker else "taker",
        number(fill.fee, 2),
        Span("" if fill.realised is None else snug(fill.realised, 9), gain(fill.realised)),
        clean(fill.why),
        Span(fill.client_id, Tone.DIM),
    )


def _row_of(each: OrderView | FillView) -> Row:
    return order_row(each) if isinstance(each, OrderView) else fill_row(each)


def _key(each: OrderView | FillView) -> str:
    return f"order {each.client_id}" if isinstance(each, OrderView) else f"fill {each.trade_id}"


def _price(order: OrderView) -> str:
    price = order.trigger if order.trigger is not None else order.price
    if price is None:
        return "market"
    sign = "" if order.cross is None else "≤ " if order.cross.value == "down" else "≥ "
    return f"{sign}{number(price, order.price_decimals)}"
