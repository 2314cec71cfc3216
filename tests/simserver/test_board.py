"""The book as numbered changes: applied one by one they give the book, and never cross it on the way."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import Side
from radtui.simserver.board import Board, Change, Row, Rows


@st.composite
def books(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Two sides round a middle; either may be empty."""
    middle = draw(st.integers(20, 40))
    sizes = st.integers(1, 5)
    bids = draw(st.dictionaries(st.integers(1, middle), sizes, max_size=8))
    asks = draw(st.dictionaries(st.integers(middle + 1, 60), sizes, max_size=8))
    return (
        tuple((Decimal(price), bids[price]) for price in sorted(bids, reverse=True)),
        tuple((Decimal(price), asks[price]) for price in sorted(asks)),
    )


class Reader:
    """A client that keeps a book by applying changes."""

    def __init__(self, bids: Rows = (), asks: Rows = ()) -> None:
        self.sides: dict[Side, dict[Decimal, int]] = {Side.BUY: dict(bids), Side.SELL: dict(asks)}

    def apply(self, change: Change) -> None:
        side = self.sides[change.side]
        if change.lots:
            side[change.price] = change.lots
        else:
            side.pop(change.price, None)

    @property
    def crossed(self) -> bool:
        bids, asks = self.sides[Side.BUY], self.sides[Side.SELL]
        return bool(bids and asks) and max(bids) >= min(asks)

    @property
    def rows(self) -> tuple[Rows, Rows]:
        bids: list[Row] = sorted(self.sides[Side.BUY].items(), reverse=True)
        return tuple(bids), tuple(sorted(self.sides[Side.SELL].items()))


@given(st.lists(books(), min_size=1, max_size=6), st.data())
def test_a_snapshot_of_any_moment_and_the_changes_after_it_give_the_book(
    looks: list[tuple[Rows, Rows]], data: st.DataObject
) -> None:
    board = Board("X", 100)
    joined = data.draw(st.integers(0, len(looks) - 1))
    changes: list[Change] = []
    reader, known = Reader(), 0
    for turn, (bids, asks) in enumerate(looks):
        changes += board.show(bids, asks, turn)
        if turn == joined:
            reader, known = Reader(board.bids, board.asks), board.sequence
        if data.draw(st.booleans()):
            side = data.draw(st.sampled_from(Side))
            changes.append(board.touch(Decimal(data.draw(st.integers(1, 60))), side, turn))
    for change in changes:
        if change.sequence > known:
            reader.apply(change)
            assert not reader.crossed
    assert reader.rows == (board.bids, board.asks)
    assert [change.sequence for change in changes] == list(range(101, 101 + len(changes)))


@given(books(), books())
def test_no_side_is_empty_on_the_way_from_one_book_to_the_next(old: tuple[Rows, Rows], new: tuple[Rows, Rows]) -> None:
    board = Board("X", 0)
    board.show(*old, 0)
    reader = Reader(*old)
    for change in board.show(*new, 0):
        reader.apply(change)
        for which, side in enumerate((Side.BUY, Side.SELL)):
            if old[which] and new[which]:
                assert reader.sides[side]


def test_the_same_look_says_nothing() -> None:
    board = Board("X", 7)
    rows: tuple[Rows, Rows] = (((Decimal(9), 1),), ((Decimal(10), 2),))
    assert len(board.show(*rows, 0)) == 2
    assert board.show(*rows, 0) == []
    assert board.best == ((Decimal(9), 1), (Decimal(10), 2))


def test_a_trade_says_again_what_rests_at_its_price() -> None:
    board = Board("X", 7)
    board.show(((Decimal(9), 1),), (), 0)
    assert board.touch(Decimal(9), Side.BUY, 3) == Change("X", 9, Side.BUY, Decimal(9), 1, 3)
    assert board.touch(Decimal(8), Side.BUY, 3).lots == 0
    assert board.best[1] == (Decimal(0), 0)
