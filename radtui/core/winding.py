"""What is kept of stops on their way, so that they go on after a crash in the middle."""

from __future__ import annotations

import msgspec

from radtui.core.instruction import ExitPolicy, Instruction
from radtui.core.outcome import Cancelled
from radtui.core.tallies import Tally


class Asked(msgspec.Struct, frozen=True):
    """An instruction that waits for its receipt.

    Attributes:
        at: wall clock when it was first told.
        order: client id of the order that was placed for it.
    """

    instruction: Instruction
    at: int
    order: str = ""


class Winding(msgspec.Struct, frozen=True, kw_only=True):
    """All that wait, in the order in which they were told.

    Attributes:
        ending: a shutdown is among them, with what it does with positions.
        phase: what it was waiting for, for people.
        forced: the process was ended by force: a shutdown that keeps positions is then over, not taken up again.
        tallies, others: what was done so far: of own orders by client id, and of somebody else's by order id.
    """

    pending: tuple[Asked, ...] = ()
    ending: ExitPolicy | None = None
    phase: str = ""
    forced: bool = False
    tallies: dict[str, Tally] = {}
    others: dict[str, Cancelled] = {}
