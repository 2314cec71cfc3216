from __future__ import annotations

from decimal import Decimal

import pytest

from radtui.core.groups import OTHER, group_of, most_of


@pytest.mark.parametrize(
    ("base", "group"),
    [
        ("XBT", "major"), ("ETH", "major"), ("SOL", "layer 1"), ("ARB", "layer 2"), ("UNI", "defi"), ("DOGE", "meme"),
        ("1000PEPE", "meme"), ("1000000MOG", OTHER), ("1INCH", "defi"), ("BNB", "exchange"), ("NOBODY", OTHER),
    ],
)  # fmt: skip
def test_contracts_that_move_together(base: str, group: str) -> None:
    assert group_of(base) == group


@pytest.mark.parametrize(
    ("positions", "most", "other"),
    [(1, 2, 2), (5, 2, 3), (7, 2, 4), (8, 3, 5), (10, 4, 7), (12, 4, 8), (13, 5, 9), (100, 40, 70)],
)
def test_two_or_four_tenths_of_a_group_and_seven_of_the_rest(positions: int, most: int, other: int) -> None:
    assert most_of("major", positions, Decimal("0.4")) == most
    assert most_of(OTHER, positions, Decimal("0.4")) == other


def test_a_share_of_one_holds_nobody_back() -> None:
    assert most_of("major", 10, Decimal(1)) == most_of(OTHER, 10, Decimal(1)) == 10
