from __future__ import annotations

from decimal import Decimal

import pytest

from radtui.core.exit_terms import HOUSE, LADDER, ExitTerms
from radtui.core.market import HOUR


def test_the_house_has_the_figures_of_the_row() -> None:
    shares = (HOUSE.stop, HOUSE.stop_least, HOUSE.stop_most, HOUSE.trailing_least, HOUSE.trailing_most)
    assert [str(share) for share in shares] == ["0.025", "0.015", "0.08", "0.005", "0.05"]
    assert (HOUSE.reward, HOUSE.stall_after, HOUSE.longest) == (2, 4 * HOUR, 24 * HOUR)


def test_the_ladder_has_the_greatest_profit_first() -> None:
    gains = [rung.gain for rung in LADDER]
    assert gains == sorted(gains, reverse=True)
    assert [(str(rung.gain), str(rung.beyond)) for rung in LADDER] == [
        ("0.2", "0"), ("0.15", "0.02"), ("0.1", "0.02"), ("0.08", "0.03"), ("0.05", "0.05"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "terms",
    [
        ExitTerms(trailing=Decimal("0.02")),
        ExitTerms(break_even=Decimal("0.02")),
        ExitTerms(ladder=LADDER),
        ExitTerms(stall_after=1),
        ExitTerms(longest=1),
    ],
)
def test_any_rule_makes_the_terms_active(terms: ExitTerms) -> None:
    assert terms.active
    assert not ExitTerms(stop=Decimal("0.1"), reward=Decimal(2)).active, "those are of the entry"
