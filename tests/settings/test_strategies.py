"""Parameters of strategies out of every source: read as the strategy reads them, refused with key, place and bounds."""

from __future__ import annotations

import os
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from radtui.cli.flags import Flags
from radtui.settings.keys import environment_name, lookup, nearest, parameter_keys
from radtui.settings.layers import Layer
from radtui.settings.loading import Loaded, SettingsRefused, load
from radtui.settings.squad import of_bot
from radtui.settings.strategies import as_text, model_of, name_of, told_names
from radtui.settings.tree import Settings
from radtui.strategies.admitting import words
from radtui.strategies.catalogue import BUILT_IN
from radtui.strategies.catalogue import load as load_strategy
from radtui.strategies.factory import StrategyFactory
from tests.core.makers import XBT

OWN = """
from radtui.strategies import HOLD, Parameters

class DipParameters(Parameters):
    percent: int = 2
    kinds: tuple[int, ...] = (1, 2)

class Dip:
    name = "dip"
    warmup = 1
    Parameters = DipParameters

    def __init__(self, instrument, parameters):
        self.timeframe = parameters.timeframe

    def on_candle(self, candle, view):
        return HOLD
"""
TOLD = [name for name in BUILT_IN if name != "portfolio"]


def read(folder: Path, text: str = "", flags: Layer | None = None, **environ: str) -> Loaded:
    (folder / "c.toml").write_text(text)
    return load(flags or Layer({}), config=folder / "c.toml", environ=environ, folder=folder)


def problems(folder: Path, text: str = "", flags: Layer | None = None, **environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as refused:
        read(folder, text, flags, **environ)
    return refused.value.problems


def own(folder: Path) -> str:
    (folder / "mine.py").write_text(OWN)
    return f"{folder / 'mine.py'}:Dip"


def test_a_table_is_what_the_strategy_is_told(tmp_path: Path) -> None:
    loaded = read(tmp_path, "[strategies.ema_cross]\nfast = 10\nclear = 0.2\n", RADTUI_STRATEGIES__EMA_CROSS__SLOW="50")
    assert loaded.settings.parameters_of("ema_cross") == {"fast": 10, "clear": 0.2, "slow": 50}
    assert loaded.settings.parameters_of("rsi") == {}
    told = loaded.settings.engine_config(boot=1, autostart=False, virtual=False).parameters
    assert told == loaded.settings.parameters_of("ema_cross")
    rows = {row.key: (row.value, row.where) for row in loaded.rows()}
    assert rows["strategies.ema_cross.fast"] == ("10", f"{tmp_path / 'c.toml'} line 2")
    assert rows["strategies.ema_cross.slow"] == ("50", "environment RADTUI_STRATEGIES__EMA_CROSS__SLOW")


def test_what_is_typed_goes_to_the_strategy_that_is_flown(tmp_path: Path) -> None:
    flags = Flags(set_=("period=9", "oversold = 25"), strategy="rsi").layer()
    text = "[bot]\nstrategy = 'fvg'\n[strategies.rsi]\nperiod = 3\noverbought = 80"
    told = read(tmp_path, text, flags).settings.parameters_of("rsi")
    assert told == {"period": 9, "oversold": 25, "overbought": 80}
    assert read(tmp_path, "", Flags(set_=("fast=9",)).layer()).settings.parameters_of("ema_cross") == {"fast": 9}


def test_a_class_in_a_file_is_told_under_its_own_name(tmp_path: Path) -> None:
    spec = own(tmp_path)
    assert name_of(spec) == "dip"
    text = f"[bot]\nstrategy = '{spec}'\n[strategies.dip]\npercent = 4\nkinds = [3]"
    loaded = read(tmp_path, text, Flags(set_=("percent=5",)).layer())
    assert loaded.settings.parameters_of(spec) == {"percent": 5, "kinds": (3,)}
    assert Settings().parameters_of("/nowhere/x.py:Y") == {}  # nothing is set: it is not even looked for


WRONG = {
    "[strategies.ema_cross]\nfast = 0": (
        "strategies.ema_cross.fast = 0 ({file} line 2): allowed is a whole number, ≥ 2, ≤ 1000"
    ),
    "[strategies.ema_cross]\nfast = 'x'": (
        "strategies.ema_cross.fast = x ({file} line 2): allowed is a whole number, ≥ 2, ≤ 1000"
    ),
    "[strategies.ema_cross]\nclear = 11": (
        "strategies.ema_cross.clear = 11 ({file} line 2): allowed is a number, > 0, ≤ 10"
    ),
    "[strategies.ema_cross]\nfats = 5": (
        "unknown key strategies.ema_cross.fats in {file} line 2; did you mean strategies.ema_cross.fast?"
    ),
    "\n[strategies.ema_cross]\nfast = 40": "strategies.ema_cross ({file} line 3): fast (40) must be below slow (26)",
    "[strategies.ema_cross]\ntimeframe = '1h'": (
        "strategies.ema_cross ({file} line 2): timeframe is one for the whole bot: set bot.timeframe"
    ),
    "[strategies.portfolio]\nstrategies = 'rsi=1'": (
        "strategies.portfolio ({file} line 2): what a portfolio is told stands in [portfolio], and its members' "
        "parameters in theirs"
    ),
    "[strategies]\nrsi = 4": ("strategies.rsi in {file} line 2 is no parameter of a strategy: set strategies.rsi.NAME"),
    "[strategies.rsi.more]\nperiod = 4": "unknown key strategies.rsi.more.period in {file} line 2",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items())
def test_what_cannot_be_names_the_key_the_place_and_the_bounds(tmp_path: Path, text: str, told: str) -> None:
    assert problems(tmp_path, text) == (told.format(file=tmp_path / "c.toml"),)


def test_a_strategy_that_is_none_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "[strategies.em_cross]\nfast = 5")
    assert "no strategy is called 'em_cross' (did you mean ema_cross?)" in problem
    (problem,) = problems(tmp_path, "[strategies.dip]\npercent = 5")
    assert "no strategy is called 'dip'" in problem  # a class in a file that nobody flies


