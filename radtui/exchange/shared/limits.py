"""What entries of all bots of an account together may use."""

from __future__ import annotations

from decimal import Decimal

import msgspec


class AccountLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits.

    Attributes:
        exposure: gross exposure, netted by coin, in times the account's equity.
        margin_share: of the account's equity.
    """

    exposure: Decimal = Decimal("1.5")
    margin_share: Decimal = Decimal("0.6")
