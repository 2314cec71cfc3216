"""``radtui data``: what a person types and reads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from tests.cli.conftest import PROJECT

HEADER = "timestamp,open,high,low,close,volume"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    rows = [f"2022-01-03 00:0{minute}:00,100,101,99,100.5,7" for minute in (0, 1, 3)]
    return written(tmp_path, *rows)


def written(folder: Path, *rows: str) -> Path:
    file = folder / "bars.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n")
    return file


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = answer([str(each) for each in arguments])
    return code, capsys.readouterr().out


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    return json.loads(shown(capsys, *arguments, "--json")[1])


def test_a_file_is_taken_listed_and_checked(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, text = shown(capsys, "data", "import", csv, "--symbol", "XBTUSDTM")
    assert (code, "3 new candles of XBTUSDTM 1m" in text, "gap" in text) == (Exit.DONE, True, True)
    (held,) = document(capsys, "data", "list")["candles"]
    assert (held["symbol"], held["timeframe"], held["candles"], held["missing"]) == ("XBTUSDTM", "1m", 3, 1)
    checked = document(capsys, "data", "check")
    assert (checked["ok"], [flaw["kind"] for flaw in checked["checked"][0]["flaws"]]) == (True, ["gap"])
    assert "2022-01-03 00:00:00  2022-01-03 00:04:00  3" in shown(capsys, "data", "list")[1]


def test_the_same_file_again_is_known(csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shown(capsys, "data", "import", csv, "--symbol", "XBTUSDTM")
    (again,) = document(capsys, "data", "import", csv, "--symbol", "XBTUSDTM")["imported"]
    assert (again["new"], again["replaced"], again["known"]) == (0, 0, 3)


def test_a_file_with_an_impossible_candle_is_refused_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sound, bad = "2022-01-03 00:00:00,100,101,99,100.5,7", "2022-01-03 00:01:00,100,99,101,100,7"
    file = written(tmp_path, sound, bad)
    with pytest.raises(Failure, match="1 candles that cannot be used") as refused:
        answer(["data", "import", str(file), "--symbol", "XBTUSDTM", "--timeframe", "1m"])
    assert "2022-01-03 00:01:00  impossible" in refused.value.means
    assert document(capsys, "data", "list")["candles"] == []
    (taken,) = document(
        capsys, "data", "import", file, "--symbol", "XBTUSDTM", "--timeframe", "1m", "--skip-bad"
    )["imported"]  # fmt: skip
    assert (taken["new"], [flaw["kind"] for flaw in taken["flaws"]]) == (1, ["impossible"])


def test_check_exits_with_1_where_something_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = written(tmp_path, *["2022-01-03 00:00:00,100,101,99,100.5,7"] * 2)
    code, text = shown(capsys, "data", "check", twice)
    assert (code, "duplicate" in text) == (Exit.REFUSED, True)


def test_nothing_is_there_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`radtui data download`" in shown(capsys, "data", "list")[1]
    assert "nothing to check" in shown(capsys, "data", "check")[1]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["download"], "no contract was named"),
        (["download", "XBTUSDTM", "--timeframe", "7m"], "no timeframe is called 7m"),
        (["download", "XBTUSDTM", "--from", "soon"], "--from soon is no time"),
        (["download", "XBTUSDTM", "--from", "2026-02-01", "--to", "2026-01-01"], "is not before"),
        (["download", "XBTUSDTM", "--from", "0001-01-01"], "--from 0001-01-01 is no time of candles"),
        (["import", "gone.csv", "--symbol", "XBTUSDTM"], "gone.csv cannot be taken"),
    ],
)
def test_what_cannot_be_is_usage(arguments: list[str], what: str) -> None:
    with pytest.raises(Failure, match=what) as refused:
        answer(["data", *arguments])
    assert refused.value.code is Exit.USAGE


@pytest.mark.parametrize("symbol", ["../../oops", "", "a/b", "xbtusdtm", ".", "X" * 99])
def test_candles_are_never_written_beside_the_folder(symbol: str, csv: Path, own_folders: Path) -> None:
    before = sorted(own_folders.rglob("*"))
    with pytest.raises(Failure, match="is no contract's name: capital letters and digits") as refused:
        answer(["data", "import", str(csv), "--symbol", symbol])
    assert refused.value.code is Exit.USAGE
    assert sorted(own_folders.rglob("*.parquet")) == [each for each in before if each.suffix == ".parquet"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(
    csv: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = ("--folder", tmp_path / "candles")
    for symbol in ("XBTUSDTM", "ETHUSDTM"):
        shown(capsys, "data", "import", csv, "--symbol", symbol, *folder)
    (tmp_path / "candles" / "ETHUSDTM" / "1m" / "2022-01.parquet").write_text("PAR1")
    for command in ("list", "check"):
        code, text = shown(capsys, "data", command, *folder)
        assert code == Exit.REFUSED
        assert "2022-01.parquet cannot be read" in text
        assert "remove it and download it again" in text
        assert "XBTUSDTM" in text


def test_without_polars_it_says_what_is_missing() -> None:
    """On a machine that has the program without the extra."""
    script = "import sys; sys.modules['polars'] = None; from radtui.cli import main; main()"
    command = [sys.executable, "-c", script, "data", "list"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)
    assert done.returncode == Exit.USAGE
    assert "pip install 'radtui[research]'" in done.stderr
    assert "Traceback" not in done.stderr
