"""Every fact travels in an envelope, is kept, and comes back as it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest

from radtui.core.account import FundingPaid
from radtui.core.alert_view import AlertView, Severity
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.facts import (
    Alerted,
    AnyFact,
    BreakerMoved,
    CycleEnded,
    Envelope,
    EquityRead,
    Evaluated,
    Executed,
    Fact,
    Found,
    FundingSettled,
    Instructed,
    MetricsReset,
    OrderChanged,
    PositionChanged,
    Receipted,
    Reconciled,
    StateChanged,
    Trouble,
)
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.lifecycle import State, Verb, move
from radtui.core.recovery_report import Finding, RecoveryReport
from radtui.core.snapshot import SCHEMA
from radtui.core.why_view import GateView, WhyView
from tests.core.makers import account, fill, order, position

GATE = GateView(gate="state", value="paused", limit="running", passed=False)
FUNDED = FundingPaid(symbol="XBTUSDTM", rate=Decimal("0.0001"), amount=Decimal("-0.5"), at=1)
ONE_OF_EACH: list[Fact] = [
    StateChanged(move(State.STOPPED, Verb.START, at=1, who="key:alice", why="why")),
    Instructed(Instruction(id="i1", ask=Ask.STOP, who="key:alice")),
    Receipted(Receipt(id="i1", ask=Ask.STOP, success=True, message="done", status="stopped", at=1)),
    CycleEnded(3, False, 0.5, "timeout"),
    OrderChanged(order()),
    Executed(fill(), Decimal("-1.000000000001")),
    PositionChanged(position()),
    FundingSettled(FUNDED.symbol, FUNDED.rate, FUNDED.amount, FUNDED.at),
    EquityRead(1, account(), Decimal(1), Decimal(2), Decimal(3)),
    Evaluated(
        WhyView(symbol="X", at=1, action="buy", confidence=0.5, reason="r", outcome="no entry: state", gates=(GATE,))
    ),
    MetricsReset("key:alice"),
    Trouble("journal", "the disk is full", "journal", "alarm"),
    Alerted(
        AlertView(
            id="1", rule="r", subject="X", severity=Severity.ALARM, text="t", todo="d", since=1, fired_at=2, times=2
        )
    ),
    Found("XBTUSDTM", "we knew 1 lots, the exchange shows none", "taken as closed"),
    Reconciled(
        RecoveryReport(
            began_at=1,
            ended_at=2,
            last_run="killed or crashed",
            away=3.5,
            findings=(Finding(kind="position", subject="X", before="none", after="1 lots", done="adopted"),),
        )
    ),
    BreakerMoved(TradingBreakerView(name="daily loss", value="11 %", limit="10 %", share=100.0, tripped=True), "why"),
]


def test_there_is_one_of_each() -> None:
    assert {type(fact) for fact in ONE_OF_EACH} == set(get_args(AnyFact)) == set(Fact.__subclasses__())


@pytest.mark.parametrize("fact", ONE_OF_EACH, ids=lambda fact: type(fact).__name__)
@pytest.mark.parametrize("codec", [msgspec.json, msgspec.msgpack], ids=["json", "msgpack"])
def test_an_envelope_comes_back_as_it_was(fact: AnyFact, codec: Any) -> None:
    sent = Envelope(sequence=7, bot="t", at=1, who="core", fact=fact)
    assert codec.decode(codec.encode(sent), type=Envelope) == sent
    assert sent.version == SCHEMA
