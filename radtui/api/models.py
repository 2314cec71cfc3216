"""The bodies of requests. Each may be left out; what is not known in it is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from fastapi import Header, Query
from pydantic import BaseModel, ConfigDict, Field

from radtui.core.instruction import ExitPolicy

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


Price = Annotated[Decimal, Field(gt=0, max_digits=24, decimal_places=12, allow_inf_nan=False)]


class Particulars(TypedDict, total=False):
    """What only some instructions say."""

    exits: ExitPolicy | None
    subject: str
    foreign: bool


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


class ResettingBreakers(Instructing):
    """Letting entries through again."""

    breaker: Annotated[
        str, Field(max_length=40, description="One trading breaker; all that are tripped without it.")
    ] = ""

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.breaker}
