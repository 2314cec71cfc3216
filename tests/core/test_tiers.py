from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.config import Limits
from radtui.core.tiers import BY_BALANCE, tier_of


@given(st.decimals(0, 10**9, places=2))
def test_every_balance_has_its_tier(free: Decimal) -> None:
    found = tier_of(free, BY_BALANCE)
    assert found is not None
    assert found.below is None or free < found.below
    assert all(tier.below is not None and free >= tier.below for tier in BY_BALANCE[: BY_BALANCE.index(found)])


def test_without_tiers_the_limits_are_as_they_are() -> None:
    limits = Limits()
    assert tier_of(Decimal(5), ()) is None
    assert limits.at(Decimal(5)) is limits


def test_what_something_stronger_has_set_is_not_the_tiers() -> None:
    tiers = tuple(msgspec.structs.replace(tier, leverage=None) for tier in BY_BALANCE)
    held = Limits(leverage=2, tiers=tiers).at(Decimal(50))
    assert (held.leverage, held.position_share, held.risk_share) == (2, Decimal("0.3"), Decimal("0.01"))
