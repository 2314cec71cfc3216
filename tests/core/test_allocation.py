"""How the equity is shared out, and what would bring the account there."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.allocation import PortfolioTerms, Priced, Stance, allocation, rebalanced, share_of
from radtui.strategies.proving import contract

EQUITY = Decimal(10_000)


@pytest.mark.parametrize(
    ("stance", "share"), [(Stance.CONSERVATIVE, "0.40"), (Stance.MODERATE, "0.60"), (Stance.AGGRESSIVE, "0.8")]
)
def test_each_stance_uses_its_part_of_four_fifths(stance: Stance, share: str) -> None:
    assert share_of(stance) == Decimal(share)


def test_shares_follow_confidence_and_side() -> None:
    wanted = {"A": Decimal("0.9"), "B": Decimal("-0.6"), "C": Decimal(0)}
    shares = allocation(wanted, Stance.AGGRESSIVE)
    assert shares == {"A": Decimal("0.48"), "B": Decimal("-0.32"), "C": Decimal(0)}


def test_where_nothing_is_wanted_nothing_is_allocated() -> None:
    assert allocation({"A": Decimal(0)}, Stance.AGGRESSIVE) == {"A": Decimal(0)}
    assert allocation({}, Stance.AGGRESSIVE) == {}


@given(
    st.dictionaries(st.text("ABC", min_size=1), st.decimals(-1, 1, places=4), max_size=8), st.sampled_from(list(Stance))
)
def test_all_shares_together_are_the_stances(wanted: dict[str, Decimal], stance: Stance) -> None:
    shares = allocation(wanted, stance)
    total = sum(map(abs, shares.values()), Decimal(0))
    assert total == 0 or abs(total - share_of(stance)) < Decimal("1e-9")
    assert all(share * wanted[symbol] >= 0 for symbol, share in shares.items())


def test_what_is_held_beyond_its_target_is_sold_and_what_lacks_is_bought() -> None:
    held = {"A": Decimal(5_000), "B": Decimal(-1_000), "GONE": Decimal(600)}
    targets = {"A": Decimal("0.3"), "B": Decimal("-0.1"), "NEW": Decimal("0.1")}
    moves = {each.symbol: each for each in rebalanced(held, targets, EQUITY, PortfolioTerms())}
    assert {symbol: each.action for symbol, each in moves.items()} == {
        "A": "sell",
        "NEW": "buy",
        "GONE": "sell",
        "B": "hold",
    }
    assert (moves["A"].current, moves["A"].difference, moves["A"].value) == (
        Decimal("0.5"),
        Decimal("-0.2"),
        Decimal(2_000),
    )
    assert list(moves)[:2] == ["A", "NEW"]


@pytest.mark.parametrize(("target", "action"), [("0.0499", "hold"), ("0.05", "buy"), ("-0.05", "sell")])
def test_a_small_difference_is_left_alone(target: str, action: str) -> None:
    (move,) = rebalanced({}, {"A": Decimal(target)}, EQUITY, PortfolioTerms())
    assert move.action == action


def test_without_an_equity_nothing_is_proposed() -> None:
    assert rebalanced({"A": Decimal(1)}, {"A": Decimal("0.5")}, Decimal(0), PortfolioTerms()) == ()


@pytest.mark.parametrize(
    ("price", "target", "lots"),
    [("100", "0.1", 10_000), ("99.99", "0.1", 10_001), ("100", "-0.1", 10_000), ("30000", "0.00029", 0)],
)
def test_a_difference_is_told_in_whole_lots_rounded_down(price: str, target: str, lots: int) -> None:
    held = Priced(contract(), Decimal(price))
    assert held.instrument.multiplier == Decimal("0.001")
    (move,) = rebalanced({}, {"A": Decimal(target)}, EQUITY, PortfolioTerms(), {"A": held})
    assert (move.price, move.lots) == (Decimal(price), lots)


def test_where_no_price_is_known_no_lots_are_made_up() -> None:
    (move,) = rebalanced({}, {"A": Decimal("0.5")}, EQUITY, PortfolioTerms())
    assert (move.price, move.lots) == (None, None)
