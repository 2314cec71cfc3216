"""Netted by coin, then summed without signs; and the order of the parts is of no matter."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.exposure import Exposure, together

AMOUNTS = st.decimals(-1000, 1000, places=4)
PARTS = st.lists(
    st.builds(
        lambda coins, margin: Exposure(coins=coins, margin=margin),
        st.dictionaries(st.sampled_from(["XBT", "ETH", "SOL"]), AMOUNTS),
        st.decimals(0, 1000, places=4),
    ),
    max_size=5,
)


@given(PARTS, st.randoms(use_true_random=False))
def test_together_is_the_sum_in_any_order(parts: list[Exposure], random: object) -> None:
    shuffled = sorted(parts, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert together(parts) == together(shuffled)
    assert together(parts).margin == sum(part.margin for part in parts)
    assert together(parts).gross <= sum(part.gross for part in parts), "netting never makes it more"


def test_a_long_of_one_and_a_short_of_another_cancel() -> None:
    long = Exposure(coins={"XBT": Decimal(500), "ETH": Decimal(100)}, margin=Decimal(200))
    short = Exposure(coins={"XBT": Decimal(-500)}, margin=Decimal(100))
    assert long.beside(short) == Exposure(coins={"ETH": Decimal(100)}, margin=Decimal(300))
    assert long.plus("XBT", Decimal(-700)).gross == 300
