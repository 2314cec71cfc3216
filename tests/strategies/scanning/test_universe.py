"""Which contracts are looked at: turnover, the majors, and what happens where few have enough."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from radtui.core.listed import Listed
from radtui.strategies.proving import contract
from radtui.strategies.scanning.universe import MAJORS, Universe, liquid


def listed(base: str, turnover: int | str) -> Listed:
    return Listed(replace(contract(), symbol=f"{base}USDTM", base=base), Decimal(turnover))


def bases(*found: Listed) -> list[str]:
    return [each.instrument.base for each in found]


ENOUGH = [listed(f"C{number}", 2_000_000 + number) for number in range(5)]


@pytest.mark.parametrize(("turnover", "passes"), [("999999.99", False), ("1000000", True), ("1000000.01", True)])
def test_a_million_is_enough(turnover: str, passes: bool) -> None:
    chosen = liquid([*ENOUGH, listed("NEW", turnover)], Universe())
    assert ("NEW" in bases(*chosen.contracts)) is passes
    assert chosen.least == 1_000_000


def test_those_that_turned_over_most_come_first() -> None:
    assert bases(*liquid(ENOUGH, Universe()).contracts) == ["C4", "C3", "C2", "C1", "C0"]


@pytest.mark.parametrize("base", sorted(MAJORS))
def test_majors_are_exempt(base: str) -> None:
    assert base in bases(*liquid([*ENOUGH, listed(base, 0)], Universe()).contracts)


@pytest.mark.parametrize(("turnover", "passes"), [("499999.99", False), ("500000", True)])
def test_with_fewer_than_five_half_a_million_is_enough(turnover: str, passes: bool) -> None:
    chosen = liquid([*ENOUGH[:4], listed("NEW", turnover)], Universe())
    assert ("NEW" in bases(*chosen.contracts)) is passes
    assert chosen.least == 500_000


def test_it_is_never_relaxed_to_more() -> None:
    assert liquid([], Universe(least=Decimal(10), relaxed=Decimal(99))).least == 10
