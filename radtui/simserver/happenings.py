"""What happens on the account and is no message of the venue's: settings that a request changed."""

from __future__ import annotations

import msgspec

from radtui.core.order import MarginMode


class MarginModeSet(msgspec.Struct, frozen=True):
    """Contracts changed between isolated and cross margin."""

    modes: dict[str, MarginMode]


class CrossLeverageSet(msgspec.Struct, frozen=True):
    """A contract's leverage in cross margin changed."""

    symbol: str
    leverage: int


class RiskLimitSet(msgspec.Struct, frozen=True):
    """The outcome of a change of the risk limit level; `message` says why it failed."""

    symbol: str
    level: int
    success: bool = True
    message: str = ""


class MarginMoved(msgspec.Struct, frozen=True):
    """Margin was added to a position or taken from it."""

    symbol: str


class AutoDepositSet(msgspec.Struct, frozen=True):
    """Whether a position tops up its own margin was changed."""

    symbol: str
    on: bool


class Transferred(msgspec.Struct, frozen=True):
    """Money came into the futures account or left it."""

    currency: str


Happening = MarginModeSet | CrossLeverageSet | RiskLimitSet | MarginMoved | AutoDepositSet | Transferred