def test_what_is_typed_wrong_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path, "", Flags(set_=("fast",)).layer()) == (
        "--set fast is not NAME=VALUE: give for example --set fast=10",
    )
    assert problems(tmp_path, "", Flags(set_=("=3",)).layer())[0].startswith("--set  is not NAME=VALUE")
    (problem,) = problems(tmp_path, "", Flags(set_=("fast=1",)).layer())
    assert problem.startswith("strategies.ema_cross.fast = 1 (flag --set): allowed is a whole number")


def test_an_empty_table_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, "[strategies.rsi]\n[strategies]\n").settings.strategies == {}


def test_the_members_of_a_portfolio_are_told_theirs(tmp_path: Path) -> None:
    text = """
    [bot]
    strategy = "portfolio"
    [portfolio]
    strategies = ["ema_cross=0.6@0.5", "rsi=0.4"]
    [strategies.ema_cross]
    fast = 7
    [strategies.rsi]
    period = 5
    [strategies.fvg]
    atr = 9
    """
    settings = read(tmp_path, text).settings
    told = settings.parameters_of("portfolio")
    assert told == {"strategies": "ema_cross=0.6@0.5,rsi=0.4", "members": "ema_cross.fast=7; rsi.period=5"}
    assert settings.flown == ("portfolio", "ema_cross", "rsi")
    made: Any = load_strategy("portfolio")(XBT, {"timeframe": "5m", **told})
    assert [strategy.warmup for _, strategy in made._members] == [
        load_strategy("ema_cross")(XBT, {"fast": 7}).warmup,
        load_strategy("rsi")(XBT, {"period": 5}).warmup,
    ]


def test_a_member_of_a_portfolio_may_be_a_class_in_a_file(tmp_path: Path) -> None:
    spec = own(tmp_path)
    text = f"[bot]\nstrategy = 'portfolio'\n[portfolio]\nstrategies = ['{spec}=1']\n[strategies.dip]\npercent = 4"
    told = read(tmp_path, text).settings.parameters_of("portfolio")
    assert told["members"] == f"{spec}.percent=4"
    model: Any = model_of("portfolio")
    assert model(**told).of(spec) == {"percent": "4"}


def test_a_file_that_is_gone_keeps_no_other_setting_away(tmp_path: Path) -> None:
    spec = own(tmp_path)
    settings = read(tmp_path, f"[bot]\nstrategy = '{spec}'\n").settings
    assert "strategies.dip.percent" in parameter_keys(settings)
    (tmp_path / "mine.py").unlink()
    assert parameter_keys(settings) == {}


