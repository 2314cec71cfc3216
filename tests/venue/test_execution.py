from decimal import Decimal

from venue_world import COIN, accounts, ask, fills, last_position, quiet, reports, step, stop, traded, venue

from radtui.core.account import AccountReport, PositionReport
from radtui.core.market import Ticked
from radtui.core.order import Fill, FillKind, OrderReport, PositionSide, Side
from radtui.venue.accounts import Accounts
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution
from radtui.venue.ledger import Ledger
from radtui.venue.records import Records


def _execution() -> tuple[Execution, Desk, Ledger]:
    ledger, desk = Ledger(wallet=Decimal(1000)), Desk(COIN)
    return Execution(Accounts({"USDT": ledger}, {COIN.symbol: desk}), Records()), desk, ledger


def test_a_fill_is_said_then_its_order_the_position_and_once_the_account() -> None:
    where = venue(quiet("100"))
    where.place(ask("a", "buy", 3))
    where.place(ask("b", "buy", 2))
    said = step(where)
    kinds = [type(message) for message in said]
    one = [Fill, OrderReport, PositionReport]
    assert kinds == [OrderReport, OrderReport, AccountReport, *one, *one, Ticked, AccountReport]
    assert [fill.trade_id for fill in fills(said)] == ["1", "2"]
    assert last_position(said).lots == 5


def test_the_fee_is_the_value_times_the_rate_of_taker_or_maker() -> None:
    where = venue(quiet("100"), ("100", "100", "99", "100"))
    where.place(ask("taker", "buy", 3))
    where.place(ask("maker", "buy", 3, "99"))
    taker, maker = fills(step(where, 2))
    assert (taker.fee, taker.maker) == (Decimal("0.18"), False)
    assert (maker.fee, maker.maker) == (Decimal("0.0594"), True)


def test_a_sale_beyond_the_position_closes_it_and_opens_the_other_side() -> None:
    where = venue(quiet("100"), quiet("102"), balance="1000")
    where.place(ask("in", "buy", 10))
    step(where)
    where.place(ask("flip", "sell", 15))
    said = step(where)
    assert traded(said) == [("flip", -10, "102"), ("flip", -5, "102")]
    position = last_position(said)
    assert (position.lots, position.entry) == (-5, Decimal(102))
    assert where.account().wallet == 1000 + 20 - Decimal("0.6") - Decimal("0.612") - Decimal("0.306")


def test_what_the_balance_does_not_pay_is_not_opened() -> None:
    where = venue(quiet("105"), balance="101.31")
    where.place(ask("a", "buy", 10))
    said = step(where)
    report = reports(said, "a")[-1]
    assert [fill.lots for fill in fills(said)] == [9]
    assert (report.cancelled, report.filled_lots, report.active) == (True, 9, False)
    assert report.reason.startswith("300003")
    assert where.account().available >= 0
    assert where.account().order_margin == 0


def test_an_order_may_always_spend_what_it_reserved() -> None:
    where = venue(quiet("100"), ("100", "100", "98", "99"), balance="1000")
    where.place(ask("a", "buy", 10, "99"))
    where.place(ask("b", "buy", 88, "99"))
    assert [lots for _, lots, _ in traded(step(where, 2))] == [10, 88]


def test_a_close_worse_than_bankruptcy_is_paid_by_the_insurance() -> None:
    where = venue(quiet("100"), quiet("91.5"), balance="1000", slippage="0.01")
    where.place(ask("in", "buy", 10))
    step(where)
    where.place(ask("out", "sell", close_order=True))
    (fill,) = fills(step(where))
    # entry 101, leverage 10: bankrupt at 90.9; the book pays 90.5
    assert (fill.price, fill.kind) == (Decimal("90.9"), FillKind.TRADE)
    assert where.everyone == 1000


def test_resting_reducers_go_when_the_position_is_gone() -> None:
    where = venue(*[quiet("100")] * 3)
    where.place(ask("in", "buy", 10))
    step(where)
    where.place(ask("target", "sell", 10, "104", reduce_only=True))
    where.place(ask("stop", "sell", close_order=True, stop=stop("down", "95")))
    where.place(ask("out", "sell", close_order=True))
    said = step(where)
    gone = reports(said, "target")[-1]
    assert (gone.cancelled, gone.active) == (True, False)
    assert gone.reason.startswith("300009")
    assert [order.client_id for order in where.open_orders()] == ["stop"]


def test_a_reducing_order_is_cut_to_the_position() -> None:
    where = venue(*[quiet("100")] * 3)
    where.place(ask("in", "buy", 4))
    step(where)
    where.place(ask("out", "sell", 10, reduce_only=True))
    said = step(where)
    assert traded(said) == [("out", -4, "100")]
    report = reports(said, "out")[-1]
    assert (report.filled_lots, report.cancelled, report.active) == (4, True, False)
    assert where.positions() == []


def test_a_close_order_takes_the_size_the_position_has_when_it_trades() -> None:
    where = venue(*[quiet("100")] * 3)
    where.place(ask("in", "buy", 4))
    step(where)
    where.place(ask("more", "buy", 3))
    assert where.place(ask("out", "sell", close_order=True)).lots == 4
    said = step(where)
    report = reports(said, "out")[-1]
    assert (report.lots, report.filled_lots, report.cancelled) == (7, 7, False)


def test_an_unchanged_account_is_not_reported() -> None:
    where = venue(quiet("100"), quiet("101"), quiet("102"))
    where.place(ask("in", "buy", 4))
    assert len(accounts(step(where))) == 2
    assert accounts(step(where)) == []
    assert where.account().unrealised == 4 == where.account().equity - where.account().wallet


def test_the_order_margin_shrinks_with_what_is_filled() -> None:
    execution, desk, ledger = _execution()
    order = VenueOrder(ask("a", "buy", 4, "100"), 1, 4, 0, 0, leverage=10)
    desk.orders["a"] = order
    execution.reserve(order, desk, Decimal(40), 4)
    execution.trade(desk, order, 1, Decimal(100), maker=False, at=0)
    assert (ledger.reserved, order.covered) == (Decimal(30), 3)
    execution.cancel(order, desk, "", 0)
    assert ledger.reserved == 0


def test_a_liquidation_says_whose_fill_it_was_not() -> None:
    execution, desk, ledger = _execution()
    order = VenueOrder(ask("a", "buy", 10), 1, 10, 0, 0, leverage=10)
    desk.orders["a"] = order
    execution.trade(desk, order, 10, Decimal(100), maker=False, at=0)
    execution.out.clear()
    execution.take_over(desk, (COIN.symbol, PositionSide.BOTH), Decimal(90), Decimal("90.4"), 5)
    (fill,) = fills(execution.out)
    assert (fill.client_id, fill.side, fill.price, fill.at) == ("", Side.SELL, Decimal(90), 5)
    assert ledger.insurance == 4
    assert reports(execution.out, "") == []


def test_an_order_that_closes_more_than_was_foreseen_gives_the_margin_back() -> None:
    execution, desk, ledger = _execution()
    entry, flip = (VenueOrder(ask(name, side, 10), n, 10, 0, 0, leverage=10) for n, (name, side) in enumerate(SIDES))
    desk.orders = {"in": entry, "flip": flip}
    execution.trade(desk, entry, 8, Decimal(100), maker=False, at=0)
    execution.reserve(flip, desk, Decimal(40), 4)
    execution.trade(desk, flip, 8, Decimal(100), maker=False, at=0)
    assert (flip.remaining, flip.covered, ledger.reserved) == (2, 2, Decimal(20))


SIDES = (("in", "buy"), ("flip", "sell"))
