"""One bar, written down, and what became of the orders in it (slippage 0 unless the test says so)."""

from decimal import Decimal

import pytest
from venue_world import COIN, Row, ask, bar, fills, last_position, quiet, reports, step, stop, traded, venue

from radtui.core.market import SECOND
from radtui.core.order import FillKind, PositionSide, TimeInForce
from radtui.venue.accounts import Accounts
from radtui.venue.bars import alike
from radtui.venue.desk import Desk
from radtui.venue.execution import Execution
from radtui.venue.ledger import Ledger
from radtui.venue.liquidation import Liquidator
from radtui.venue.margin import IsolatedPosition, cost_of
from radtui.venue.matching import Matching
from radtui.venue.modes import Modes
from radtui.venue.position import FLAT
from radtui.venue.records import Records
from radtui.venue.replay import Replay
from radtui.venue.venue import Venue

DEEP_DIP = ("100", "101", "80", "82")


def _holding(*rows: tuple[str, str, str, str], lots: int = 10, leverage: int = 10, slippage: str = "0") -> Venue:
    """A venue that holds a position from 100, before `rows`."""
    where = venue(quiet("100"), *rows, balance="1000", slippage=slippage)
    where.place(ask("in", "buy" if lots > 0 else "sell", abs(lots), leverage=leverage))
    step(where)
    return where


def test_a_market_order_fills_at_the_next_open() -> None:
    where = venue(("100", "103", "99", "102"))
    where.place(ask("a", "buy", 3))
    (fill,) = fills(step(where))
    assert (fill.price, fill.at, fill.maker) == (Decimal(100), where.now - SECOND, False)


def test_slippage_is_a_share_of_the_open_on_the_worse_tick() -> None:
    where = venue(quiet("100"), slippage="0.0005")
    where.place(ask("a", "buy", 3))
    where.place(ask("b", "sell", 1))
    assert traded(step(where)) == [("a", 3, "100.1"), ("b", -1, "99.9")]


def test_orders_meet_the_open_in_the_order_of_their_arrival() -> None:
    where = venue(quiet("100"))
    for name in ("c", "a", "b"):
        where.place(ask(name, "buy", 1))
    assert [name for name, _, _ in traded(step(where))] == ["c", "a", "b"]


def test_a_large_order_walks_the_levels_and_the_next_finds_what_is_left() -> None:
    where = venue(quiet("100"), balance="1000000", slippage="0.001")
    where.place(ask("a", "buy", 1500))
    where.place(ask("b", "buy", 1600))
    assert traded(step(where)) == [("a", 1000, "100.1"), ("a", 500, "100.2"), ("b", 1500, "100.2"), ("b", 100, "100.3")]


def test_what_the_book_does_not_hold_of_a_market_order_is_cancelled() -> None:
    where = venue(quiet("100"), balance="1000000000")
    for n in range(20):
        where.place(ask(str(n), "buy", 100_000))
    said = step(where)
    # 1 + 2 + 4 … 128 and then 12 times 128 first levels of 1000 lots are all there is
    assert [reports(said, str(n))[-1].filled_lots for n in (0, 16, 17, 18)] == [100_000, 100_000, 91_000, 0]
    assert reports(said, "17")[-1].reason.startswith("300013")


def test_a_limit_that_crosses_takes_up_to_its_price_and_its_rest_is_a_maker() -> None:
    where = venue(quiet("100"), balance="1000000", slippage="0.001")
    where.place(ask("a", "buy", 4000, "100.2"))
    said = fills(step(where))
    # A limit above the open is touched by the bar itself: its rest does not wait long, and pays as a maker.
    assert [(fill.lots, str(fill.price), fill.maker) for fill in said] == [
        (1000, "100.1", False),
        (2000, "100.2", False),
        (1000, "100.2", True),
    ]


@pytest.mark.parametrize(("low", "filled"), [("99.1", False), ("99", True), ("98", True)])
def test_a_resting_limit_fills_at_its_price_where_the_bar_touches_it(low: str, filled: bool) -> None:
    where = venue(quiet("100"), ("100", "100", low, "100"))
    where.place(ask("a", "buy", 2, "99"))
    assert traded(step(where, 2)) == ([("a", 2, "99")] if filled else [])


def test_resting_limits_fill_the_best_price_first_and_then_the_oldest() -> None:
    where = venue(quiet("100"), ("100", "100", "97", "98"))
    for name, price in (("low", "98"), ("high", "99"), ("late", "99")):
        where.place(ask(name, "buy", 1, price))
    assert [name for name, _, _ in traded(step(where, 2))] == ["high", "late", "low"]


