"""A market from CSV or Parquet is the same market."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from radtui.core.market import MINUTE, Candle
from radtui.store.candles.archive import CandleArchive
from radtui.store.recorded import held_market, open_market
from radtui.venue.history import BadHistory, RecordedMarket
from tests.store.candles.bars import START, row, table

XBT = "XBTUSDTM"


def bars(market: RecordedMarket) -> list[Candle]:
    found = [*market.warm(MINUTE, 10_000)]
    while not market.ended:
        found += market.step()
    return found


@pytest.fixture
def archive(tmp_path: Path) -> CandleArchive:
    made = CandleArchive(tmp_path)
    made.add(XBT, "1m", table(0, row(1, "100.1"), 2, 3, 50_000 - 45_000))
    return made


def test_file_folder_and_csv_are_the_same_bars(archive: CandleArchive) -> None:
    folder = archive.folder / XBT / "1m"
    csv = archive.folder / "bars.csv"
    archive.read(XBT, "1m").with_columns(pl.col("timestamp").dt.epoch("s")).write_csv(csv)
    wanted = bars(open_market(csv, (XBT,), warmup=1))
    assert len(wanted) == 5001
    assert bars(open_market(folder, warmup=1)) == wanted
    assert bars(open_market(next(folder.glob("*.parquet")), warmup=1)) == wanted
    assert bars(held_market(archive.folder, XBT, MINUTE, warmup=1)) == wanted


def test_the_folder_says_whose_candles_they_are(tmp_path: Path) -> None:
    CandleArchive(tmp_path).add("ETHUSDTM", "1m", table(0, 1, 2))
    market = open_market(tmp_path / "ETHUSDTM" / "1m", warmup=1)
    assert [instrument.symbol for instrument in market.instruments] == ["ETHUSDTM"]


def test_equal_candles_have_equal_names(archive: CandleArchive) -> None:
    folder = archive.folder / XBT / "1m"
    before = open_market(folder, warmup=1).source
    assert open_market(folder, warmup=1).source == before
    archive.add(XBT, "1m", table(row(2, "100.2")))
    assert open_market(folder, warmup=1).source != before


def test_the_finest_candles_that_fit_are_taken(archive: CandleArchive) -> None:
    archive.add(XBT, "5m", table(0, 5, 10))
    assert held_market(archive.folder, XBT, 15 * MINUTE, warmup=1).step_span == MINUTE
    assert (
        held_market(archive.folder, XBT, MINUTE, START + 2 * MINUTE, START + 4 * MINUTE, warmup=1).step_span == MINUTE
    )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("empty", r"holds no Parquet files. Give one that does, such as XBTUSDTM/1m"),
        ("gone.parquet", r"gone\.parquet cannot be read"),
        ("twice.parquet", r"has 1 flaws, the first is a duplicate"),
    ],
)
def test_what_cannot_be_replayed_says_why(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    table(0, 1, 1, 2).write_parquet(tmp_path / "twice.parquet")
    with pytest.raises(BadHistory, match=why):
        open_market(tmp_path / name, warmup=1)


def test_no_candles_say_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(BadHistory, match="`radtui data download ETHUSDTM` brings some"):
        held_market(tmp_path, "ETHUSDTM", MINUTE)