def test_each_of_several_bots_has_its_own(tmp_path: Path) -> None:
    text = """
    [strategies.ema_cross]
    fast = 7
    slow = 30
    [bots.alpha]
    symbols = ["XBTUSDTM"]
    budget = 0.5
    [bots.alpha.strategies.ema_cross]
    fast = 9
    [bots.beta]
    symbols = ["ETHUSDTM"]
    budget = 0.5
    """
    settings = read(tmp_path, text).settings
    assert settings.bots["alpha"].strategies == {"ema_cross": {"fast": 9}}
    assert of_bot(settings, "alpha").parameters_of("ema_cross") == {"fast": 9, "slow": 30}
    assert of_bot(settings, "beta").parameters_of("ema_cross") == {"fast": 7, "slow": 30}
    (problem,) = problems(tmp_path, text.replace("fast = 9", "fast = 31"))
    place = f"{tmp_path / 'c.toml'} line 9"
    assert problem == f"bots.alpha.strategies.ema_cross ({place}): fast (31) must be below slow (30)"
    (problem,) = problems(tmp_path, text.replace("fast = 9", "fats = 9"))
    assert "did you mean bots.alpha.strategies.ema_cross.fast?" in problem


@pytest.mark.parametrize("strategy", TOLD)
def test_every_parameter_has_its_bounds_in_words_and_a_variable(strategy: str) -> None:
    model = model_of(strategy)
    assert told_names(model)
    for name in told_names(model):
        key = lookup(f"strategies.{strategy}.{name}")
        assert key is not None
        assert key.allowed == words(model.model_fields[name])
        assert key.admits(key.default)
        assert key.default is None or key.admits(as_text(key.default))
        assert key.live
        assert environment_name(key.name) == f"RADTUI_STRATEGIES__{strategy.upper()}__{name.upper()}"


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fast=st.integers(-5, 1100), slow=st.integers(-5, 2100))
def test_the_settings_admit_exactly_what_the_strategy_does(tmp_path: Path, fast: int, slow: int) -> None:
    fine = 2 <= fast <= 1000 and 3 <= slow <= 2000 and fast < slow
    text = f"[strategies.ema_cross]\nfast = {fast}\nslow = {slow}\n"
    if fine:
        told = read(tmp_path, text).settings.parameters_of("ema_cross")
        StrategyFactory(type(load_strategy("ema_cross")(XBT)))(XBT, told)
        assert told == {"fast": fast, "slow": slow}
    else:
        assert problems(tmp_path, text)


class Mood(StrEnum):
    CALM = "calm"
    WILD = "wild"


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        (bool, "true or false"), (int, "a whole number"), (float | None, "a number"), (Decimal, "a number"),
        (tuple[int, ...], "a list"), (list[str], "a list"), (str, "a text"), (Mood, "one of calm, wild"),
        (Literal["a", "b"], "one of a, b"), (dict[str, int], "a text"),
    ],
)  # fmt: skip
def test_what_a_parameter_may_be_in_words(annotation: Any, told: str) -> None:
    assert words(FieldInfo(annotation=annotation)) == told


def test_a_strategy_that_breaks_over_its_parameters_is_refused_and_breaks_nothing_else(tmp_path: Path) -> None:
    spec = own(tmp_path)
    broken = "    def model_post_init(self, context):\n        return 1 / 0\n\nclass Dip:"
    (tmp_path / "mine.py").write_text(OWN.replace("class Dip:", broken, 1))
    (problem,) = problems(tmp_path, f"[bot]\nstrategy = '{spec}'\n[strategies.dip]\npercent = 4")
    assert problem.endswith("line 4): it cannot be told that: ZeroDivisionError: division by zero")


def test_a_file_is_run_once_until_it_is_written_anew(tmp_path: Path) -> None:
    spec = own(tmp_path)
    file, runs = tmp_path / "mine.py", tmp_path / "runs"
    note = f"with open({str(runs)!r}, 'a') as file:\n    file.write('x')\n"
    file.write_text(OWN + note)
    for _ in range(2):
        read(tmp_path, f"[bot]\nstrategy = '{spec}'\n[strategies.dip]\npercent = 4\nkinds = [3]")
    assert runs.read_text() == "x"
    file.write_text(OWN.replace('"dip"', '"dive"') + note)
    os.utime(file, ns=(1, 1))
    assert name_of(spec) == "dive"
    assert runs.read_text() == "xx"


def test_a_misspelt_section_is_no_parameter() -> None:
    assert lookup("strategies.ema_cross") is None
    assert lookup("strategy.ema_cross.fast") is None
    assert nearest("strategies.ema_cross") not in {"strategies", "strategies.ema_cross"}
