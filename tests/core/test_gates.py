from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.config import Limits
from radtui.core.exposure import Elsewhere, Exposure
from radtui.core.gates import GATES, evaluate
from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.core.proposal import Proposal
from radtui.core.standing import Circumstances, Standing, standing
from tests.core.makers import XBT, signal


def breaker(*, tripped: bool) -> TradingBreakerView:
    return TradingBreakerView(name="daily loss", value="9.99 %", limit="10.00 %", share=99.9, tripped=tripped)


def stands(state: State = State.RUNNING, **told: Any) -> Standing:
    return standing(Circumstances(**{"state": state, "recovered": True, "flattening": False, **told}))


PASSING = Proposal(
    symbol=XBT.symbol,
    side=Side.BUY,
    signal=signal(confidence=0.6),
    price=Decimal(60_000),
    stop=Decimal(57_000),
    lots=1,
    leverage=3,
    instrument=XBT,
    limits=Limits(),
    standing=stands(),
    breakers=(breaker(tripped=False),),
    silence=30 * SECOND,
    stale=30 * SECOND,
    age=300 * SECOND,
    fresh=300 * SECOND,
    account_age=30 * SECOND,
    skew=2 * SECOND,
    taken=False,
    held=4,
    equity=Decimal(10_000),
    available=Decimal("20.072"),
    exposure=Decimal(15_000),
)
"""Everything just at its limit."""
BEYOND: list[tuple[str, dict[str, Any]]] = [
    ("state", {"standing": stands(State.PAUSED)}),
    ("ready", {"standing": stands(recovered=False)}),
    ("ready", {"standing": stands(flattening=True)}),
    ("ready", {"standing": stands(closed="HTTP 503")}),
    ("ready", {"standing": stands(journal="the disk is full")}),
    ("ready", {"standing": stands(feeds={"market": "interrupted"})}),
    ("confidence", {"signal": signal(confidence=0.5999)}),
    ("market data", {"silence": 30 * SECOND + 1}),
    ("market data", {"silence": None}),
    ("signal age", {"age": 300 * SECOND + 1}),
    ("signal age", {"age": -1}),
    ("account", {"account_age": 30 * SECOND + 1}),
    ("account", {"account_age": None}),
    ("clock skew", {"skew": 2 * SECOND + 1}),
    ("clock skew", {"skew": -2 * SECOND - 1}),
    ("symbol free", {"taken": True}),
    ("positions", {"held": 5}),
    ("size", {"lots": 0}),
    ("enabled", {"limits": Limits(enabled=False)}),
    ("group", {"limits": Limits(group_share=Decimal("0.4")), "group": "major", "in_group": 2}),
    ("leverage", {"leverage": 4, "available": Decimal(30)}),
    ("leverage", {"instrument": msgspec.structs.replace(XBT, max_leverage=2)}),
    ("stop", {"stop": Decimal("56999.9")}),
    ("stop", {"stop": Decimal(60_000)}),
    ("stop", {"stop": Decimal(61_000)}),
    ("stop", {"side": Side.SELL}),
    ("target", {"signal": signal(confidence=0.6, target=Decimal(60_000))}),
    ("target", {"signal": signal(confidence=0.6, target=Decimal(59_000))}),
    ("margin", {"available": Decimal("20.0719")}),
    ("exposure", {"exposure": Decimal("15000.01")}),
    ("daily loss", {"breakers": (breaker(tripped=True),)}),
]


def refused(**changed: Any) -> list[str]:
    return [gate.gate for gate in evaluate(msgspec.structs.replace(PASSING, **changed)) if not gate.passed]


def test_at_every_limit_all_pass() -> None:
    assert refused() == []


@pytest.mark.parametrize(("gate", "changed"), BEYOND)
def test_beyond_a_limit_just_that_gate_refuses(gate: str, changed: dict[str, Any]) -> None:
    assert refused(**changed) == [gate]


@pytest.mark.parametrize("state", [state for state in State if state is not State.RUNNING])
def test_no_other_state_admits_an_entry(state: State) -> None:
    assert refused(standing=stands(state)) == ["state"]


@given(st.lists(st.sampled_from(BEYOND), max_size=5))
def test_a_refusal_names_all_its_reasons(chosen: list[tuple[str, dict[str, Any]]]) -> None:
    changed: dict[str, Any] = {}
    for _, change in chosen:
        changed.update(change)
    alone = {gate for field in changed for gate in refused(**{field: changed[field]})}
    # a side, a stop and a target may put each other right, no lots or more leverage need less margin
    free = {"stop", "target", "margin", "enabled", "group"}
    assert set(refused(**changed)) - free == alone - free


def test_every_gate_shows_its_value_and_its_limit() -> None:
    shown = evaluate(PASSING)
    assert len(shown) == len(GATES) + len(PASSING.breakers) == len({gate.gate for gate in shown})
    assert all(gate.value and gate.limit for gate in shown)


@given(st.integers(1, 100), st.decimals("0.001", "0.2", places=3))
def test_a_stop_that_passes_triggers_before_liquidation(leverage: int, share: Decimal) -> None:
    limits = Limits(leverage=leverage, stop_share=Decimal("0.2"))
    stop = XBT.below(PASSING.price * (1 - share))
    passed = "stop" not in refused(limits=limits, stop=stop, leverage=leverage)
    liquidation = PASSING.price * (1 - 1 / Decimal(leverage) + XBT.maintenance_margin)
    assert not passed or stop > liquidation


def test_eight_percent_at_twenty_times_is_refused() -> None:
    limits = Limits(leverage=20, stop_share=Decimal("0.08"), exposure_share=Decimal(1))
    assert refused(limits=limits, stop=Decimal(55_200), leverage=20) == ["stop"]


ELSEWHERE = Elsewhere(
    held=Exposure(coins={"XBT": Decimal(-500), "ETH": Decimal(300)}, margin=Decimal(100)),
    exposure_limit=Decimal(900),
    margin_limit=Decimal(200),
)


def shared(**changed: Any) -> dict[str, bool]:
    """Return the verdicts of the gates that are there only for a bot that shares its account."""
    views = evaluate(msgspec.structs.replace(PASSING, **{"elsewhere": ELSEWHERE, **changed}))
    return {view.gate: view.passed for view in views if view.gate.startswith("account ")}


def test_a_bot_with_an_account_of_its_own_has_no_gate_for_the_others() -> None:
    assert not shared(elsewhere=None)


@pytest.mark.parametrize(
    ("price", "own", "passed"),
    [
        (100_000, {}, True),  # −500 and 100 are 400 of XBT: with 300 of ETH less than before
        (1_100_000, {}, True),  # 600 of XBT and 300 of ETH
        (1_100_001, {}, False),
        (100_000, {"XBT": 1200}, False),
        (100_000, {"XBT": -1200}, True),  # too much already, and it makes it less
    ],
)
def test_all_bots_together_are_netted_by_coin(price: int, own: dict[str, int], passed: bool) -> None:
    held = Exposure(coins={coin: Decimal(value) for coin, value in own.items()})
    assert shared(price=Decimal(price), own=held)["account exposure"] is passed


def test_the_margin_of_all_bots_stays_within_the_accounts() -> None:
    assert shared(own=Exposure(margin=Decimal("79.928")))["account margin"]
    assert not shared(own=Exposure(margin=Decimal("79.929")))["account margin"]
