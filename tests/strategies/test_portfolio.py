"""Several strategies asked about the same candle."""

import pytest

from radtui.core.combining import NOTHING, Voice, combined
from radtui.core.signal import Action
from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import load
from radtui.strategies.portfolio import Part, Portfolio
from radtui.strategies.proving import contract, heard, market, prove


def test_it_keeps_the_rules_of_a_strategy() -> None:
    assert prove(load("portfolio"), {"strategies": "ema_cross=0.45@0.6,rsi=0.35@0.5,fvg=0.2@0.5"}, seeds=(1, 2)) == []


def test_alone_a_strategy_says_what_it_always_says() -> None:
    candles = market(4, 400)
    alone, inside = (
        heard(load(name)(contract(), told), candles)
        for name, told in (("fvg", {}), ("portfolio", {"strategies": "fvg=1@0"}))
    )
    assert [each.action for each in alone] == [each.action for each in inside]
    assert any(each.action is not Action.HOLD for each in inside)
    assert all(
        (a.stop, a.target) == (b.stop, b.target)
        for a, b in zip(alone, inside, strict=True)
        if a.action is not Action.HOLD
    )


def test_every_member_sees_every_candle() -> None:
    candles = market(7, 400)
    said = {name: heard(load(name)(contract(), {}), candles) for name in ("ema_cross", "rsi", "fvg")}
    weights = {"ema_cross": (0.45, 0.6), "rsi": (0.35, 0.5), "fvg": (0.2, 0.5)}
    expected = [
        combined([Voice(name=n, weight=w, least=least, signal=said[n][at]) for n, (w, least) in weights.items()])
        for at in range(len(candles))
    ]
    made = load("portfolio")(contract(), {})
    heard_of_it, warm = heard(made, candles), made.warmup - 1
    assert heard_of_it[warm:] == expected[warm:]
    assert {each.action for each in heard_of_it[:warm]} == {Action.HOLD}
    assert NOTHING in expected
    assert any(each.action is not Action.HOLD for each in expected)


def test_all_decide_on_its_candles() -> None:
    made = load("portfolio")(contract(), {"timeframe": "1h", "strategies": "composite=1,rsi=0.5"})
    assert made.timeframe == "1h"
    assert made.warmup >= load("composite")(contract(), {"timeframe": "1h"}).warmup


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("rsi=0.35@0.5", Part("rsi", 0.35, 0.5)),
        ("rsi=1", Part("rsi", 1.0, 0.5)),
        ("a.py:B=.2@0", Part("a.py:B", 0.2, 0)),
    ],
)
def test_a_part_is_read(text: str, part: Part) -> None:
    assert Part.of(text) == part


@pytest.mark.parametrize(
    "strategies",
    ["rsi", "rsi=0", "rsi=2", "rsi=0.5@2", "rsi=-1", "rsi=1,rsi=0.5", "nobody=1", "portfolio=1", "rsi=1.2.3", ""],
)
def test_what_makes_no_sense_is_refused(strategies: str) -> None:
    with pytest.raises(StrategyRefused):
        load("portfolio")(contract(), {"strategies": strategies})


def test_its_name_and_its_knobs_are_told() -> None:
    assert Portfolio.name == "portfolio"
    assert set(Portfolio.Parameters.model_fields) == {"timeframe", "strategies", "members"}


def test_a_member_is_told_its_own_parameters() -> None:
    told = {"strategies": "ema_cross=1@0,rsi=1", "members": "ema_cross.fast=5; ema_cross.slow=9"}
    candles = market(4, 300)
    inside = heard(load("portfolio")(contract(), {**told, "strategies": "ema_cross=1@0"}), candles)
    alone = heard(load("ema_cross")(contract(), {"fast": 5, "slow": 9}), candles)
    assert [each.action for each in inside] == [each.action for each in alone]
    for wrong in ("ema_cross.fast", "fast=3", "ema_cross.fast=50", "ema_cross.nix=1"):
        with pytest.raises(StrategyRefused):
            load("portfolio")(contract(), {**told, "members": wrong})