def test_an_order_that_arrives_between_bars_sees_no_earlier_one() -> None:
    where = venue(("100", "100", "90", "100"), quiet("100"))
    step(where)
    where.place(ask("a", "buy", 1, "95"))
    assert fills(step(where)) == []


def test_ioc_takes_what_crosses_and_ends() -> None:
    where = venue(quiet("100"), ("100", "100", "98", "99"), balance="1000000", slippage="0.001")
    where.place(ask("some", "buy", 4000, "100.1", tif=TimeInForce.IOC))
    where.place(ask("none", "buy", 1, "99", tif=TimeInForce.IOC))
    said = step(where, 2)
    assert traded(said) == [("some", 1000, "100.1")]
    assert [(report.filled_lots, report.cancelled) for report in reports(said, "some")[-1:]] == [(1000, True)]
    assert reports(said, "none")[-1].reason.startswith("300013")


def test_post_only_rests_or_ends_but_never_takes() -> None:
    where = venue(quiet("100"), ("100", "100", "98", "99"))
    where.place(ask("takes", "buy", 1, "100", post_only=True))
    where.place(ask("rests", "buy", 1, "99.9", post_only=True))
    said = step(where, 2)
    ended = reports(said, "takes")[-1]
    assert (ended.cancelled, ended.filled_lots) == (True, 0)
    assert "post-only" in ended.reason
    assert [fill.maker for fill in fills(said)] == [True]


def test_a_stop_fires_at_its_trigger_and_slips() -> None:
    where = _holding(("100", "101", "94", "96"), slippage="0.001")
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    said = step(where)
    assert traded(said) == [("out", -10, "94.9")]
    assert [(report.triggered, report.active) for report in reports(said, "out")] == [
        (False, True),
        (True, True),
        (True, False),
    ]


def test_a_stop_that_is_not_reached_waits() -> None:
    where = _holding(("100", "101", "95.1", "96"))
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    assert fills(step(where)) == []
    assert where.open_orders()[0].waits


def test_a_gap_through_a_stop_fills_at_the_open() -> None:
    where = _holding(("93", "94", "92", "94"))
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    assert traded(step(where)) == [("out", -10, "93")]


def test_a_stop_comes_before_a_target_in_the_same_bar() -> None:
    for lots, down, up in ((10, "95", "105"), (-10, "95", "105")):
        where = _holding(("100", "106", "94", "100"), lots=lots)
        side = "sell" if lots > 0 else "buy"
        target, worst = (up, down) if lots > 0 else (down, up)
        where.place(ask("target", side, 10, target if side == "sell" else "95", reduce_only=True))
        where.place(ask("stop", side, close_order=True, stop=stop("down" if lots > 0 else "up", worst)))
        said = step(where)
        assert traded(said) == [("stop", -lots, worst)]
        assert reports(said, "target")[-1].reason.startswith("300009")


def test_a_losing_stop_comes_before_a_winning_one_even_where_it_lies_farther() -> None:
    where = _holding(("100", "102", "94", "100"))
    where.place(ask("win", "sell", close_order=True, stop=stop("up", "101")))
    where.place(ask("lose", "sell", close_order=True, stop=stop("down", "95")))
    said = step(where)
    assert traded(said) == [("lose", -10, "95")]
    assert reports(said, "win")[-1].reason.startswith("300009")


def test_of_two_losing_stops_the_nearer_comes_first() -> None:
    where = _holding(("100", "100", "94", "94"))
    where.place(ask("far", "sell", close_order=True, stop=stop("down", "95")))
    where.place(ask("near", "sell", 4, reduce_only=True, stop=stop("down", "97")))
    assert traded(step(where)) == [("near", -4, "97"), ("far", -6, "95")]


def test_a_closing_stop_that_fires_when_flat_ends_with_a_reason() -> None:
    where = venue(("100", "100", "94", "94"))
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    ended = reports(step(where), "out")[-1]
    assert (ended.active, ended.cancelled, ended.triggered) == (False, True, True)
    assert ended.reason.startswith("300009")


def test_a_stop_may_open_a_position() -> None:
    where = venue(("100", "103", "99", "102"))
    where.place(ask("in", "buy", 5, stop=stop("up", "102")))
    assert traded(step(where)) == [("in", 5, "102")]


