"""How figures stand in JSON."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.http import write_json
from radtui.simserver.render.figures import coarse, millis, number, rounded, text, whole

MONEY = st.decimals(min_value=-(10**12), max_value=10**12, places=12)


@given(MONEY)
def test_nothing_is_lost_and_no_exponent_shows(amount: Decimal) -> None:
    assert number(amount) == Decimal(text(amount)) == amount
    assert "E" not in text(amount)
    assert Decimal(write_json(number(amount)).decode()) == amount


def test_no_trailing_zeros_and_no_negative_zero() -> None:
    assert [text(Decimal(one)) for one in ("1.500", "100", "1E+3", "0E-12", "-0")] == ["1.5", "100", "1000", "0", "0"]
    assert [str(number(Decimal(one))) for one in ("1.500", "1E+3", "0E-12", "-0")] == ["1.5", "1000", "0", "0"]


def test_rounding_and_times() -> None:
    assert rounded(Decimal("0.00126"), 4) == Decimal("0.0013")
    assert whole(Decimal("5.9")) == 5
    assert millis(1_758_421_075_974_123_456) == 1_758_421_075_974
    assert coarse(1_758_421_075_974_123_456) == 1_758_421_075_974_000_000
