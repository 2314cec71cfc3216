from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN

from radtui.core.money import LEDGER
from radtui.core.order import PositionSide
from radtui.venue.margin import IsolatedPosition, cost_of, flat_report
from radtui.venue.position import FLAT


def _position(lots: int, price: Decimal, leverage: int) -> IsolatedPosition:
    cost = cost_of(COIN, price, abs(lots), leverage, COIN.taker_fee)
    blank = IsolatedPosition(holding=FLAT, opened_at=7)
    return blank.grown(FLAT.after(lots, price, COIN)[0], cost)


positions = st.builds(
    _position,
    st.integers(-500, 500).filter(bool),
    st.integers(100, 5000).map(lambda n: n * COIN.tick),
    st.integers(2, 125),
)


@settings(deadline=None, max_examples=80)
@given(positions)
def test_a_close_at_the_bankruptcy_price_costs_no_more_than_the_margin(position: IsolatedPosition) -> None:
    price = position.bankruptcy_price(COIN)
    fee = COIN.notional(price, abs(position.lots)) * COIN.taker_fee
    assert price % COIN.tick == 0
    assert position.margin + position.holding.unrealised(price, COIN) - fee >= 0
    worse = price - 2 * COIN.tick * (1 if position.lots > 0 else -1)
    assert position.bankrupt_at(worse, COIN)


@settings(deadline=None, max_examples=80)
@given(positions)
def test_the_liquidation_price_is_the_first_that_liquidates(position: IsolatedPosition) -> None:
    price, sign = position.liquidation_price(COIN), 1 if position.lots > 0 else -1
    assert position.liquidated_at(price, COIN)
    assert not position.liquidated_at(price + sign * COIN.tick, COIN)
    assert (price - position.bankruptcy_price(COIN)) * sign >= -COIN.tick


def test_the_published_formulas_long() -> None:
    position = _position(10, Decimal(100), 10)
    # initial 1000 / 10; closing fee 0.0006 × 1000 × 1.1; requirement 1000 × 0.004 + closing fee
    assert (position.margin, position.closing_fee) == (Decimal("100.66"), Decimal("0.66"))
    assert position.requirement(COIN) == Decimal("4.66")
    assert position.bankruptcy_price(COIN) == Decimal(100) - Decimal(100) / 10
    assert position.liquidation_price(COIN) == Decimal(100) - (Decimal("100.66") - Decimal("4.66")) / 10


def test_the_published_formulas_short() -> None:
    position = _position(-10, Decimal(100), 10)
    assert position.bankruptcy_price(COIN) == Decimal(110)
    assert position.liquidation_price(COIN) == Decimal("109.6")


def test_a_close_is_never_worse_than_bankruptcy() -> None:
    long, short = _position(10, Decimal(100), 10), _position(-10, Decimal(100), 10)
    assert [long.no_worse(Decimal(price), COIN) for price in (95, 80)] == [Decimal(95), Decimal(90)]
    assert [short.no_worse(Decimal(price), COIN) for price in (105, 120)] == [Decimal(105), Decimal(110)]


def test_what_can_be_closed_depends_on_the_side() -> None:
    assert _position(10, Decimal(100), 10).closable(-1) == 10
    assert _position(10, Decimal(100), 10).closable(1) == 0
    assert _position(-4, Decimal(100), 10).closable(1) == 4


def test_the_report_shows_the_effective_leverage_and_the_open_profit() -> None:
    report = _position(-10, Decimal(100), 4).report(COIN, PositionSide.BOTH, Decimal(98))
    assert (report.lots, report.entry, report.leverage) == (-10, Decimal(100), 4)
    assert (report.unrealised, report.opened_at) == (Decimal(20), 7)
    assert report.maintenance == Decimal("4.75")


def test_a_position_at_leverage_1_is_bankrupt_at_the_last_tick() -> None:
    assert _position(10, Decimal(100), 1).bankruptcy_price(COIN) == COIN.tick


def test_a_flat_report_has_no_figures_but_the_mark() -> None:
    report = flat_report(COIN, PositionSide.BOTH, Decimal(98), "isolated")
    assert (report.lots, report.margin, report.mark) == (0, Decimal(0), Decimal(98))


def test_a_grain_that_is_missing_moves_the_bankruptcy_price_by_a_tick() -> None:
    whole = _position(-10, Decimal(100), 10)
    short = whole.charged(LEDGER)
    assert (whole.bankruptcy_price(COIN), short.bankruptcy_price(COIN)) == (Decimal(110), Decimal("109.9"))
