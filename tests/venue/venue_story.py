"""Random orders on random bars, and a bookkeeper who works the account out again from what was said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest
from hypothesis import strategies as st
from venue_world import COIN, DIME, Row, ScriptedMarket, bar, step, stop

from radtui.core.account import FundingPaid
from radtui.core.holding import Holding
from radtui.core.market import HOUR, SECOND, Ticked
from radtui.core.order import Fill, FillKind, OrderReport, OrderRequest, OrderType, Side, TimeInForce
from radtui.venue.execution import VenueMessage
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
stories = st.lists(_seconds, min_size=1, max_size=14)
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


def story_venue(story: Story, slippage: str) -> Venue:
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
        holding, realised = held.after(fill.signed_lots, fill.price, instrument)
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
