"""What a bot may use by the balance that is free (row C3): a small account is let risk less of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one step of the balance; None where something stronger has set that limit.

    Attributes:
        below: the free balance under which it holds, USDT; None for all that is more.
        leverage, position_share, risk_share: as in `radtui.core.config.Limits`.
    """

    below: Decimal | None
    leverage: int | None
    position_share: Decimal | None
    risk_share: Decimal | None


def _tier(below: int | None, leverage: int, share: str, risk: str) -> Tier:
    return Tier(
        below=None if below is None else Decimal(below),
        leverage=leverage,
        position_share=Decimal(share),
        risk_share=Decimal(risk),
    )


BY_BALANCE: Final = (
    _tier(100, 5, "0.3", "0.01"),
    _tier(1_000, 7, "0.4", "0.015"),
    _tier(10_000, 10, "0.5", "0.02"),
    _tier(100_000, 12, "0.6", "0.025"),
    _tier(None, 15, "0.6", "0.03"),
)
"""Row C3, lowest first."""


def tier_of(free: Decimal, tiers: Sequence[Tier]) -> Tier | None:
    """Return the tier that a free balance lies in; None where there are none."""
    return next((tier for tier in tiers if tier.below is None or free < tier.below), None)
