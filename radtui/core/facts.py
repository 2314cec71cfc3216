"""What happened: the events an engine publishes and its journal keeps.

A fact is said once, by core, and travels in an `Envelope` with schema version, sequence, bot and who.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.account import AccountReport, PositionReport
from radtui.core.alert_view import AlertView
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.instruction import Instruction, Receipt
from radtui.core.lifecycle import Move
from radtui.core.money import ZERO
from radtui.core.order import Fill
from radtui.core.orders import Order
from radtui.core.recovery_report import RecoveryReport
from radtui.core.snapshot import SCHEMA
from radtui.core.why_view import WhyView


class Fact(msgspec.Struct, frozen=True, tag=True):
    """Anything that is published and kept."""


class StateChanged(Fact, frozen=True, tag=True):
    """The bot moved (row L1)."""

    move: Move


class Instructed(Fact, frozen=True, tag=True):
    """An operator asked for something; the audit trail."""

    instruction: Instruction


class Receipted(Fact, frozen=True, tag=True):
    """What came of it."""

    receipt: Receipt


class CycleEnded(Fact, frozen=True, tag=True):
    """One pass of the trading loop. `seconds` is its wall duration."""

    number: int
    ok: bool
    seconds: float
    error: str = ""


class OrderChanged(Fact, frozen=True, tag=True):
    """An order of ours was intended or changed its state."""

    order: Order


class Executed(Fact, frozen=True, tag=True):
    """A fill of ours. `realised` is the gross profit it took, None where it opened."""

    fill: Fill
    realised: Decimal | None = None


class PositionChanged(Fact, frozen=True, tag=True):
    """A position of ours opened, grew, shrank or closed (0 lots)."""

    position: PositionReport
    why: str = ""


class FundingSettled(Fact, frozen=True, tag=True):
    """Funding was paid (negative) or received."""

    symbol: str
    rate: Decimal
    amount: Decimal
    at: int


class EquityRead(Fact, frozen=True, tag=True):
    """The account's money at one moment of the market clock."""

    market_at: int
    account: AccountReport
    realised: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO


class Evaluated(Fact, frozen=True, tag=True):
    """A signal went through the gates (row S5: why it did or did not trade)."""

    why: WhyView


class BreakerMoved(Fact, frozen=True, tag=True):
    """A trading breaker tripped, or was reset."""

    breaker: TradingBreakerView
    why: str


class MetricsReset(Fact, frozen=True, tag=True):
    """The cycle metrics went to zero."""

    who: str


class Trouble(Fact, frozen=True, tag=True):
    """Something went wrong (row H5). `severity` is ``warning``, ``error`` or ``alarm``."""

    kind: str
    message: str
    where: str
    severity: str = "error"


class Alerted(Fact, frozen=True, tag=True):
    """An alert fired, was sent, acknowledged or resolved: as it stands now (rows M3, S11)."""

    alert: AlertView


class Found(Fact, frozen=True, tag=True):
    """One difference between what the journal knew and what the exchange shows, and what was done.

    See `radtui.core.recovery_report.Finding` for the fields.
    """

    subject: str
    difference: str
    done: str
    kind: str = ""
    before: str = ""
    after: str = ""
    explanation: str = ""


class Reconciled(Fact, frozen=True, tag=True):
    """A start's recovery is done: journal and exchange agree."""

    report: RecoveryReport


AnyFact = (
    StateChanged
    | Instructed
    | Receipted
    | CycleEnded
    | OrderChanged
    | Executed
    | PositionChanged
    | FundingSettled
    | EquityRead
    | Evaluated
    | BreakerMoved
    | MetricsReset
    | Trouble
    | Alerted
    | Found
    | Reconciled
)


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A fact on its way.

    Attributes:
        version: schema of `fact`.
        sequence: counts up by one for each fact of this bot, for ever, also over restarts.
        at: wall clock, nanoseconds UTC.
        who: the operator or component behind it.
    """

    version: int = SCHEMA
    sequence: int
    bot: str
    at: int
    who: str
    fact: AnyFact
