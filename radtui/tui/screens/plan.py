"""What a stop would do, in words: the orders it would cancel, the positions it would keep or close (rows L8, L9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.order_view import OrderView
from radtui.core.orders import DONE, Purpose
from radtui.core.position_view import PositionView
from radtui.core.snapshot import Snapshot
from radtui.tui.format import clean, fit, number
from radtui.tui.panes.positions import stop_cell
from radtui.tui.panes.view import ours
from radtui.tui.screens.sheet import listed, titled
from radtui.tui.widgets.tone import Line, Span, Tone, line

TAKER_FEE: Final = Decimal("0.0006")
"""Share of the notional that a market close costs: KuCoin Futures' rate of the lowest fee level."""


def entry_orders(snapshot: Snapshot) -> list[str]:
    """Return our entry orders that are not done, a line each."""
    return [_order_words(each) for each in snapshot.orders if each.purpose == Purpose.ENTRY and each.state not in DONE]


def stop_orders(snapshot: Snapshot) -> list[str]:
    """Return our stops that wait, a line each."""
    return [_order_words(each) for each in snapshot.orders if each.purpose == Purpose.STOP and each.state not in DONE]


def position_plan(snapshot: Snapshot) -> list[Line]:
    """Return a line a position with its stop; one without a resting stop says so."""
    mine = ours(snapshot)
    if not mine:
        return [nothing(snapshot)]
    bare = sum(not held.stop_resting for held in mine)
    warning = (
        [line(Span(f"  {bare} of them without a stop: nothing protects what stays so", Tone.ERROR))] if bare else []
    )
    return [*map(_kept, mine), *warning]


def foreign(snapshot: Snapshot) -> list[str]:
    """Return what is not ours and would stay as it is, a line each."""
    return [clean(entry) for entry in snapshot.reconcile.foreign]


def stays(snapshot: Snapshot) -> list[Line]:
    """Return what is not ours under its heading; nothing where nothing of the kind was seen."""
    found = foreign(snapshot)
    return [titled("Not this bot's, stays as it is"), *listed(found, "")] if found else []


def nothing(snapshot: Snapshot) -> Line:
    """Return what stands in place of positions: flat is only said once the exchange has told what is open."""
    if snapshot.money.read_at is None:
        return line(Span("  not known yet: the exchange has not told what is open", Tone.WARN))
    return line(Span("  none: flat", Tone.DIM))


def taker_fee(held: PositionView) -> Decimal | None:
    """Return what closing at the mark would cost in USDT; None where the mark is not known."""
    return None if held.mark is None else held.mark * held.coins * TAKER_FEE


def _position_words(held: PositionView) -> str:
    side = "long" if held.lots > 0 else "short"
    return f"{fit(held.symbol, 10)} {side:<5} {number(abs(held.lots)):>6} lots"


def _kept(held: PositionView) -> Line:
    protection = Span("" if held.stop_resting else "  NOT PROTECTED", Tone.ERROR)
    return line(f"  {_position_words(held)}  stop ", stop_cell(held), protection)


def _order_words(order: OrderView) -> str:
    price = order.price if order.trigger is None else order.trigger
    at = "market" if price is None else f"@ {number(price, order.price_decimals)}"
    lots = number(order.lots - order.filled_lots) if order.lots else "all"
    return f"{fit(order.symbol, 10)} {order.side.value:<4} {lots:>6} lots {at}"
