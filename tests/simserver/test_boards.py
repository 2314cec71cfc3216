"""The boards: one counter a contract, trades under the numbers of the changes they make."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.order import Fill, Side
from radtui.simserver.board import Change
from radtui.simserver.boards import Boards, Trade
from radtui.venue.book import BookView
from radtui.venue.tape import Print

BID, ASK = (Decimal(99), 5), (Decimal(101), 7)


class Source:
    """A venue of which only the public side is asked."""

    def __init__(self, *prints: Print) -> None:
        self.prints = list(prints)
        self.bids = [BID]
        self.asks = [ASK]

    def book(self, symbol: str) -> BookView:
        return BookView(symbol, self.bids, self.asks)

    def trades(self, symbol: str, limit: int) -> list[Print]:
        return self.prints[:limit]


def boards(source: Source) -> Boards:
    return Boards(
        source, ["X"], seed=7, order_id=lambda number: f"wire-{number}", now=lambda: 50, wall=lambda at: at + 1
    )


def printed(number: int, *, own: str = "", side: Side = Side.BUY, price: int = 101) -> Print:
    return Print("X", number, side, 2, Decimal(price), 40 + number, own)


def filled(trade: str, order: str, *, side: Side, maker: bool, price: int = 101) -> Fill:
    return Fill(
        trade_id=trade,
        order_id=order,
        client_id="c",
        symbol="X",
        side=side,
        lots=2,
        price=Decimal(price),
        fee=Decimal(0),
        maker=maker,
        at=0,
    )


def test_a_snapshot_and_the_changes_after_it_share_one_counter() -> None:
    source = Source()
    public = boards(source)
    first = public.snapshot("X")
    assert (first.bids, first.asks, first.at) == ((BID,), (ASK,), 50)
    public.take()
    source.bids = [(Decimal(100), 1), BID]
    public.refresh("X")
    assert public.take() == [Change("X", first.sequence + 1, Side.BUY, Decimal(100), 1, 50)]
    ticker = public.ticker("X")
    assert (ticker.bid, ticker.bid_lots, ticker.ask, ticker.ask_lots) == (Decimal(100), 1, *ASK)
    assert (ticker.sequence, ticker.last) == (first.sequence + 1, None)


def test_the_trades_of_before_the_start_are_known_and_not_said() -> None:
    public = boards(Source(printed(2), printed(1)))
    assert [trade.at for trade in public.trades("X")] == [43, 42]
    assert public.take() == []


def test_a_trade_says_again_what_rests_at_its_price_under_its_own_number() -> None:
    public = boards(Source())
    public.refresh("X")
    public.take()
    public.hear([printed(1)], lambda at: at)
    change, trade = public.take()
    assert isinstance(change, Change)
    assert isinstance(trade, Trade)
    assert (change.side, change.price, change.lots) == (Side.SELL, *ASK)
    assert trade.sequence == change.sequence
    assert trade.id == str(change.sequence)
    assert len({trade.taker_order_id, trade.maker_order_id}) == 2


def test_our_own_fills_stand_on_the_tape_under_their_own_order_and_number() -> None:
    public = boards(Source())
    took = filled("t1", "17", side=Side.BUY, maker=False)
    made = filled("t2", "18", side=Side.BUY, maker=True, price=99)
    public.hear([printed(1, own="17"), took, made, printed(2, own="18", side=Side.SELL, price=99), printed(3)], int)
    newest, second, first = public.trades("X")
    assert (first.taker_order_id, public.trade_id(took)) == ("wire-17", first.id)
    assert (second.maker_order_id, public.trade_id(made)) == ("wire-18", second.id)
    assert not {newest.taker_order_id, newest.maker_order_id} & {"wire-17", "wire-18"}
    assert first.sequence + 1 == second.sequence == newest.sequence - 1


def test_a_fill_that_nobody_printed_has_a_number_of_its_own() -> None:
    public = boards(Source())
    alone = filled("t9", "20", side=Side.SELL, maker=False)
    public.hear([alone], int)
    (change,) = public.take()
    assert public.trade_id(alone) == str(change.sequence)


def test_the_same_seed_begins_at_the_same_sequence_below_every_clock() -> None:
    assert boards(Source()).snapshot("X").sequence == boards(Source()).snapshot("X").sequence
    assert 1_700_000_000_000 <= boards(Source()).snapshot("X").sequence < 1_715_000_000_000
