from __future__ import annotations

from pathlib import Path

import pytest

from radtui.strategies.base import StrategyRefused
from radtui.strategies.catalogue import load
from tests.strategies.test_catalogue import CONTRACT, QUIET, written


def test_settings_reach_the_strategy_and_every_call_makes_a_new_one() -> None:
    factory = load("ema_cross")
    strategy = factory(CONTRACT, {"timeframe": "1h", "slow": 50})
    assert (strategy.timeframe, strategy.warmup) == ("1h", 200)
    assert factory(CONTRACT) is not strategy


@pytest.mark.parametrize(
    ("settings_", "told"),
    [
        ({"fats": 9}, r"it has no parameter 'fats' \(did you mean fast\?\); possible: timeframe, fast, slow, atr, "),
        ({"fast": "many"}, "fast = many: allowed is a whole number, ≥ 2, ≤ 1000$"),
        ({"fast": 1}, "fast = 1: allowed is a whole number, ≥ 2, ≤ 1000$"),
        ({"fast": 30}, r"ema_cross: fast \(30\) must be below slow \(26\)$"),
        ({"timeframe": "7m"}, "timeframe: no timeframe '7m'; possible: 1m"),
        ({"fast": 1, "slow": 1}, "fast = 1: .*; slow = 1: "),
    ],
)
def test_settings_that_do_not_fit_are_refused_in_words(settings_: dict[str, object], told: str) -> None:
    with pytest.raises(StrategyRefused, match=told):
        load("ema_cross")(CONTRACT, settings_)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (QUIET.replace("pass", "1 / 0", 1), "strategy quiet cannot be made: ZeroDivisionError"),
        (QUIET.replace('name, timeframe, warmup = "quiet", "1m", 0', "name = 'q'"), "lacks timeframe, warmup"),
        (QUIET.replace("name, timeframe", "Parameters = int; name, timeframe"), "must inherit"),
        (QUIET.replace("pass", "raise SystemExit(3)", 1), "strategy quiet cannot be made: SystemExit: 3"),
        (QUIET.replace('"1m", 0', '"1m", "many"'), "has a warmup of 'many': it is a number of candles"),
        (QUIET.replace('"1m", 0', '"1m", -1'), "has a warmup of -1"),
        (QUIET.replace('"1m", 0', '"7m", 0'), "decides on candles of '7m'; possible: 1m, 5m"),
        (QUIET.replace("name, timeframe", "frames = 5; name, timeframe"), "has frames of 5: they are timeframes"),
    ],
)
def test_a_class_that_is_not_whole_is_refused_when_it_is_made(tmp_path: Path, broken: str, told: str) -> None:
    factory = load(f"{written(tmp_path, broken)}:Quiet")
    with pytest.raises(StrategyRefused, match=told):
        factory(CONTRACT)


def test_a_strategy_of_one_timeframe_is_never_fed_another(tmp_path: Path) -> None:
    factory = load(f"{written(tmp_path, QUIET)}:Quiet")
    assert factory(CONTRACT, {"timeframe": "1m"}).timeframe == factory(CONTRACT).timeframe == "1m"
    with pytest.raises(StrategyRefused, match=r"decides on 1m candles, and 5m is set: set bot.timeframe = 1m, or have"):
        factory(CONTRACT, {"timeframe": "5m"})
