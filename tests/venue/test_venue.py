"""What holds for every venue, whatever is asked of it and wherever prices go."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_story import BALANCE, BOTH, SPANS, Bookkeeper, Story, Trader, stories, story_venue
from venue_world import (
    COIN,
    DIME,
    NOON,
    ScriptedMarket,
    accounts,
    ask,
    bar,
    fills,
    quiet,
    reports,
    step,
    traded,
    venue,
)

from radtui.core.account import FundingPaid
from radtui.core.market import HOUR, MINUTE, SECOND, Candle, Ticked
from radtui.core.money import ZERO
from radtui.venue.packing import StateUnreadable
from radtui.venue.refusals import VenueRefusal
from radtui.venue.venue import Venue


@settings(deadline=None, max_examples=120)
@given(stories, st.sampled_from(["0", "0.0005", "0.01"]))
def test_the_account_always_adds_up(story: Story, slippage: str) -> None:
    where = story_venue(story, slippage)
    trader = Trader(where, story)
    books = Bookkeeper(trader.requests)
    for number in range(len(story)):
        books.hear(trader.second(number))
        account = where.account()
        open_profit = [books.holdings[symbol].unrealised(trader.marks[symbol], BOTH[symbol]) for symbol in BOTH]
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
@given(stories, st.data())
def test_a_restored_venue_goes_on_as_if_it_had_never_stopped(story: Story, data: st.DataObject) -> None:
    straight = Trader(story_venue(story, "0.0005"), story)
    broken = Trader(story_venue(story, "0.0005"), story)
    cut = data.draw(st.integers(0, len(story)))
    straight.live(0, cut)
    said = broken.live(0, cut)
    packed = broken.where.pack()

    broken.where = story_venue(story, "0.0005")
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


def test_another_timeframe_gets_its_warm_up_where_the_old_one_stopped() -> None:
    rows = [quiet(str(100 + n)) for n in range(9)]
    old = Venue(ScriptedMarket(rows), balance=BALANCE, spans=(SECOND,))
    step(old, 7)
    market = ScriptedMarket(rows, before=[bar(COIN.symbol, NOON + n * SECOND, rows[n]) for n in range(7)])
    new = Venue(market, balance=BALANCE, spans=(2 * SECOND,))
    new.restore(old.pack(), old.candles(COIN.symbol, SECOND, 99))
    assert [candle.close for candle in new.candles(COIN.symbol, 2 * SECOND, 9)] == [101, 103, 105]
    assert [message.close for message in step(new) if isinstance(message, Candle)] == [107]


def test_a_venue_says_what_it_keeps() -> None:
    where = Venue(ScriptedMarket([]), balance=BALANCE, spans=(MINUTE, SECOND))
    assert (where.spans, where.step_span, where.source) == ((SECOND, MINUTE), SECOND, "script")


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
    lots = 10 if side == "buy" else -10
    assert [message for message in said if isinstance(message, FundingPaid)] == [
        FundingPaid(
            symbol=COIN.symbol,
            rate=Decimal("0.0001"),
            amount=Decimal(amount),
            at=16 * HOUR,
            lots=lots,
            cost=Decimal(100) * lots,
            mark=Decimal(110),
        )
    ]
    assert accounts(said)[-1].wallet == before + Decimal(amount)
    assert not [message for message in step(where) if isinstance(message, FundingPaid)]


def test_what_was_settled_can_be_read_again_from_a_moment_on_and_after_a_restart() -> None:
    rows = [quiet("100")] * 4
    where, again = (venue(*rows, start=16 * HOUR - 2 * SECOND) for _ in range(2))
    where.place(ask("in", "buy", 10, leverage=5))
    said = step(where, 4)
    (paid,) = [message for message in said if isinstance(message, FundingPaid)]
    again.restore(where.pack(), [])
    for known in (where, again):
        assert known.funding(0) == known.funding(16 * HOUR) == [paid]
        assert known.funding(16 * HOUR + 1) == []


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
