"""The bodies of requests. Each may be left out; what is not known in it is refused."""

from __future__ import annotations

from typing import Annotated, TypedDict

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


class Particulars(TypedDict, total=False):
    """What only some instructions say."""

    exits: ExitPolicy | None
    subject: str
    foreign: bool


class Instructing(BaseModel):
    """Why something is asked for. Who asks is what the kernel says of the other end of the socket."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    why: Annotated[str, Field(max_length=200, description="One line for people, kept in the journal.")] = ""
    who: Annotated[
        str,
        Field(max_length=40, pattern=r"^[\w.@-]*$", description="The program that asks; added to the user's name."),
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

    foreign: Annotated[bool, Field(description="Also cancel and close what is not this bot's.")] = False

    def particulars(self) -> Particulars:
        """Return whose things go."""
        return {"foreign": self.foreign}


class Previewing(ShuttingDown):
    """What an emergency stop would do; with `exits` keep, what a stop would."""

    foreign: Annotated[bool, Field(description="As if what is not this bot's were to go, too.")] = False

    def particulars(self) -> Particulars:
        """Return what it is about."""
        return {"exits": self.exits, "foreign": self.foreign}


class ResettingBreakers(Instructing):
    """Letting entries through again."""

    breaker: Annotated[
        str, Field(max_length=40, description="One trading breaker; all that are tripped without it.")
    ] = ""

    def particulars(self) -> Particulars:
        """Return which one."""
        return {"subject": self.breaker}
