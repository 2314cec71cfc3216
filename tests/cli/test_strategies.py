from __future__ import annotations

import json
from pathlib import Path

import pytest

from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from radtui.strategies.catalogue import BUILT_IN
from tests.strategies.packages import install


@pytest.fixture
def here(own_folders: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(own_folders)
    return own_folders


def refused(*arguments: str) -> Failure:
    with pytest.raises(Failure) as failure:
        answer(["strategies", *arguments])
    return failure.value


def test_the_list_has_every_strategy_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies"]) == 0
    pages = capsys.readouterr().out.split("\n\n")
    assert [page.split()[0] for page in pages] == list(BUILT_IN)
    assert pages[0].splitlines()[:4] == [
        "ema_cross  (built in)",
        "  Buys where the fast average rises clearly over the slow one, sells where it falls under it.",
        "  PARAMETER   DEFAULT  RANGE        MEANING",
        "  timeframe   5m       1m … 1d      candles at whose close it decides",
    ]
    assert "  fast        12       ≥ 2, ≤ 1000  candles of the fast average" in pages[0].splitlines()


def test_one_that_is_named_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies", "fvg"]) == 0
    told = capsys.readouterr().out
    assert "Trades with a leap" in told
    assert "A gap waits for `lookback` candles." in told
    assert "ema_cross" not in told


def test_the_document_has_ranges_as_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies", "rsi", "--json"]) == 0
    (rsi,) = json.loads(capsys.readouterr().out)["strategies"]
    assert (rsi["name"], rsi["origin"], rsi["fault"]) == ("rsi", "built in", "")
    period = {each["name"]: each for each in rsi["parameters"]}["period"]
    assert (period["default"], period["bounds"]) == ("14", {"ge": 2, "le": 1000})


def test_a_broken_one_is_listed_with_the_reason_and_the_others_too(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(here)
    install(here, "geese", "broken = geese:Silent", source="1 / 0")
    assert answer(["strategies"]) == 0
    *_, page = capsys.readouterr().out.split("\n\n")
    assert page.splitlines() == [
        "broken  (geese 1.2)",
        "  cannot be used: strategy broken of geese 1.2 cannot be loaded: ZeroDivisionError: division by zero",
    ]


def test_what_a_file_prints_does_not_spoil_the_document(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies", "new", "dip", "--json"]) == 0
    capsys.readouterr()
    (here / "dip.py").write_text((here / "dip.py").read_text() + "\nprint('loud')\n")
    assert answer(["strategies", "dip.py:Dip", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["strategies"][0]["name"] == "dip.py:Dip"
    assert told.err == "loud\n"


def test_an_unknown_name_is_a_misunderstanding() -> None:
    failure = refused("rsj")
    assert failure.code is Exit.USAGE
    assert "did you mean rsi?" in failure.title


def test_a_new_one_is_written_with_its_test_and_what_comes_next(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies", "new", "night_owl", "--dir", "mine"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote mine/night_owl.py",
        "wrote mine/test_night_owl.py",
        "next: pytest mine/test_night_owl.py",
        "next: radtui strategies mine/night_owl.py:NightOwl",
        "next: radtui --strategy mine/night_owl.py:NightOwl",
    ]
    assert answer(["strategies", "mine/night_owl.py:NightOwl"]) == 0
    assert "Goes with a large move of the price." in capsys.readouterr().out


def test_it_is_written_into_the_folder_where_one_stands(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["strategies", "new", "dip", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document == {"wrote": ["dip.py", "test_dip.py"], "strategy": "dip.py:Dip"}
    assert (here / "dip.py").is_file()


@pytest.mark.parametrize("there", ["dip.py", "test_dip.py"])
def test_nothing_is_ever_overwritten(here: Path, there: str) -> None:
    (here / there).write_text("mine")
    failure = refused("new", "dip")
    assert (failure.code, failure.title, failure.means) == (
        Exit.REFUSED, f"{there} is there already", "Nothing was written.",
    )  # fmt: skip
    assert (here / there).read_text() == "mine"
    assert [path.name for path in here.glob("*.py")] == [there]


def test_a_name_that_cannot_be_is_a_misunderstanding(here: Path) -> None:
    failure = refused("new", "Dip")
    assert failure.code is Exit.USAGE
    assert failure.means == "Nothing was written."
    assert list(here.glob("*.py")) == []


def test_a_folder_that_cannot_be_written_is_told(here: Path) -> None:
    (here / "file").write_text("")
    failure = refused("new", "dip", "--dir", "file")
    assert failure.code is Exit.REFUSED
    assert "file/dip.py cannot be written: " in failure.title


def test_what_is_set_stands_beside_the_defaults(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "c.toml").write_text("[strategies.ema_cross]\nfast = 10\nslow = 26\n")
    assert answer(["strategies", "--config", "c.toml"]) == 0
    cross, rsi, *_ = capsys.readouterr().out.split("\n\n")
    assert [line.split()[:3] for line in cross.splitlines()[2:6]] == [
        ["PARAMETER", "SET", "DEFAULT"], ["timeframe", "5m", "1m"], ["fast", "10", "12"], ["slow", "26", "≥"],
    ]  # fmt: skip
    assert "SET" not in rsi
    assert answer(["strategies", "ema_cross", "--config", "c.toml", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["strategies"]
    assert {each["name"]: each["set"] for each in told["parameters"]}["fast"] == "10"


def test_broken_settings_do_not_keep_the_list_away(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "c.toml").write_text("[strategies.ema_cros]\nfast = 10\n")
    assert answer(["strategies", "--config", "c.toml"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("ema_cross  (built in)")
    assert "what is set is not shown" in told.err
