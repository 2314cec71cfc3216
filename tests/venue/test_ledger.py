from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN

from radtui.core.holding import Holding
from radtui.core.order import PositionSide
from radtui.venue.accounts import Accounts
from radtui.venue.bars import Prices
from radtui.venue.desk import Desk
from radtui.venue.ledger import Ledger
from radtui.venue.margin import IsolatedPosition, cost_of
from radtui.venue.position import FLAT

PRICE = Decimal(100)
KEY = COIN.symbol, PositionSide.BOTH


def _blank(at: int = 0) -> IsolatedPosition:
    return IsolatedPosition(holding=FLAT, opened_at=at)


def _opened(lots: int = 10, leverage: int = 10, balance: str = "1000") -> Ledger:
    ledger = Ledger(wallet=Decimal(balance))
    ledger.open(KEY, COIN, lots, PRICE, cost_of(COIN, PRICE, abs(lots), leverage, COIN.taker_fee), _blank(5))
    return ledger


@settings(deadline=None, max_examples=80)
@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(900, 1100), st.integers(1, 100), st.booleans()),
        min_size=1,
        max_size=25,
    ),
    st.sampled_from([1, -1]),
)
def test_money_is_conserved_and_the_wallet_is_what_the_trades_made(
    trades: list[tuple[int, int, int, bool]], side: int
) -> None:
    ledger = Ledger(wallet=Decimal(100_000))
    holding, expected = Holding(), Decimal(100_000)
    for count, tick, leverage, opens in trades:
        price = tick * COIN.tick
        lots = count if opens else min(count, abs(holding.lots))
        if not lots:
            continue
        signed = lots * (side if opens else -side)
        fee = COIN.notional(price, lots) * COIN.taker_fee
        if opens:
            ledger.open(KEY, COIN, signed, price, cost_of(COIN, price, lots, leverage, COIN.taker_fee), _blank())
        else:
            ledger.close(KEY, COIN, signed, price, fee, price)
        holding, realised = holding.after(signed, price, COIN)
        expected += realised - fee
        assert ledger.wallet == expected
        assert ledger.everyone == 100_000
        assert ledger.report(Decimal(7), "USDT").equity == expected + 7
    if not holding.lots:
        assert ledger.position_margin == 0


def test_opening_takes_margin_and_fee() -> None:
    ledger = _opened()
    assert ledger.wallet == Decimal("999.4")
    assert ledger.position_margin == Decimal("100.66")
    assert ledger.available == Decimal("898.74")
    assert ledger.fees == Decimal("0.6")


def test_adding_brings_its_own_margin_and_keeps_the_age() -> None:
    ledger = _opened()
    ledger.open(KEY, COIN, 10, PRICE, cost_of(COIN, PRICE, 10, 20, COIN.taker_fee), _blank(99))
    position = ledger.positions[KEY]
    assert position.margin == Decimal("100.66") + Decimal("50.63")
    assert position.opened_at == 5
    assert position.report(COIN, PositionSide.BOTH, PRICE).leverage == 13


def test_a_part_closed_gives_its_share_of_the_margin_back() -> None:
    ledger = _opened()
    ledger.close(KEY, COIN, -5, Decimal(102), Decimal("0.306"), Decimal(102))
    assert ledger.wallet == Decimal("999.4") + 10 - Decimal("0.306")
    assert ledger.position_margin == Decimal("50.33")


def test_the_insurance_pays_what_a_bankrupt_position_cannot() -> None:
    ledger = _opened()
    ledger.close(KEY, COIN, -10, Decimal(90), Decimal("0.54"), Decimal(85))
    assert ledger.wallet == Decimal("999.4") - 100 - Decimal("0.54")
    assert ledger.insurance == -50
    assert ledger.market == 150
    assert ledger.everyone == 1000


def test_the_insurance_keeps_what_a_liquidation_brings() -> None:
    ledger = _opened(-10)
    ledger.close(KEY, COIN, 10, Decimal(110), Decimal("0.66"), Decimal("109.6"))
    assert ledger.insurance == 4


def test_longs_pay_positive_funding_and_shorts_receive_it() -> None:
    rate, mark = Decimal("0.0001"), Decimal(110)
    assert _opened(10).fund(KEY, COIN, rate, mark) == Decimal("-0.11")
    assert _opened(-10).fund(KEY, COIN, rate, mark) == Decimal("0.11")
    assert _opened(10).fund(KEY, COIN, -rate, mark) == Decimal("0.11")


def test_funding_the_available_money_cannot_pay_comes_out_of_the_margin() -> None:
    ledger = _opened(balance="101.30")
    assert ledger.available == Decimal("0.04")
    ledger.fund(KEY, COIN, Decimal("0.0001"), PRICE)
    assert ledger.available == 0
    assert ledger.positions[KEY].margin == Decimal("100.60")
    assert ledger.everyone == Decimal("101.30")


def test_order_margin_is_not_available() -> None:
    ledger = Ledger(wallet=Decimal(100), reserved=Decimal(30))
    report = ledger.report(Decimal(0), "USDT")
    assert (report.available, report.order_margin, report.reserved) == (Decimal(70), Decimal(30), Decimal(30))


def test_open_profit_is_summed_over_positions() -> None:
    desk = Desk(COIN)
    desk.stand(Prices(Decimal(97), Decimal(97), Decimal(97)))
    assert Accounts({"USDT": _opened(-10)}, {COIN.symbol: desk}).unrealised("USDT") == 30


def test_a_part_that_loses_its_whole_share_takes_nothing_from_other_money() -> None:
    ledger = Ledger(wallet=Decimal(1))
    ledger.positions[KEY] = IsolatedPosition(holding=Holding(3, Decimal(300)), own=Decimal(1), opened_at=0)
    price = Decimal("99.666666666666")  # a loss of a third of the margin, rounded up
    ledger.close(KEY, COIN, -1, price, Decimal(0), price)
    assert ledger.available == 0
