"""Downloading: each page once, kept whatever happens, taken up where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from radtui.core.market import MINUTE
from radtui.store.candles import filling as module
from radtui.store.candles.archive import Added, CandleArchive
from radtui.store.candles.filling import PAGE, Filling, Progress
from radtui.venue.rows import Row
from tests.store.candles.bars import START, row, table

XBT = "XBTUSDTM"


class Exchange:
    """Has a candle each minute but for those named, and counts what it is asked."""

    def __init__(self, *silent: int, fails_after: int = 10**9) -> None:
        self.asked: list[tuple[int, int]] = []
        self._silent, self._fails_after = silent, fails_after

    async def __call__(self, begin: int, end: int) -> Sequence[Row]:
        await asyncio.sleep(0)
        if len(self.asked) >= self._fails_after:
            raise ConnectionError("cut")
        self.asked.append((begin, end))
        minutes = range((begin - START) // MINUTE, (end - START) // MINUTE)
        assert len(minutes) <= PAGE
        return [row(minute) for minute in minutes if minute not in self._silent]


async def filled(archive: CandleArchive, exchange: Exchange, first: int, last: int) -> tuple[Added, list[Progress]]:
    told: list[Progress] = []
    done = await Filling(archive, XBT, "1m", exchange, told.append).fill(START + first * MINUTE, START + last * MINUTE)
    return done.added, told


async def test_all_of_it_comes_in_pages(tmp_path: Path) -> None:
    archive, exchange = CandleArchive(tmp_path), Exchange()
    added, told = await filled(archive, exchange, 0, 1000)
    assert added == Added(new=1000)
    assert archive.read(XBT, "1m").equals(table(*range(1000)))
    assert (told[0], told[-1]) == (Progress(5, 0, 0), Progress(5, 0, 5))


async def test_what_is_there_is_not_asked_for_again(tmp_path: Path) -> None:
    archive = CandleArchive(tmp_path)
    await filled(archive, Exchange(250), 0, 600)
    again = Exchange(250)
    added, told = await filled(archive, again, 0, 800)
    assert again.asked == [(START + 200 * MINUTE, START + 400 * MINUTE), (START + 600 * MINUTE, START + 800 * MINUTE)]
    assert added == Added(new=200, known=199)
    assert told[-1] == Progress(4, 2, 2)


async def test_pages_lie_where_they_lie_whatever_is_asked_for(tmp_path: Path) -> None:
    exchange = Exchange()
    await filled(CandleArchive(tmp_path), exchange, 150, 450)
    assert [(last - first) // MINUTE for first, last in exchange.asked] == [50, 200, 50]


async def test_a_cut_keeps_what_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    archive = CandleArchive(tmp_path)
    with pytest.raises(ConnectionError):
        await filled(archive, Exchange(fails_after=2), 0, 1000)
    assert archive.read(XBT, "1m").height == 400
    resumed = Exchange()
    await filled(archive, resumed, 0, 1000)
    assert len(resumed.asked) == 3
    assert archive.read(XBT, "1m").equals(table(*range(1000)))


async def test_a_cancelled_download_keeps_what_came(tmp_path: Path) -> None:
    archive = CandleArchive(tmp_path)
    arrived = asyncio.Event()

    async def ask(begin: int, end: int) -> Sequence[Row]:
        if begin > START + 700 * MINUTE:
            arrived.set()
            await asyncio.Event().wait()
        return await Exchange()(begin, end)

    task = asyncio.create_task(Filling(archive, XBT, "1m", ask, lambda _: None).fill(START, START + 2000 * MINUTE))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert archive.read(XBT, "1m").equals(table(*range(800)))


async def test_what_the_exchange_got_wrong_is_left_out_and_told(tmp_path: Path) -> None:
    archive = CandleArchive(tmp_path)

    async def ask(begin: int, end: int) -> Sequence[Row]:
        return [row(0), row(1, high="1"), row(2)]

    done = await Filling(archive, XBT, "1m", ask, lambda _: None).fill(START, START + 3 * MINUTE)
    assert [flaw.kind for flaw in done.flaws] == ["impossible"]
    assert archive.read(XBT, "1m").equals(table(0, 2))


async def test_nothing_is_asked_for_where_nothing_is_wanted(tmp_path: Path) -> None:
    exchange = Exchange()
    added, told = await filled(CandleArchive(tmp_path), exchange, 5, 5)
    assert (added, exchange.asked, told) == (Added(), [], [Progress(0, 0, 0)])
