"""What a stop would do, in words: the orders it would cancel, the positions it would keep or close (rows L8, L9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.money import ZERO
from radtui.core.orders import DONE, Purpose
from radtui.core.snapshot import OrderView, PositionView, Snapshot
from radtui.tui.format import fit, number, signed
from radtui.tui.panes.positions import stop_cell
from radtui.tui.panes.view import gain
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
    if not snapshot.positions:
        return [_nothing(snapshot)]
    bare = sum(not held.stop_resting for held in snapshot.positions)
    warning = (
        [line(Span(f"  {bare} of them without a stop: nothing protects what stays so", Tone.ERROR))] if bare else []
    )
    return [*(_kept(held) for held in snapshot.positions), *warning]


def closing_plan(snapshot: Snapshot) -> list[Line]:
    """Return a line a position with the mark it would close near and the estimated fee, and their sum."""
    if not snapshot.positions:
        return [_nothing(snapshot)]
    lines = [
        line(
            f"  {_position_words(held)}  near {number(held.mark, held.price_decimals):>10}",
            "  P/L ",
            Span(f"{signed(held.pnl):>9}", gain(held.pnl)),
            f"  fee {number(taker_fee(held), 2):>6}",
        )
        for held in snapshot.positions
    ]
    known = [fee for held in snapshot.positions if (fee := taker_fee(held)) is not None]
    blind = len(snapshot.positions) - len(known)
    unknown = f"; {blind} without a mark" if blind else ""
    about = f"  fees about {number(sum(known, ZERO), 2)} USDT at 0.06 %, without spread{unknown}"
    return [*lines, line(Span(about, Tone.DIM))]


def _nothing(snapshot: Snapshot) -> Line:
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
