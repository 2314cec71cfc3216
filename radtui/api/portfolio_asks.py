"""The bodies of questions about the portfolio. Nothing is sent or kept of what they come to."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from radtui.core.allocation import PortfolioTerms, Stance
from radtui.core.signal import Signal

_STRICT = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
_SUM = 1e-6
MOST = 100
"""Signals or contracts in one question."""
Contract = Annotated[
    str, Field(pattern=r"^[A-Z0-9]{2,30}$", description="A contract that is traded here.", examples=["XBTUSDTM"])
]
Odds = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
TargetShare = Annotated[
    Decimal, Field(ge=-125, le=125, max_digits=12, decimal_places=8, allow_inf_nan=False, examples=[0.25])
]


class Wanting(BaseModel):
    """One contract that is wanted."""

    model_config = _STRICT

    symbol: Contract
    side: Literal["buy", "sell"]
    confidence: Odds

    @property
    def signed(self) -> Decimal:
        """The confidence; negative for a short."""
        amount = Decimal(repr(self.confidence))
        return amount if self.side == "buy" else -amount


class Allocating(BaseModel):
    """What is wanted, and how much of the equity is used; without a stance, as configured."""

    model_config = _STRICT

    signals: Annotated[
        tuple[Wanting, ...],
        Field(
            min_length=1,
            max_length=MOST,
            description="One a contract.",
            examples=[[{"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.7}]],
        ),
    ]
    stance: Stance | None = None

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [each.symbol for each in self.signals]
        if len(set(names)) < len(names):
            raise ValueError("each contract is named once")
        return self

    @property
    def wanted(self) -> dict[str, Decimal]:
        """Signed confidence by symbol."""
        return {each.symbol: each.signed for each in self.signals}


class Saying(BaseModel):
    """What one strategy says about one contract; the probabilities sum to 1."""

    model_config = _STRICT

    strategy: Annotated[str, Field(min_length=1, max_length=100, examples=["ema_cross"])]
    symbol: Contract
    buy: Odds
    sell: Odds
    hold: Odds
    confidence: Odds

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if abs(self.buy + self.sell + self.hold - 1) > _SUM:
            raise ValueError("buy, sell and hold sum to 1")
        return self

    @property
    def signal(self) -> Signal:
        """The same as the engine has it; without a stop, which is then as far as allowed."""
        return Signal(buy=self.buy, sell=self.sell, hold=self.hold, confidence=self.confidence, reason="")


class Processing(BaseModel):
    """What several strategies say."""

    model_config = ConfigDict(
        **_STRICT,
        json_schema_extra={
            "examples": [
                {
                    "signals": [
                        {"strategy": "ema_cross", "symbol": "XBTUSDTM", "buy": 0.8, "sell": 0.1, "hold": 0.1,
                         "confidence": 0.7},
                    ]
                }
            ]
        },
    )  # fmt: skip

    signals: Annotated[tuple[Saying, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        names = [(each.strategy, each.symbol) for each in self.signals]
        if len(set(names)) < len(names):
            raise ValueError("each strategy speaks once about a contract")
        return self

    @property
    def by_symbol(self) -> dict[str, dict[str, Signal]]:
        """What each strategy says, by symbol."""
        found: dict[str, dict[str, Signal]] = {}
        for each in self.signals:
            found.setdefault(each.symbol, {})[each.strategy] = each.signal
        return found


class Balancing(BaseModel):
    """Where the account should go; without targets, where its latest signals and its stance lead."""

    model_config = _STRICT

    targets: Annotated[
        dict[Contract, TargetShare] | None,
        Field(
            max_length=MOST,
            description="Share of the equity by contract, negative for a short; what is held and not named goes.",
            examples=[{"XBTUSDTM": 0.25, "ETHUSDTM": -0.1}],
        ),
    ] = None
    least_change: Annotated[
        Decimal,
        Field(ge=0, le=1, allow_inf_nan=False, description="Difference below which a contract is left as it is."),
    ] = PortfolioTerms().least_change
