"""Downloading from the simulated exchange: KuCoin's own protocol, in memory and in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from radtui.cli import downloading
from radtui.cli.downloading import Fetched, fetch
from radtui.cli.failures import Exit, Failure
from radtui.core.market import MINUTE, SECOND
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.rest.compose import rest_at
from radtui.exchange.kucoin.rest.transport import Hosts
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.tree import Settings
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.store.candles.archive import CandleArchive
from radtui.store.candles.frame import candles
from radtui.venue.model import SeededMarket

EPOCH = 1_767_225_600 * SECOND
XBT = "XBTUSDTM"


class Nobody:
    """Hears of no call."""

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None: ...


class Exchange:
    """Downloads from one simulated exchange, with what goes wrong on its wire."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, **chances: float) -> None:
        self.archive = CandleArchive(folder)
        self.asked = 0
        self._monkeypatch, self._wire = monkeypatch, chances

    def fetch(
        self, *symbols: str, begin: int | None = -300, end: int | None = None, down: bool = False
    ) -> Sequence[Fetched]:
        """Fetch minutes, counted from the exchange's present."""

        async def main() -> Sequence[Fetched]:
            clock = LoopClock(asyncio.get_running_loop(), EPOCH)
            faults = WireFaults(7, {WireFault(name.replace("_", "-")): chance for name, chance in self._wire.items()})
            market = SeededMarket((XBT,), seed=7, start=EPOCH)
            exchange = open_exchange(market, [seeded_key(7)], now=clock.now, faults=faults)

            @asynccontextmanager
            async def at_exchange(_: Settings) -> AsyncIterator[Rest]:
                async with Loopback(exchange) as network:
                    network.down = down
                    rest = rest_at(Hosts.at("http://exchange"), None, clock=clock, observer=Nobody(), transport=network)
                    yield rest
                    self.asked = sum("kline" in target for _, target in network.requests)

            self._monkeypatch.setattr(downloading, "at_exchange", at_exchange)
            first, last = (None if at is None else EPOCH + at * MINUTE for at in (begin, end))
            return await fetch(Settings(), self.archive, symbols, "1m", first, last, lambda end: end - 50 * MINUTE)

        return run_virtual(main())


def test_what_closed_is_fetched_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    exchange = Exchange(monkeypatch, tmp_path)
    (first,) = exchange.fetch(XBT)
    assert (first.new, first.missing, first.pages, first.known_pages) == (300, 0, 2, 0)
    (again,) = exchange.fetch(XBT)
    assert (again.new, again.known_pages, exchange.asked) == (0, 2, 0)
    closed = candles(exchange.archive.read(XBT, "1m"), XBT, MINUTE)
    assert [candle.opened_at for candle in closed] == [EPOCH + minute * MINUTE for minute in range(-300, 0)]
    assert all(candle.low <= candle.open <= candle.high for candle in closed)


def test_a_bad_line_costs_time_and_no_candle(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    exchange = Exchange(monkeypatch, tmp_path, lost=0.2, rate_limit=0.05)
    (fetched,) = exchange.fetch(XBT)
    assert (fetched.new, fetched.missing) == (300, 0)


def test_what_the_exchange_no_longer_has_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (fetched,) = Exchange(monkeypatch, tmp_path).fetch(XBT, begin=-2000, end=-100)
    assert fetched.new == 1900 - fetched.missing
    assert fetched.missing > 0


def test_the_future_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (fetched,) = Exchange(monkeypatch, tmp_path).fetch(XBT, begin=10, end=20)
    assert (fetched.new, fetched.pages, fetched.missing) == (0, 0, 0)


def test_an_end_alone_means_the_time_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (fetched,) = Exchange(monkeypatch, tmp_path).fetch(XBT, begin=None, end=-100)
    assert (fetched.since, fetched.until) == (EPOCH - 150 * MINUTE, EPOCH - 100 * MINUTE)


def test_an_unknown_contract_is_refused_before_anything_is_fetched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    exchange = Exchange(monkeypatch, tmp_path)
    with pytest.raises(Failure, match="KuCoin refuses") as refused:
        exchange.fetch(XBT, "NOPEUSDTM")
    assert refused.value.code is Exit.USAGE
    assert exchange.archive.holdings() == []


def test_a_dead_line_says_that_the_same_command_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Failure, match="KuCoin does not answer") as failed:
        Exchange(monkeypatch, tmp_path).fetch(XBT, down=True)
    assert (failed.value.code, failed.value.todo) == (Exit.REFUSED, "the same command goes on where it stopped")
