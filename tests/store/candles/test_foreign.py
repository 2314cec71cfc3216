"""Other people's files: what they mean is read exactly, what they are not is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from radtui.store.candles.errors import NotCandles
from radtui.store.candles.foreign import read_foreign
from tests.store.candles.bars import START, row, table

MS = START // 1_000_000
WANTED = table(row(0, "46319.1", volume="1.25"), row(1, "0.0000000001", volume="0"))


def csv(path: Path) -> Path:
    file = path / "x.csv"
    file.write_text("Date,Open,High,Low,Close,Volume\n2022-01-03 00:00:00.000000," + "46319.1," * 4 + "1.25\n"
                    "2022-01-03T00:01:00Z," + "1e-10," * 4 + "0\n")  # fmt: skip
    return file


def zipped(path: Path) -> Path:
    file = path / "x.csv.gz"
    file.write_bytes(gzip.compress(csv(path).read_bytes()))
    return file


def lists(path: Path) -> Path:
    """freqtrade's and ccxt's JSON."""
    file = path / "x.json"
    file.write_text(f"[[{MS},46319.1,46319.1,46319.1,46319.1,1.25],[{MS + 60_000},1e-10,1e-10,1e-10,1e-10,0]]")
    return file


def nameless(path: Path) -> Path:
    """What a loop over ccxt's answers writes, for a spreadsheet with a comma of its own."""
    file = path / "x.csv"
    file.write_text(f"{MS * 1000};46319.1;46319.1;46319.1;46319.1;1.25\n{START + 60_000_000_000}" + ";1e-10" * 4 + ";0")
    return file


def objects(path: Path) -> Path:
    file = path / "x.json"
    names = ("open", "high", "low", "close")
    file.write_text(
        json.dumps([
            {"time": str(MS // 1000), **dict.fromkeys(names, "46319.1"), "volume": "1.25"},
            {"time": str(MS // 1000 + 60), **dict.fromkeys(names, "1e-10"), "volume": 0},
        ])
    )  # fmt: skip
    return file


def _floats() -> pl.DataFrame:
    dates = [datetime(2022, 1, 3, 0, minute, tzinfo=UTC) for minute in (0, 1)]
    prices = {name: [46319.1, 1e-10] for name in ("open", "high", "low", "close")}
    return pl.DataFrame({"date": dates, **prices, "volume": [1.25, 0.0]})


def feather(path: Path) -> Path:
    file = path / "x.feather"
    _floats().with_columns(pl.col("date").cast(pl.Datetime("ms", "UTC"))).write_ipc(file)
    return file


def parquet(path: Path) -> Path:
    file = path / "x.parquet"
    _floats().write_parquet(file)
    return file


def own(path: Path) -> Path:
    file = path / "own.parquet"
    WANTED.write_parquet(file)
    return file


@pytest.mark.parametrize("write", [csv, zipped, nameless, lists, objects, feather, parquet, own])
def test_every_kind_of_file_means_the_same(write: Callable[[Path], Path], tmp_path: Path) -> None:
    read = read_foreign(write(tmp_path))
    assert read.table.equals(WANTED)
    assert read.rounded == (write in {feather, parquet})


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("x.txt", "", "no file of candles ends so"),
        ("x.csv", "a,b\n1,2\n", "no column open or o, only a, b"),
        ("x.csv", "time,open,high,low,close,volume\nsoon,1,1,1,1,1\n", "row 1: 'soon' is no time"),
        ("x.csv", "time,open,high,low,close,volume\n1641081600,x,1,1,1,1\n", "row 1: open 'x' is no price"),
        ("x.csv", "time,open,high,low,close,volume\n1641081600,1\n", "cannot be taken"),
        ("x.csv", "", "cannot be taken"),
        ("x.csv", "time,open,high,low,close,volume\n", "holds no rows"),
        ("x.csv", "1,2,3\n4,5,6\n", "no column open"),
        ("x.csv", "time,open,high,low,close,volume\n9999-01-01,1,1,1,1,1\n", "row 1: '9999-01-01' is no time"),
        ("x.json", f"[[{10**30},1,1,1,1,1]]", f"row 1: '{10**30}' is no time"),
        ("x.csv.gz", "not zipped", "cannot be taken"),
        ("x.json", "[]", "holds no rows"),
        ("x.json", "[1]", "no list of candles"),
        ("x.json", '{"code": 1}', "cannot be taken"),
        ("x.json", "[[1,2", "cannot be taken"),
        ("x.parquet", "PAR1", "cannot be taken"),
        ("x.feather", "ARROW1", "cannot be taken"),
    ],
)
def test_what_is_no_file_of_candles_is_refused(name: str, content: str, why: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(NotCandles, match=why):
        read_foreign(tmp_path / name)


def test_a_text_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("time,open,high,low,close,volume\n".encode("utf-16"))
    with pytest.raises(NotCandles, match="it is no text in UTF-8"):
        read_foreign(tmp_path / "x.csv")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotCandles, match=r"gone\.csv cannot be taken: No such file"):
        read_foreign(tmp_path / "gone.csv")
