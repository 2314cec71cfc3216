"""What an emergency stop or a shutdown would do, worked out on the book before anybody confirms it (row L9)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from radtui.core.book import BookShown, Level
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import Side
from radtui.core.outcome import Cancelled, slippage


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """How one position would be closed at the market.

    Attributes:
        side: of the closing order. lots: unsigned.
        levels: what it would take, level by level; together fewer lots than the position's where the book is thinner.
        average: over these levels; None without any. mark: the last price.
        slippage_ticks, slippage: the average against the mark, a cost is positive; the latter in settlement currency.
        fee: the taker's, in settlement currency: at the mark for what the book does not hold.
        beyond: lots that the shown levels do not hold.
        failing: why the book could not be read.
    """

    symbol: str
    side: Side
    lots: int
    levels: tuple[Level, ...] = ()
    average: Decimal | None = None
    mark: Decimal | None = None
    slippage_ticks: int | None = None
    slippage: Decimal | None = None
    fee: Decimal | None = None
    beyond: int = 0
    settle: str = "USDT"
    decimals: int = 2
    failing: str = ""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be done now; nothing has been.

    Attributes:
        at: wall clock. read_at: when the last reading of the exchange began; 0 before the first.
        cancels: own entry orders. closes: positions at the market; empty where they are kept.
        keeps: positions that stay with their stops, a line each.
        stops: cancelled last, after the exchange has shown that the positions are gone.
        others: somebody else's orders that would be cancelled too, because that was asked for.
        foreign: what is not ours and stays, a line each.
        cost: fees and slippage of all closes together, by settlement currency; of what could be estimated.
        unknown: what could not be estimated, a line each.
    """

    at: int
    read_at: int = 0
    cancels: tuple[Cancelled, ...] = ()
    closes: tuple[Closing, ...] = ()
    keeps: tuple[str, ...] = ()
    stops: tuple[Cancelled, ...] = ()
    others: tuple[Cancelled, ...] = ()
    foreign: tuple[str, ...] = ()
    cost: dict[str, Decimal] = {}
    unknown: tuple[str, ...] = ()


def walk(levels: tuple[Level, ...], lots: int) -> tuple[Level, ...]:
    """Return what a market order of `lots` takes from `levels`, the best first."""
    taken: list[Level] = []
    for level in levels:
        if lots <= 0:
            break
        part = min(level.lots, lots)
        taken.append(Level(level.price, part))
        lots -= part
    return tuple(taken)


def closing(instrument: Instrument, lots: int, mark: Decimal | None, book: BookShown | None) -> Closing:
    """Return how a position of signed `lots` would be closed on `book`."""
    side = Side.SELL if lots > 0 else Side.BUY
    book = book or BookShown(instrument.symbol, failing="its book was not read")
    taken = walk(book.found_by(side), abs(lots))
    found = sum(level.lots for level in taken)
    value = sum((instrument.notional(level.price, level.lots) for level in taken), ZERO)
    average = instrument.price_of(value, found) if found else None
    ticks, cost = (None, None)
    if average is not None and mark is not None:
        ticks, cost = slippage(instrument, side, found, average, mark)
    beyond = abs(lots) - found
    at = mark if mark is not None else average
    rest = None if at is None else instrument.notional(at, beyond)
    return Closing(
        symbol=instrument.symbol,
        side=side,
        lots=abs(lots),
        levels=taken,
        average=average,
        mark=mark,
        slippage_ticks=ticks,
        slippage=cost,
        fee=None if rest is None else (value + rest) * instrument.taker_fee,
        beyond=beyond,
        settle=instrument.settle,
        decimals=instrument.price_decimals,
        failing=book.failing,
    )


def total(closes: tuple[Closing, ...]) -> dict[str, Decimal]:
    """Return fees and slippage of all closes, by settlement currency."""
    sums: dict[str, Decimal] = {}
    for each in closes:
        sums[each.settle] = sums.get(each.settle, ZERO) + (each.fee or ZERO) + (each.slippage or ZERO)
    return sums


def unknown(closes: tuple[Closing, ...]) -> tuple[str, ...]:
    """Return what could not be estimated, a line each; what is the same of several contracts is said once."""
    found: dict[str, list[str]] = {}
    for each in closes:
        for why in _unknown(each):
            found.setdefault(why, []).append(each.symbol)
    return tuple(f"{', '.join(symbols)}: {why}" for why, symbols in found.items())


def _unknown(closing: Closing) -> Iterator[str]:
    if closing.failing:
        yield closing.failing
    elif closing.beyond:
        yield f"the shown book is {closing.beyond} lots too thin; beyond it the price is unknown"
    if closing.mark is None:
        yield "no last price yet, so no slippage"
