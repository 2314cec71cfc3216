"""What an operator asks for, and the two answers: an Ack at once, a Receipt when it is done (rows L2, L3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from radtui.core.configuration_view import Change
from radtui.core.hand_order import HandOrder
from radtui.core.outcome import Cancelled, Closed, Placed
from radtui.core.preview import Preview
from radtui.core.shown import Shown
from radtui.core.why_day import WhyDay

ENDED: Final = "ended"
"""The status of a receipt from an engine that is no more."""


class Ask(StrEnum):
    """The commands of row L2; the same from a key, the command line and the API."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    SHUTDOWN = "shutdown"
    EMERGENCY_STOP = "emergency-stop"
    RESET_METRICS = "reset-metrics"
    PREVIEW = "preview"
    RESET_BREAKERS = "reset-breakers"
    ACKNOWLEDGE = "acknowledge"
    TEST_ALERTS = "test-alerts"
    CANCEL_ORDER = "cancel-order"
    PLACE_ORDER = "place-order"
    CHECK_CONFIG = "check-config"
    RELOAD_CONFIG = "reload-config"
    ROLLBACK_CONFIG = "rollback-config"
    CHANGE_CONFIG = "change-config"
    BACKTEST = "backtest"
    CANCEL_BACKTEST = "cancel-backtest"
    WHY_DAY = "why-day"


class ExitPolicy(StrEnum):
    """What a graceful shutdown does with open positions (row L8)."""

    KEEP = "keep"
    FLATTEN = "flatten"


class Instruction(msgspec.Struct, frozen=True, kw_only=True):
    """One command of an operator.

    Attributes:
        id: unique; the Ack and the Receipt carry it.
        who: for example ``key:alice``, ``cli:alice``, ``signal:SIGTERM``.
        exits: for a shutdown, what to do with positions; None takes the configured policy. Of a preview, KEEP asks for
            what a stop would do, all else for what an emergency stop would.
        foreign: an emergency stop cancels and closes what is not this bot's, too.
        subject: of a reset of breakers, the one that is meant; empty for all that are tripped. Of a cancel, the order,
            by our id or the exchange's. Of a change (or check) of the configuration, a JSON object of names and texts.
            Of a backtest, a `BacktestRequest` as JSON; of its cancel, its id, or empty for the one that runs. Of a
            question what a day came to, the market day; empty for today.
        order: what is to be placed by hand.
    """

    id: str
    ask: Ask
    who: str
    why: str = ""
    exits: ExitPolicy | None = None
    foreign: bool = False
    subject: str = ""
    order: HandOrder | None = None


class Ack(msgspec.Struct, frozen=True, kw_only=True):
    """The immediate answer: the instruction was heard. What came of it is the Receipt."""

    id: str
    ask: Ask
    at: int


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an instruction.

    Attributes:
        success: False where nothing happened.
        refused: the state did not admit it (HTTP 400); a start while running is not a refusal but a no-op.
        message: for people; the fixed texts of row L3 where it names one.
        status: the bot's state afterwards, or ``reset``, or `ENDED`.
        orders_cancelled, positions_closed, stops_cancelled: what was done, a line each.
        cancelled, closed: the same as values, stops and somebody else's orders (where that was asked) among them.
        shown: the reading of the exchange that it rests on; None where nothing needed one, or none could be had.
        orders_left, positions_left, stops_left: what `shown` has of ours, a line each; without it, by our own books.
        unverified: what the exchange did not show as it should be, a line each. Empty where it did.
        preview: what would be done; nothing was.
        foreign: what is not ours and was left alone, a line each.
        unwritten: why the receipt is not on disk, so that the next start may ask the exchange for it all once more.
        placed: the order that was placed by hand, as it stands. refusals: why none was, a line each.
        changes: settings that were changed, or would be, and those that wait for a restart.
        day: what kept the bot from trading on the day that was asked about.
    """

    id: str
    ask: Ask
    success: bool
    message: str
    status: str
    at: int
    who: str = ""
    refused: bool = False
    orders_cancelled: tuple[str, ...] = ()
    positions_closed: tuple[str, ...] = ()
    stops_cancelled: tuple[str, ...] = ()
    orders_left: tuple[str, ...] = ()
    positions_left: tuple[str, ...] = ()
    stops_left: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    cancelled: tuple[Cancelled, ...] = ()
    closed: tuple[Closed, ...] = ()
    shown: Shown | None = None
    unverified: tuple[str, ...] = ()
    preview: Preview | None = None
    unwritten: str = ""
    changes: tuple[Change, ...] = ()
    placed: Placed | None = None
    refusals: tuple[str, ...] = ()
    day: WhyDay | None = None