def test_a_stop_limit_never_fills_worse_than_its_limit_and_its_rest_waits_for_a_later_bar() -> None:
    where = _holding(("100", "100", "94", "94"), ("94", "96", "94", "95"), slippage="0.001")
    where.place(ask("out", "sell", 10, "95", reduce_only=True, stop=stop("down", "95")))
    assert fills(step(where)) == []
    assert where.open_orders()[0].triggered
    assert traded(step(where)) == [("out", -10, "95")]


@pytest.mark.parametrize(
    ("lots", "row", "price"),
    [(10, ("100", "100", "90.4", "95"), "90"), (-10, ("100", "109.6", "100", "105"), "110")],
)
def test_liquidation_at_the_published_price(lots: int, row: tuple[str, str, str, str], price: str) -> None:
    # entry 100, leverage 10: liquidated at 90.4 (109.6), closed at the bankruptcy price 90 (110)
    where = _holding(row, lots=lots)
    margin = where.account().position_margin
    wallet = where.account().wallet
    said = step(where)
    (fill,) = fills(said)
    assert (fill.kind, fill.price, fill.signed_lots, fill.client_id) == (
        FillKind.LIQUIDATION,
        Decimal(price),
        -lots,
        "",
    )
    assert last_position(said).lots == 0
    assert 0 <= wallet - where.account().wallet <= margin
    assert where.everyone == 1000


def test_one_tick_before_the_liquidation_price_nothing_happens() -> None:
    assert fills(step(_holding(("100", "100", "90.5", "95")))) == []


def test_the_loss_in_a_gap_is_the_margin_at_most_and_a_stop_does_not_help() -> None:
    where = _holding(("60", "61", "50", "55"))
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    available = where.account().available
    (fill,) = fills(step(where))
    assert (fill.kind, fill.price) == (FillKind.LIQUIDATION, Decimal(90))
    assert fill.at == where.now - SECOND
    assert where.account().available >= available
    assert where.everyone == 1000


def test_a_stop_before_the_liquidation_price_saves_the_rest_of_the_margin() -> None:
    where = _holding(DEEP_DIP)
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "95")))
    assert [(fill.kind, fill.price) for fill in fills(step(where))] == [(FillKind.TRADE, Decimal(95))]


def test_a_stop_behind_the_liquidation_price_comes_too_late() -> None:
    where = _holding(DEEP_DIP)
    where.place(ask("out", "sell", close_order=True, stop=stop("down", "90.2")))
    said = step(where)
    assert [fill.kind for fill in fills(said)] == [FillKind.LIQUIDATION]
    assert reports(said, "out")[-1].reason.startswith("300009")


def test_liquidation_comes_before_a_winning_stop_and_before_limits() -> None:
    where = _holding(("100", "103", "80", "82"))
    where.place(ask("win", "sell", close_order=True, stop=stop("up", "102")))
    where.place(ask("target", "sell", 10, "102", reduce_only=True))
    assert [fill.kind for fill in fills(step(where))] == [FillKind.LIQUIDATION]


def test_a_limit_that_opens_inside_the_bar_is_not_liquidated_by_what_came_before() -> None:
    where = venue(DEEP_DIP, quiet("82"))
    where.place(ask("in", "buy", 1, "99", leverage=50))
    assert [fill.kind for fill in fills(step(where))] == [FillKind.TRADE]
    assert [fill.kind for fill in fills(step(where))] == [FillKind.LIQUIDATION]


@pytest.mark.parametrize(
    ("lots", "row", "insurance"),
    [
        (10, ("95", "95", "88", "89"), "4"),  # at 90.4 the market pays 4 more than the bankruptcy price
        (10, ("90.2", "91", "88", "89"), "2"),
        (10, ("85", "91", "84", "89"), "-50"),
        (-10, ("109.9", "111", "109", "110"), "1"),
    ],
)
def test_the_insurance_closes_where_the_market_trades(lots: int, row: Row, insurance: str) -> None:
    ledger, desk = Ledger(wallet=Decimal(1000)), Desk(COIN)
    execution = Execution(Accounts({"USDT": ledger}, {COIN.symbol: desk}), Records())
    key, blank = (COIN.symbol, PositionSide.BOTH), IsolatedPosition(holding=FLAT, opened_at=0)
    ledger.open(key, COIN, lots, Decimal(100), cost_of(COIN, Decimal(100), 10, 10, COIN.taker_fee), blank)
    replay = Replay(execution, Matching(execution, Decimal(0)), Liquidator(execution, Modes()))
    replay.play(desk, alike(bar(COIN.symbol, 0, row)))
    assert ledger.positions == {}
    assert ledger.insurance == Decimal(insurance)
