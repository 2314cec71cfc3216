"""What holds for every venue, whatever is asked of it and wherever prices go."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import (
    COIN,
    DIME,
    NOON,
    Row,
    ScriptedMarket,
    accounts,
    ask,
    bar,
    fills,
    quiet,
    reports,
    step,
    stop,
    traded,
    venue,
)

from radtui.core.account import FundingPaid
from radtui.core.holding import Holding
from radtui.core.market import HOUR, MINUTE, SECOND, Candle, Ticked
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind, OrderReport, OrderRequest, OrderType, Side, TimeInForce
from radtui.venue.execution import VenueMessage
from radtui.venue.packing import StateUnreadable
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue

BALANCE = Decimal(2000)
BOTH = {COIN.symbol: COIN, DIME.symbol: DIME}
SPANS = (2 * SECOND, 5 * SECOND)


@st.composite
def _request(draw: st.DrawFn) -> tuple[OrderRequest, int | None, int | None]:
    """Return a request without id, and how many ticks its limit and its trigger lie from the mark."""
    limit = draw(st.none() | st.integers(-40, 40))
    trigger = draw(st.none() | st.integers(-40, 40))
    kind = draw(st.sampled_from(["open", "open", "reduce", "close"]))
    tif = TimeInForce.GTC if limit is None else draw(st.sampled_from([TimeInForce.GTC, TimeInForce.IOC]))
    wanted = OrderRequest(
        client_id="",
        symbol=draw(st.sampled_from(sorted(BOTH))),
        side=draw(st.sampled_from(Side)),
        type=OrderType.MARKET if limit is None else OrderType.LIMIT,
        lots=0 if kind == "close" else draw(st.integers(1, 60)),
        tif=tif,
        post_only=limit is not None and tif is TimeInForce.GTC and draw(st.booleans()),
        reduce_only=kind == "reduce",
        close_order=kind == "close",
        leverage=draw(st.sampled_from([2, 10, 50, 125])) if kind == "open" else 0,
    )
    return wanted, limit, trigger


Wish = tuple[OrderRequest, int | None, int | None]
_moves = st.tuples(*[st.integers(-30, 30)] * 2, *[st.integers(0, 40)] * 2)
_seconds = st.tuples(st.lists(_request(), max_size=3), st.integers(0, 5), _moves, _moves)
_stories = st.lists(_seconds, min_size=1, max_size=14)
Story = list[tuple[list[Wish], int, tuple[int, int, int, int], tuple[int, int, int, int]]]


def _rows(story: Story) -> list[dict[str, Row]]:
    levels, rows = dict.fromkeys(sorted(BOTH), 1000), []
    for _, _, *moves in story:
        row: dict[str, Row] = {}
        for symbol, (gap, drift, above, below) in zip(levels, moves, strict=True):
            opened = max(200, levels[symbol] + gap)
            closed = max(200, opened + drift)
            prices = (opened, max(opened, closed) + above, min(opened, closed) - below, closed)
            row[symbol] = _written(symbol, prices)
            levels[symbol] = closed
        rows.append(row)
    return rows


def _written(symbol: str, ticks: tuple[int, int, int, int]) -> Row:
    opened, high, low, closed = (str(count * BOTH[symbol].tick) for count in ticks)
    return opened, high, low, closed


def _venue(story: Story, slippage: str) -> Venue:
    before = [bar(symbol, 0, _written(symbol, (1000, 1000, 1000, 1000))) for symbol in sorted(BOTH)]
    # Funding falls into the middle of the story.
    start = 16 * HOUR - (len(story) // 2) * SECOND
    market = ScriptedMarket(_rows(story), start=start, before=before, instruments=(COIN, DIME))
    return Venue(market, balance=BALANCE, spans=SPANS, slippage=Decimal(slippage))


class Trader:
    """Lives a story on a venue and keeps what was said to it."""

    def __init__(self, where: Venue, story: Story) -> None:
        self.where = where
        self.story = story
        self.marks = {symbol: 1000 * BOTH[symbol].tick for symbol in BOTH}
        self.requests: dict[str, OrderRequest] = {}
        self.said: list[VenueMessage] = []

    def live(self, first: int, last: int) -> list[VenueMessage]:
        """Live through some seconds of the story and return what was said."""
        said: list[VenueMessage] = []
        for number in range(first, last):
            said += self.second(number)
        return said

    def second(self, number: int) -> list[VenueMessage]:
        """Ask for the orders of one second, let it pass, and return what was said."""
        wishes, cancel, *_ = self.story[number]
        for ordinal, wish in enumerate(wishes):
            self._ask(wish, f"b-{number}-{ordinal}")
        for order in self.where.open_orders()[: int(cancel == 0)]:
            assert self.where.cancel(order.symbol, order.client_id).cancelled
        said = step(self.where)
        self.marks.update({message.symbol: message.price for message in said if isinstance(message, Ticked)})
        self.said += said
        return said

    def _ask(self, wish: Wish, client_id: str) -> None:
        wanted, limit, trigger = wish
        request = _priced(wanted, limit, trigger, self.marks[wanted.symbol], client_id)
        try:
            self.where.place(request)
        except VenueRefusal:
            assert self.where.order(request.symbol, client_id) is None
        else:
            self.requests[client_id] = request
            with pytest.raises(VenueRefusal, match="300018"):
                self.where.place(request)


def _priced(wanted: OrderRequest, limit: int | None, trigger: int | None, mark: Decimal, name: str) -> OrderRequest:
    tick = BOTH[wanted.symbol].tick
    cross = "up" if trigger is not None and trigger >= 0 else "down"
    return msgspec.structs.replace(
        wanted,
        client_id=name,
        price=None if limit is None else mark + limit * tick,
        stop=None if trigger is None else stop(cross, str(mark + trigger * tick)),
    )


class Bookkeeper:
    """Works the account out again from nothing but the messages."""

    def __init__(self, requests: dict[str, OrderRequest]) -> None:
        self.requests = requests
        self.wallet = BALANCE
        self.holdings = {symbol: Holding() for symbol in BOTH}
        self.filled: dict[str, int] = {}
        self.done: set[str] = set()

    def hear(self, said: Sequence[VenueMessage]) -> None:
        """Check every message against those before it."""
        for message in said:
            if isinstance(message, Fill):
                self._fill(message)
            elif isinstance(message, OrderReport):
                self._report(message)
            elif isinstance(message, FundingPaid):
                self.wallet += message.amount
                assert message.amount * self.holdings[message.symbol].lots <= 0, "longs pay"

    def _fill(self, fill: Fill) -> None:
        instrument, held = BOTH[fill.symbol], self.holdings[fill.symbol]
        holding, realised = held.after(fill.signed_lots, fill.price, instrument.multiplier)
        self.holdings[fill.symbol] = holding
        self.wallet += realised - fill.fee
        rate = instrument.maker_fee if fill.maker else instrument.taker_fee
        assert fill.fee == instrument.notional(fill.price, fill.lots) * rate
        assert fill.price % instrument.tick == 0
        if fill.kind is FillKind.LIQUIDATION:
            assert holding.lots == 0
        else:
            self._order_fill(fill, held, holding)

    def _order_fill(self, fill: Fill, held: Holding, holding: Holding) -> None:
        request = self.requests[fill.client_id]
        assert fill.client_id not in self.done, "a done order does not fill"
        self.filled[fill.client_id] = self.filled.get(fill.client_id, 0) + fill.lots
        assert request.price is None or (fill.price - request.price) * fill.side.sign <= 0, "through its limit"
        if request.post_only:
            assert fill.maker
        if request.reduces:
            assert abs(holding.lots) < abs(held.lots)
            assert holding.lots * held.lots >= 0, "a reducing order flips nothing"

    def _report(self, report: OrderReport) -> None:
        assert report.client_id not in self.done, "nothing comes after the end"
        assert report.filled_lots == self.filled.get(report.client_id, 0)
        assert report.filled_lots <= report.lots
        assert report.cancelled == (not report.active and report.filled_lots < report.lots) or report.close_order
        if not report.active:
            self.done.add(report.client_id)


@settings(deadline=None, max_examples=120)
@given(_stories, st.sampled_from(["0", "0.0005", "0.01"]))
def test_the_account_always_adds_up(story: Story, slippage: str) -> None:
    where = _venue(story, slippage)
    trader = Trader(where, story)
    books = Bookkeeper(trader.requests)
    for number in range(len(story)):
        books.hear(trader.second(number))
        account = where.account()
        open_profit = [
            books.holdings[symbol].unrealised(trader.marks[symbol], BOTH[symbol].multiplier) for symbol in BOTH
        ]
        assert account.wallet == books.wallet
        assert account.unrealised == sum(open_profit, ZERO)
        assert account.equity == account.wallet + account.unrealised
        assert account.available == account.wallet - account.position_margin - account.order_margin
        assert account.available >= 0
        assert account.position_margin == sum((position.margin for position in where.positions()), ZERO)
        assert account.order_margin >= 0
        assert account.order_margin == 0 or where.open_orders()
        assert {position.symbol: position.lots for position in where.positions()} == {
            symbol: holding.lots for symbol, holding in books.holdings.items() if holding.lots
        }
        assert where.everyone == BALANCE
    assert {order.client_id for order in where.open_orders()} == trader.requests.keys() - books.done
    trades = [fill.trade_id for fill in fills(trader.said)]
    assert len(set(trades)) == len(trades)
    assert where.fills(0) == fills(trader.said)


@settings(deadline=None, max_examples=60)
@given(_stories, st.data())
def test_a_restored_venue_goes_on_as_if_it_had_never_stopped(story: Story, data: st.DataObject) -> None:
    straight = Trader(_venue(story, "0.0005"), story)
    broken = Trader(_venue(story, "0.0005"), story)
    cut = data.draw(st.integers(0, len(story)))
    straight.live(0, cut)
    said = broken.live(0, cut)
    packed = broken.where.pack()

    broken.where = _venue(story, "0.0005")
    broken.where.restore(packed, [message for message in said if isinstance(message, Candle)])
    assert broken.where.pack() == packed
    assert broken.live(cut, len(story)) == straight.live(cut, len(story))
    assert broken.where.account() == straight.where.account()
    assert broken.where.pack() == straight.where.pack()
    for symbol in BOTH:
        for span in SPANS:
            assert broken.where.candles(symbol, span, 99) == straight.where.candles(symbol, span, 99)


def test_what_was_said_but_not_read_survives_a_restart() -> None:
    where, again = venue(quiet("100")), venue(quiet("100"))
    where.place(ask("a", "buy", 1, "99"))
    again.restore(where.pack(), [])
    said = again.drain()
    assert said == where.drain()
    assert len(reports(said, "a")) == len(accounts(said)) == 1
    assert again.drain() == []
    with pytest.raises(VenueRefusal, match="300018"):
        again.place(ask("a", "buy", 1, "99"))


def test_a_state_of_another_market_changes_nothing() -> None:
    where, other = venue(quiet("100")), venue(quiet("100"))
    where.place(ask("a", "buy", 1, "99"))
    with pytest.raises(StateUnreadable):
        other.restore(where.pack()[:-3], [])
    assert other.open_orders() == []


def test_the_packed_state_stays_small() -> None:
    where = venue(*[quiet("100")] * 400, balance="100000")
    for n in range(800):
        where.place(ask(f"paper-mf3k2a-{n}", "buy" if n % 4 < 2 else "sell", 1 + n % 3))
        if n % 2:
            step(where)
    assert len(where.pack()) <= 20_000


def test_advance_runs_the_steps_that_end_in_time_and_stops_where_the_market_ends() -> None:
    where = venue(*[quiet("100")] * 3)
    assert where.advance(NOON + SECOND - 1) == []
    ticks = where.advance(NOON + 2 * SECOND)
    assert ticks == [Ticked(COIN.symbol, Decimal(100), NOON + n * SECOND) for n in (1, 2)]
    assert len(where.advance(NOON + HOUR)) == 1
    assert where.ended
    assert where.now == NOON + 3 * SECOND


def test_candles_close_after_the_tick_that_closes_them() -> None:
    market = ScriptedMarket([quiet("100"), quiet("101"), quiet("102")])
    where = Venue(market, balance=BALANCE, spans=(2 * SECOND, SECOND))
    said = where.advance(where.now + 2 * SECOND)
    spans = [message.span // SECOND if isinstance(message, Candle) else 0 for message in said]
    assert spans == [0, 1, 0, 1, 2]
    assert where.candles(COIN.symbol, 2 * SECOND, 9)[-1].close == 101


def test_the_warm_up_is_there_before_the_first_step() -> None:
    market = ScriptedMarket([quiet("100")])
    where = Venue(market, balance=BALANCE, spans=(MINUTE,))
    assert [candle.closed_at for candle in where.candles(COIN.symbol, MINUTE, 9)] == [NOON]
    where.place(ask("a", "buy", 1))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"spans": (SECOND // 2,)}, "steps"),
        ({"balance": Decimal(-1)}, "balance"),
        ({"slippage": Decimal(1)}, "slippage"),
    ],
)
def test_an_impossible_setup_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Venue(ScriptedMarket([]), **{"balance": BALANCE, "spans": (), **fields})


def test_a_market_without_a_price_takes_no_orders_yet() -> None:
    market = ScriptedMarket([quiet("100")], before=[bar(DIME.symbol, 0, quiet("1"))], instruments=(COIN, DIME))
    where = Venue(market, balance=BALANCE, spans=())
    with pytest.raises(VenueRefusal, match="300002"):
        where.place(ask("a", "buy", 1))
    step(where)


@pytest.mark.parametrize(("side", "amount"), [("buy", "-0.11"), ("sell", "0.11")])
def test_funding_is_settled_once_at_the_eighth_hour_on_the_close(side: str, amount: str) -> None:
    where = venue(quiet("100"), ("100", "110", "100", "110"), quiet("110"), start=16 * HOUR - 2 * SECOND)
    where.place(ask("in", side, 10, leverage=5))
    assert not [message for message in step(where) if isinstance(message, FundingPaid)]
    before = where.account().wallet
    said = step(where)
    assert [message for message in said if isinstance(message, FundingPaid)] == [
        FundingPaid(symbol=COIN.symbol, rate=Decimal("0.0001"), amount=Decimal(amount), at=16 * HOUR)
    ]
    assert accounts(said)[-1].wallet == before + Decimal(amount)
    assert not [message for message in step(where) if isinstance(message, FundingPaid)]


def test_cancel_ends_an_order_once() -> None:
    where = venue(quiet("100"), quiet("100"))
    where.place(ask("a", "buy", 2, "99"))
    report = where.cancel(COIN.symbol, "a")
    assert (report.active, report.cancelled, report.reason) == (False, True, "")
    assert traded(step(where)) == []
    for symbol, name, code in ((COIN.symbol, "a", "100004"), (COIN.symbol, "b", "100001"), ("NONE", "a", "100001")):
        with pytest.raises(VenueRefusal, match=code):
            where.cancel(symbol, name)


def test_an_order_is_found_in_every_state_under_its_own_symbol() -> None:
    where = venue(quiet("100"), quiet("100"))
    where.place(ask("rests", "buy", 2, "99"))
    where.place(ask("fills", "buy", 1))
    step(where)
    states = [where.order(COIN.symbol, name) for name in ("rests", "fills")]
    assert [state is not None and state.active for state in states] == [True, False]
    assert where.order(COIN.symbol, "never") is where.order("NONE", "rests") is None
    assert where.fills(where.now) == []
    assert len(where.fills(NOON)) == 1


def test_a_position_report_shows_where_it_will_be_liquidated() -> None:
    where = venue(quiet("100"))
    where.place(ask("in", "buy", 10))
    step(where)
    (position,) = where.positions()
    assert (position.entry, position.leverage, position.liquidation) == (Decimal(100), 10, Decimal("90.4"))
    assert (position.margin, position.maintenance) == (Decimal("100.66"), Decimal("4.66"))
    assert position.opened_at == NOON
