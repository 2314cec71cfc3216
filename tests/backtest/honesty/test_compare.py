"""Every divergence is found, once, with its cause; what is the same is not mentioned."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from radtui.backtest.honesty.compare import Divergence, Kind, divergences
from radtui.backtest.honesty.flown import Run
from radtui.backtest.honesty.log import Decision, Done, Key
from radtui.core.market import MINUTE
from radtui.core.orders import Purpose
from radtui.core.signal import HOLD, Signal
from radtui.core.why_view import GateView

BUY = Signal(0.8, 0.1, 0.1, 0.8, "test", stop=Decimal(59_000))
OPEN = GateView(gate="positions", value="0", limit="< 5", passed=True)
RAN = (Run(MINUTE, 100 * MINUTE),)


def decision(minute: int = 1, signal: Signal = BUY, **changed: Any) -> Decision:
    told: dict[str, Any] = {"price": Decimal(60_000), "held": 0, "outcome": "enters 1 lot", "gates": (OPEN,)}
    return Decision(symbol="XBTUSDTM", closed_at=minute * MINUTE, signal=signal, **{**told, **changed})


def filled(price: str, lots: int = 10) -> dict[Purpose, Done]:
    return {Purpose.ENTRY: Done(lots, Decimal(price) * abs(lots))}


def found(live: list[Decision], replay: list[Decision], runs: tuple[Run, ...] = RAN) -> tuple[Divergence, ...]:
    def keyed(told: list[Decision]) -> dict[Key, Decision]:
        return {(said.closed_at, said.symbol): said for said in told}

    return divergences(keyed(live), keyed(replay), runs)


def test_what_is_the_same_is_not_mentioned() -> None:
    said = [decision(1, done=filled("60001")), decision(2, HOLD, gates=(), outcome="")]
    assert found(said, said) == ()


@pytest.mark.parametrize(
    ("replay", "kinds", "cause"),
    [
        (decision(price=Decimal(60_001)), [Kind.CANDLE], "the feeds differ"),
        (decision(signal=HOLD), [Kind.SIGNAL], "the strategy says otherwise now"),
        (decision(signal=HOLD, held=5), [Kind.SIGNAL], "come apart before: live held 0 lots, the replay 5"),
        (decision(signal=HOLD, price=Decimal(1)), [Kind.CANDLE, Kind.SIGNAL], "it saw another candle"),
        (decision(signal=replace(BUY, stop=Decimal(58_000))), [Kind.SIGNAL], "the strategy says otherwise now"),
        (
            decision(gates=(replace(OPEN, value="5", passed=False),), outcome="no entry: positions"),
            [Kind.GATE],
            "positions: live 0 against < 5, replay 5 against < 5",
        ),
        (decision(gates=(), outcome="closes the position"), [Kind.GATE], "weighed only once"),
        (decision(done=filled("60000")), [Kind.FILL], "never came to its entry"),
    ],
)
def test_each_divergence_has_its_cause(replay: Decision, kinds: list[Kind], cause: str) -> None:
    came = found([decision()], [replay])
    assert [each.kind for each in came] == kinds
    assert cause in came[-1].cause


def test_a_gate_of_the_living_is_named_as_one() -> None:
    stale = GateView(gate="market data", value="31.0 s", limit="≤ 30.0 s", passed=False)
    here = decision(gates=(stale,), outcome="no entry: market data")
    (came,) = found([here], [decision(gates=(replace(stale, value="0.0 s", passed=True),))])
    assert "a replay has no feed, clock or book that can fail" in came.cause


@pytest.mark.parametrize(("lots", "worse"), [(10, 5.0), (-10, -5.0)])
def test_a_fill_that_cost_more_is_told_in_basis_points(lots: int, worse: float) -> None:
    (came,) = found([decision(done=filled("60030", lots))], [decision(done=filled("60000", lots))])
    assert (came.kind, came.basis_points) == (Kind.FILL, pytest.approx(worse))
    assert f"5.00 bp {'worse' if worse > 0 else 'better'}" in came.cause
    assert came.live == f"entry {lots:+} lots at 60030"


def test_another_size_is_one_and_its_price_another() -> None:
    came = found([decision(done=filled("60030", 8))], [decision(done=filled("60000", 9))])
    assert [each.kind for each in came] == [Kind.SIZE, Kind.FILL]


def test_candles_without_a_decision_are_one_stretch_until_both_decide_again() -> None:
    every = [decision(minute, HOLD) for minute in range(1, 10)]
    came = found([every[0], every[4], every[8]], every)
    assert [(each.at // MINUTE, each.count, each.kind) for each in came] == [
        (2, 3, Kind.NOT_DECIDED),
        (6, 3, Kind.NOT_DECIDED),
    ]
    assert "data was missing: the bot ran" in came[0].cause
    (away,) = found([], every[:2], ())
    assert away.cause.startswith("the bot did not run")
    (lacking,) = found(every[:2], [])
    assert (lacking.kind, lacking.count) == (Kind.NO_CANDLE, 2)
