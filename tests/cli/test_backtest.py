"""``radtui backtest``: what a person types and reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from radtui.core.market import SECOND
from tests.backtest.worlds import walk

FAILING = """
class Failing:
    name, timeframe, warmup = "failing", "5m", 0

    def __init__(self, instrument, parameters):
        pass

    def on_candle(self, candle, view):
        raise RuntimeError("boom")
"""
QUICK = ("--set", "fast=3", "--set", "slow=8", "--timeframe", "5m")


@pytest.fixture(scope="module")
def csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backtest") / "bars.csv"
    lines = [
        f"{datetime.fromtimestamp(row[0] // SECOND, UTC):%Y-%m-%d %H:%M:%S},{','.join(map(str, row[1:]))}"
        for row in walk(1500, 4)
    ]
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *lines]) + "\n")
    return file


def flown(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = answer(["backtest", *map(str, arguments)])
    return code, capsys.readouterr().out


def test_the_report_is_read_from_top_to_bottom(csv: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    code, text = flown(capsys, "--data", csv, *QUICK, "--html", page)
    assert code == Exit.DONE
    lines = text.splitlines()
    assert lines[0] == "ema_cross 5m fast=3 slow=8 on XBTUSDTM"
    assert lines[1] == "2022-01-03 08:20 to 2022-01-04 01:00 UTC, 200 candles"
    assert [line for line in lines if line.startswith("  Sharpe")]
    assert any("⠤" <= letter <= "⣿" for letter in text)
    assert "1,000 bars in" in lines[-1]
    assert page.read_text().startswith("<!doctype html>")


def test_the_document_is_the_same_each_time(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, text = flown(capsys, "--data", csv, *QUICK, "--json")
    assert flown(capsys, "--data", csv, *QUICK, "--json")[1] == text
    told = json.loads(text)
    assert told["results"]["total_trades"] == len(told["trades"]) > 0
    assert (told["capital"], told["identity"], told["parameters"]) == ("10000", "0", {"fast": "3", "slow": "8"})


def test_candles_of_the_library_are_the_same_candles(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer(["data", "import", str(csv), "--symbol", "XBTUSDTM"])
    capsys.readouterr()
    by_file = json.loads(flown(capsys, "--data", csv, *QUICK, "--json")[1])
    by_library = json.loads(flown(capsys, "--symbol", "XBTUSDTM", *QUICK, "--json")[1])
    assert by_library["source"].startswith("file:XBTUSDTM 1m:")
    assert {**by_library, "source": ""} == {**by_file, "source": ""}


def test_a_part_of_the_time_begins_with_what_was_before_as_warm_up(
    csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    times = ("--from", "2022-01-03T12:00", "--to", "2022-01-03T13:00")
    told = json.loads(flown(capsys, "--data", csv, *QUICK, *times, "--json")[1])
    assert (told["candles"], told["steps"]) == (12, 60)


def test_a_strategy_that_fails_is_told_and_exits_with_1(
    csv: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "failing.py").write_text(FAILING.replace("raise", "print('loud'); raise"))
    code, text = flown(capsys, "--data", csv, "--strategy", f"{tmp_path}/failing.py:Failing")
    assert code == Exit.REFUSED
    told = "! the strategy failed 300 times and traded nothing then; first: XBTUSDTM: RuntimeError: boom"
    assert told in " ".join(text.split())
    assert "loud" not in text


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "no candles were named"),
        (["--data", "gone.csv"], r"gone\.csv cannot be read"),
        (["--symbol", "ETHUSDTM"], "no candles of ETHUSDTM"),
        (["--symbol", "NOPE"], "no contract is called NOPE"),
        (["--data", "CSV", "--timeframe", "7m"], "no timeframe is called 7m"),
        (["--data", "CSV", "--set", "fast"], "--set fast is not NAME=VALUE"),
        (["--data", "CSV", "--set", "timeframe=1h"], "has a flag of its own"),
        (
            ["--data", "CSV", "--set", "fst=3"],
            "fst",
        ),
        (["--data", "CSV", "--set", "fast=x"], "fast = x: allowed is a whole number"),
        (["--data", "CSV", "--strategy", "nope"], "no strategy is called 'nope'"),
        (["--data", "CSV", "--from", "soon"], "--from soon is no time"),
        (["--data", "CSV", "--from", "2023-01-01"], "no bars in that time"),
        (["--data", "CSV", "--from", "2022-01-04", "--to", "2022-01-03"], "--from 2022-01-04 is not before --to"),
        (["--data", "CSV", "--to", "9999-01-01"], "--to 9999-01-01 is no time of candles"),
        (
            ["--data", "CSV", "--strategy", "portfolio", "--set", "strategies=nope=1"],
            "portfolio cannot be made: no strategy is called 'nope'",
        ),
    ],
)
def test_what_cannot_be_flown_is_usage(arguments: list[str], what: str, csv: Path) -> None:
    with pytest.raises(Failure, match=what) as refused:
        answer(["backtest", *(str(csv) if each == "CSV" else each for each in arguments)])
    assert refused.value.code is Exit.USAGE


@pytest.mark.parametrize(("where", "why"), [("no/x.html", "No such file or directory"), ("/", "Is a directory")])
def test_a_page_that_cannot_be_written_is_named_and_the_report_is_not_lost(
    where: str, why: str, csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Failure, match=f"cannot be written: {why}"):
        answer(["backtest", "--data", str(csv), *QUICK, "--html", str(tmp_path / where)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "ema_cross 5m fast=3 slow=8 on XBTUSDTM"
    assert max(map(len, lines)) <= 80
