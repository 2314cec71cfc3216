"""How the account is set up: margin mode, cross leverage and risk level of each contract, and the position mode."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.order import MarginMode, OrderRequest, PositionSide
from radtui.venue.refusals import HEDGE_NEEDS_SIDE, MARGIN_MODE_DIFFERS, ONE_WAY_HAS_NO_SIDE, VenueRefusal

_USUAL_LEVERAGE: Final = 10


class PositionMode(StrEnum):
    """Whether a contract has one position or a long and a short one, in KuCoin's figures."""

    ONE_WAY = "0"
    HEDGE = "1"


class Modes(msgspec.Struct):
    """What was chosen; a contract that is not named has the usual: isolated, 10× (or its highest) in cross, level 1."""

    position_mode: PositionMode = PositionMode.ONE_WAY
    margin_modes: dict[str, MarginMode] = {}
    leverages: dict[str, int] = {}
    levels: dict[str, int] = {}
    auto_deposit: dict[str, bool] = {}

    def margin_mode(self, symbol: str) -> MarginMode:
        """Return a contract's margin mode."""
        return self.margin_modes.get(symbol, MarginMode.ISOLATED)

    def cross_leverage(self, instrument: Instrument) -> int:
        """Return a contract's leverage in cross margin."""
        chosen = self.leverages.get(instrument.symbol, _USUAL_LEVERAGE)
        return min(chosen, instrument.max_leverage)

    def leverage(self, request: OrderRequest, instrument: Instrument) -> int:
        """Return the leverage an order opens with."""
        if request.margin_mode is MarginMode.CROSS:
            return self.cross_leverage(instrument)
        return request.leverage

    def check(self, request: OrderRequest) -> None:
        """Refuse an order that was meant for another set-up.

        Raises:
            VenueRefusal: 330005, 330011 or 330012.
        """
        mode = self.margin_mode(request.symbol)
        if request.margin_mode is not mode:
            raise VenueRefusal(
                MARGIN_MODE_DIFFERS,
                f"the order is {request.margin_mode}, {request.symbol} is set to {mode}; change one of them",
            )
        hedge, named = self.position_mode is PositionMode.HEDGE, request.position_side is not PositionSide.BOTH
        if named and not hedge:
            raise VenueRefusal(
                ONE_WAY_HAS_NO_SIDE,
                "the account is in one-way mode: the position side must be BOTH, or switch the mode",
            )
        if hedge and not named:
            raise VenueRefusal(
                HEDGE_NEEDS_SIDE, "the account is in hedge mode: the position side must be LONG or SHORT, or switch it"
            )
