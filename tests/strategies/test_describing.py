from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from radtui.core.market import TIMEFRAMES
from radtui.strategies.base import StrategyRefused, names_of
from radtui.strategies.catalogue import BUILT_IN, strategy_class
from radtui.strategies.describing import Knob, all_known, one
from radtui.strategies.factory import StrategyFactory
from tests.strategies.packages import install

OWN = """
    from pydantic import Field
    from radtui.strategies import HOLD, Parameters

    class Told(Parameters):
        speed: float = Field(description="must be told")
        names: tuple[str, ...] = ("a", "b")

    class Own:
        Parameters = Told

        def on_candle(self, candle, view):
            return HOLD
"""


def test_the_built_in_ones_come_first_and_say_what_they_do_and_go_by() -> None:
    described = all_known()[: len(BUILT_IN)]
    assert [each.name for each in described] == list(BUILT_IN)
    for each in described:
        assert each.origin == "built in"
        assert each.fault == ""
        assert 20 < len(each.does) <= 110
        assert len(each.explanation) > 200


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_parameter_of_a_built_in_strategy_says_what_it_means_its_default_and_its_range(name: str) -> None:
    knobs = one(name).knobs
    model = StrategyFactory(strategy_class(name)).model
    assert [knob.name for knob in knobs] == names_of(model)
    assert set(names_of(model)) == set(model.model_fields)
    for knob in knobs:
        assert knob.meaning
        assert knob.default is not None
        assert knob.bounds or knob.name in {"frames", "members", "strategies"}


def test_the_kinds_of_range_and_default() -> None:
    knobs = {knob.name: knob for knob in one("rsi").knobs}
    assert list(knobs) == [
        "timeframe", "period", "overbought", "oversold", "atr", "stop_atrs", "stop_least", "stop_most", "reward",
    ]  # fmt: skip
    assert knobs["timeframe"].bounds == {"choices": list(TIMEFRAMES)}
    assert knobs["period"] == Knob("period", "14", {"ge": 2, "le": 1000}, "candles of the index")
    assert (knobs["overbought"].default, knobs["overbought"].bounds) == ("70", {"gt": 50, "lt": 100})


def test_one_of_a_file_is_described_with_what_must_be_told(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(dedent(OWN), "utf-8")
    described = one(f"{path}:Own")
    assert (described.origin, described.does) == (str(path), "")
    assert [(knob.name, knob.default) for knob in described.knobs] == [
        ("timeframe", "5m"), ("speed", None), ("names", "a, b"),
    ]  # fmt: skip


def test_one_whose_default_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text(dedent(OWN).replace('description="must be told"', "default_factory=lambda: 1 // 0"), "utf-8")
    with pytest.raises(StrategyRefused, match="cannot be described: ZeroDivisionError: integer division"):
        one(f"{path}:Own")


def test_what_packages_offer_is_listed_and_broken_ones_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    install(tmp_path, "hawks_a", "silent = hawks_a:Silent\nrsi = hawks_a:Silent\ntwice = hawks_a:Silent")
    install(tmp_path, "hawks_b", "broken = hawks_b:Silent\ntwice = hawks_b:Silent", source="import no_such_thing")
    offered = {(each.name, each.origin): each for each in all_known()[len(BUILT_IN) :]}
    silent = offered["silent", "hawks_a 1.2"]
    assert (silent.does, silent.explanation, silent.fault) == ("Never trades.", "And says why.", "")
    assert "ModuleNotFoundError: No module named 'no_such_thing'" in offered["broken", "hawks_b 1.2"].fault
    assert offered["rsi", "hawks_a 1.2"].fault == "its name is that of a built-in strategy"
    assert {offered["twice", f"hawks_{each} 1.2"].fault for each in "ab"} == {
        "another package offers one of the same name"
    }
    assert one("rsi").origin == "built in"
    assert one("silent").origin == "hawks_a 1.2"
    with pytest.raises(StrategyRefused, match="no_such_thing"):
        one("broken")
