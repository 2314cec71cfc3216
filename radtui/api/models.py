"""The bodies of requests. Each may be left out; what is not known in it is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self, TypedDict

from fastapi import Header, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import ExitPolicy
from radtui.core.order import Side
from radtui.core.signal import Signal

LONGEST_WAIT = 600
"""Seconds that one request may wait for a receipt."""

Wait = Annotated[
    float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the receipt; then the answer is 202.")
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=128,
        pattern=r"^[\x21-\x7e]+$",
        description="Of your own making: the same key is the same instruction, however often it is sent.",
    ),
]


def _as_text(amount: object) -> object:
    if isinstance(amount, str | Decimal | None):
        return amount
    raise ValueError('amounts are text, as in "60000.1": a number of JSON may lose digits')


Amount = Annotated[
    Decimal,
    BeforeValidator(_as_text),
    Field(gt=0, max_digits=24, decimal_places=12, allow_inf_nan=False),
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,12})?$"}),
]
"""Money that may not lose a digit."""
Price = Annotated[Decimal, Field(gt=0, max_digits=24, decimal_places=12, allow_inf_nan=False)]


class Particulars(TypedDict, total=False):
    """What only some instructions say."""

    exits: ExitPolicy | None
    subject: str
    foreign: bool
    order: HandOrder | None


class Instructing(BaseModel):
    """Why something is asked for. Who asks is what the kernel says of the other end of the socket."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    why: Annotated[
        str,
        Field(max_length=200, description="One line for people, kept in the journal.", examples=["the market is thin"]),
    ] = ""
    who: Annotated[
        str,
        Field(
            max_length=40,
            pattern=r"^[\w.@-]*$",
            description="The program that asks; added to the user's name.",
            examples=["cron"],
        ),
    ] = ""

    def particulars(self) -> Particulars:
        """Return what belongs to this instruction only, as `EngineHandle.send` takes it."""
        return {}


class ShuttingDown(Instructing):
    """A graceful shutdown."""

    exits: Annotated[
        ExitPolicy | None,
        Field(description="Keep positions with their stops, or close them; as configured without it."),
    ] = None

    def particulars(self) -> Particulars:
        """Return the policy."""
        return {"exits": self.exits}


class EmergencyStopping(Instructing):
    """An emergency stop."""

    foreign: Annotated[bool, Field(strict=True, description="Also cancel and close what is not this bot's.")] = False

    def particulars(self) -> Particulars:
        """Return whose things go."""
        return {"foreign": self.foreign}


class Previewing(ShuttingDown):
    """What an emergency stop would do; with `exits` keep, what a stop would."""

    foreign: Annotated[bool, Field(strict=True, description="As if what is not this bot's were to go, too.")] = False

    def particulars(self) -> Particulars:
        """Return what it is about."""
        return {"exits": self.exits, "foreign": self.foreign}


class CancellingOrder(Instructing):
    """One order that is to go; the address names it."""

    order: str

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.order}


class PlacingOrder(Instructing):
    """An order by hand. Prices and coins are text, for a number of JSON may lose digits."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"symbol": "XBTUSDTM", "side": "buy", "lots": 10, "type": "limit", "price": "60000", "stop": "58800"},
                {"symbol": "XBTUSDTM", "side": "sell", "close": True, "why": "the news"},
            ]
        }
    )

    symbol: Annotated[
        str, Field(pattern=r"^[A-Z0-9]{2,30}$", description="A contract that is traded here.", examples=["XBTUSDTM"])
    ]
    side: Side
    type: Annotated[HandType, Field(description="A stop enters once the market has come to its price.")] = (
        HandType.MARKET
    )
    lots: Annotated[int | None, Field(strict=True, ge=1, le=1_000_000_000, description="Whole lots.")] = None
    coins: Annotated[
        Amount | None, Field(description="The size in base coins, in place of lots; refused unless whole lots.")
    ] = None
    price: Annotated[Amount | None, Field(description="Limit of a limit order, trigger of a stop order.")] = None
    reduce_only: Annotated[bool, Field(strict=True, description="It may only make the position smaller.")] = False
    close: Annotated[bool, Field(strict=True, description="It closes the whole position; it has no size.")] = False
    stop: Annotated[
        Amount | None, Field(description="Trigger of the new position's stop; as far as allowed without it.")
    ] = None
    target: Annotated[Amount | None, Field(description="Where the new position's profit is taken.")] = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if faults := self.meant().faults:
            raise ValueError("; ".join(faults))
        return self

    def meant(self) -> HandOrder:
        """Return the order."""
        named = {field: getattr(self, field) for field in HandOrder.__struct_fields__ if field != "key"}
        return HandOrder(**named)

    def particulars(self) -> Particulars:
        """Return what is to be placed."""
        return {"order": self.meant()}


class Proposing(BaseModel):
    """An entry as it could be: it is weighed, and never sent."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        json_schema_extra={
            "examples": [{"symbol": "XBTUSDTM", "side": "buy", "confidence": 0.71, "probability": 0.8, "lots": 10}]
        },
    )

    symbol: Annotated[
        str, Field(pattern=r"^[A-Z0-9]{2,30}$", description="A contract that is traded here.", examples=["XBTUSDTM"])
    ]
    side: Literal["buy", "sell"]
    confidence: Annotated[
        float, Field(strict=True, ge=0, le=1, allow_inf_nan=False, description="How sure the idea is of itself.")
    ]
    probability: Annotated[
        float,
        Field(
            strict=True, gt=0.5, le=1, allow_inf_nan=False, description="That the market goes that way; above one half."
        ),
    ] = 1.0
    price: Annotated[Price | None, Field(description="Instead of the last one.")] = None
    stop: Annotated[
        Price | None, Field(description="Where the idea is wrong; without it the farthest one allowed.")
    ] = None
    lots: Annotated[
        int | None, Field(strict=True, ge=1, le=1_000_000_000, description="No more than the engine would take.")
    ] = None
    leverage: Annotated[int | None, Field(strict=True, ge=1, le=125, description="No more than is configured.")] = None

    @property
    def signal(self) -> Signal:
        """The idea as the engine has it."""
        buy, sell = (self.probability, 0.0) if self.side == "buy" else (0.0, self.probability)
        hold, reason = 1.0 - self.probability, "asked by hand"
        return Signal(buy=buy, sell=sell, hold=hold, confidence=self.confidence, reason=reason, stop=self.stop)


class ResettingBreakers(Instructing):
    """Letting entries through again."""

    breaker: Annotated[
        str, Field(max_length=40, description="One trading breaker; all that are tripped without it.")
    ] = ""

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.breaker}
