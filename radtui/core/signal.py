"""What a strategy says: probabilities, confidence, a stop, a target and a reason. Never an order."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec


class Action(StrEnum):
    """What the probabilities of a signal add up to."""

    BUY = "buy"
    SELL = "sell"
    HOLD = "hold"


class Signal(msgspec.Struct, frozen=True):
    """One strategy's view of one symbol at the close of one candle.

    Attributes:
        buy, sell, hold: probabilities in [0, 1] that sum to 1.
        confidence: how far the strategy trusts them, in [0, 1].
        stop: price at which the idea is wrong; None where the signal opens nothing.
        target: price at which the idea is done; None for none.
        reason: one line for people.
    """

    buy: float
    sell: float
    hold: float
    confidence: float
    reason: str
    stop: Decimal | None = None
    target: Decimal | None = None

    @property
    def action(self) -> Action:
        """The likeliest of the three; a tie holds."""
        if self.buy > max(self.sell, self.hold):
            return Action.BUY
        return Action.SELL if self.sell > max(self.buy, self.hold) else Action.HOLD

    def fault(self) -> str:
        """Return what makes this signal unusable, or an empty text."""
        odds = (self.buy, self.sell, self.hold)
        for name, value in zip(("buy", "sell", "hold", "confidence"), (*odds, self.confidence), strict=True):
            if not 0 <= value <= 1:  # which nothing is that is no number
                return f"{name} is {value:g}; probabilities and confidence must lie in [0, 1]"
        if not all(price is None or (price.is_finite() and price > 0) for price in (self.stop, self.target)):
            return "stop and target must be prices above 0"
        if abs(sum(odds) - 1) > 1e-6:
            return f"probabilities sum to {sum(odds):.6f}, not 1"
        return ""


HOLD = Signal(buy=0.0, sell=0.0, hold=1.0, confidence=0.0, reason="nothing to do")
