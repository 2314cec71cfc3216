from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import radtui.strategies
from radtui.core.instrument import Instrument
from radtui.core.market import MINUTE, Candle
from radtui.core.signal import HOLD, Action
from radtui.strategies.base import StrategyRefused, View
from radtui.strategies.catalogue import BUILT_IN, load

CONTRACT = Instrument(
    symbol="XBTUSDTM",
    base="XBT",
    tick=Decimal("0.1"),
    multiplier=Decimal("0.001"),
    maker_fee=Decimal("0.0002"),
    taker_fee=Decimal("0.0006"),
    initial_margin=Decimal("0.01"),
    maintenance_margin=Decimal("0.005"),
    max_leverage=100,
    max_lots=1_000_000,
    max_price=Decimal(1_000_000),
)

QUIET = """
    from radtui.core.signal import HOLD

    class Quiet:
        name, timeframe, warmup = "quiet", "1m", 0

        def __init__(self, instrument, parameters):
            pass

        def on_candle(self, candle, view):
            return HOLD

    class Other:
        pass
"""


def written(folder: Path, source: str, name: str = "mine.py") -> Path:
    path = folder / name
    path.write_text(dedent(source), "utf-8")
    return path


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_strategy_loads_by_its_name(name: str) -> None:
    factory = load(name)
    strategy = factory(CONTRACT)
    assert factory.name == strategy.name == name
    assert strategy.timeframe == {"composite": "1h"}.get(name, "5m")
    assert strategy.warmup > 0


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=30).filter(lambda text: text not in BUILT_IN))
def test_any_other_name_is_refused_with_a_reason(spec: str) -> None:
    with pytest.raises(StrategyRefused, match="strategy"):
        load(f"{spec} ".replace("\0", ""))


def test_an_unknown_name_is_answered_with_the_nearest_and_all_known() -> None:
    with pytest.raises(StrategyRefused) as refused:
        load("ema_crss")
    assert str(refused.value) == (
        "no strategy is called 'ema_crss' (did you mean ema_cross?); built in: ema_cross, rsi, fvg, composite, "
        "portfolio; a strategy of your own is named path/to/file.py:Class"
    )


def test_the_example_in_the_documentation_works(tmp_path: Path) -> None:
    documentation = radtui.strategies.__doc__
    assert documentation is not None
    example = documentation.partition("::\n")[2].partition("\n\nA signal without")[0]
    strategy = load(f"{written(tmp_path, example)}:Dip")(CONTRACT, {"percent": 3})
    fell = Candle("XBTUSDTM", 0, MINUTE, Decimal(100), Decimal(100), Decimal(96), Decimal(97), Decimal(1))
    signal = strategy.on_candle(fell, View(symbol="XBTUSDTM"))
    assert (signal.action, signal.fault(), signal.stop) == (Action.BUY, "", None)
    assert strategy.on_candle(fell, View(symbol="XBTUSDTM", lots=1, entry=Decimal(97))) is HOLD


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(StrategyRefused, match=r"there is no strategy file nowhere/mine\.py"):
        load("nowhere/mine.py:Quiet")


def test_a_file_without_a_class_asks_for_it() -> None:
    with pytest.raises(StrategyRefused, match=r"which class of mine\.py\? Name it: mine\.py:Class"):
        load("mine.py")


def test_a_class_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(StrategyRefused, match=r"has no class 'Quit'; strategies there: Quiet$"):
        load(f"{written(tmp_path, QUIET)}:Quit")


def test_a_class_that_is_no_strategy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StrategyRefused, match=r"not a strategy: it has no on_candle\(candle, view\)"):
        load(f"{written(tmp_path, QUIET)}:Other")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import no_such_thing", "ModuleNotFoundError"),
        ("1 +", "SyntaxError"),
        ("import sys; sys.exit('done')", "SystemExit: done"),
    ],
)
def test_a_file_that_does_not_load_tells_its_error(tmp_path: Path, source: str, told: str) -> None:
    with pytest.raises(StrategyRefused, match=rf"mine\.py cannot be loaded: {told}"):
        load(f"{written(tmp_path, source)}:Quiet")


def test_what_cannot_be_made_is_refused_when_it_is_loaded_to_fly(tmp_path: Path) -> None:
    spec = f"{written(tmp_path, QUIET)}:Quiet"
    assert load(spec, {"timeframe": "1m"}).name == load(spec).name == "quiet"
    with pytest.raises(StrategyRefused, match="5m is set"):
        load(spec, {"timeframe": "5m"})
    with pytest.raises(StrategyRefused, match=r"candles of 1h cannot be built from those of 12h; possible: 1d"):
        load("composite", {"timeframe": "12h", "frames": ["1h"]})


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = load(f"{written(tmp_path, QUIET)}:Quiet")
    silent = QUIET.replace("quiet", "silent")
    other = load(f"{written(tmp_path / 'other', silent)}:Quiet")
    assert (one.name, other.name) == ("quiet", "silent")
