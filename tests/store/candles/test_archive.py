"""The folder of candles: whole files, nothing lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from filelock import FileLock

from radtui.core.market import DAY, MINUTE
from radtui.store.candles import archive as module
from radtui.store.candles.archive import Added, CandleArchive, read_table
from radtui.store.candles.errors import ArchiveBroken
from radtui.store.candles.frame import empty
from tests.store.candles.bars import START, row, table

XBT = "XBTUSDTM"


@pytest.fixture
def archive(tmp_path: Path) -> CandleArchive:
    return CandleArchive(tmp_path / "candles")


def test_candles_lie_by_symbol_timeframe_and_month(archive: CandleArchive) -> None:
    minutes = 31 * 24 * 60
    assert archive.add(XBT, "1m", table(0, 1, minutes)) == Added(new=3)
    names = sorted(str(file.relative_to(archive.folder)) for file in archive.folder.rglob("*.parquet"))
    assert names == [f"{XBT}/1m/2022-01.parquet", f"{XBT}/1m/2022-02.parquet"]
    assert archive.read(XBT, "1m").equals(table(0, 1, minutes))


def test_a_candle_that_comes_again_counts_once_and_a_new_figure_replaces_it(archive: CandleArchive) -> None:
    archive.add(XBT, "1m", table(0, 1, 2))
    assert archive.add(XBT, "1m", table(row(1, "101"), 2, 3)) == Added(new=1, replaced=1, known=1)
    assert archive.read(XBT, "1m").equals(table(0, row(1, "101"), 2, 3))


def test_what_is_known_already_is_not_written_again(archive: CandleArchive) -> None:
    archive.add(XBT, "1m", table(0, 1))
    (file,) = archive.folder.rglob("*.parquet")
    before = file.stat().st_ino
    archive.add(XBT, "1m", table(1))
    assert file.stat().st_ino == before


def test_a_part_is_read_by_its_times(archive: CandleArchive) -> None:
    archive.add(XBT, "1m", table(0, 1, 2, 50_000))
    assert archive.read(XBT, "1m", START + MINUTE, START + 2 * MINUTE).equals(table(1))
    assert archive.read(XBT, "1m", START + 2 * MINUTE).equals(table(2, 50_000))
    assert archive.read(XBT, "1m", None, START + DAY).equals(table(0, 1, 2))
    assert archive.read("ETHUSDTM", "1m").equals(empty())


def test_what_there_is_is_told(archive: CandleArchive) -> None:
    assert archive.holdings() == []
    archive.add(XBT, "5m", table(0, 5, 20))
    archive.add(XBT, "1m", table(0, 1))
    (archive.folder / XBT / "notes").mkdir()
    one, five = archive.holdings()
    assert (one.timeframe, five.timeframe) == ("1m", "5m")
    assert (five.candles, five.since, five.until, five.missing, five.files) == (3, START, START + 25 * MINUTE, 2, 1)


def test_a_writer_that_is_killed_leaves_the_old_file(archive: CandleArchive) -> None:
    """The process dies after the new file was written and before it took the old one's place."""
    archive.add(XBT, "1m", table(0, 1))
    script = (
        "import os, sys, pathlib\n"
        "pathlib.Path.replace = lambda *_: os._exit(9)\n"
        "from radtui.store.candles.archive import CandleArchive\n"
        "from tests.store.candles.bars import table\n"
        "CandleArchive(pathlib.Path(sys.argv[1])).add('XBTUSDTM', '1m', table(2, 3))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(archive.folder)], check=False, cwd=Path(__file__).parents[3]
    )
    assert done.returncode == 9
    assert len(list(archive.folder.rglob("*.part"))) == 1
    assert archive.read(XBT, "1m").equals(table(0, 1))
    archive.add(XBT, "1m", table(2))
    assert list(archive.folder.rglob("*.part")) == []
    assert archive.read(XBT, "1m").equals(table(0, 1, 2))


def test_a_full_disk_leaves_the_old_file(archive: CandleArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    archive.add(XBT, "1m", table(0, 1))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(ArchiveBroken, match="cannot be written: No space left on device"):
            archive.add(XBT, "1m", table(2))
    assert archive.read(XBT, "1m").equals(table(0, 1))
    assert list(archive.folder.rglob("*.part")) == []


def test_a_damaged_file_is_named(archive: CandleArchive) -> None:
    archive.add(XBT, "1m", table(0))
    (file,) = archive.folder.rglob("*.parquet")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ArchiveBroken, match=r"2022-01\.parquet cannot be read .*download it again"):
        archive.read(XBT, "1m")


def test_other_columns_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(ArchiveBroken, match="other columns"):
        read_table(tmp_path / "x.parquet")


def test_a_second_writer_waits_and_says_so(archive: CandleArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    archive.add(XBT, "1m", table(0))
    with (
        FileLock(archive.folder / XBT / "1m" / ".lock"),
        pytest.raises(ArchiveBroken, match="another radtui has been writing"),
    ):
        archive.add(XBT, "1m", table(1))
