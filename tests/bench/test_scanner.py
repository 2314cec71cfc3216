"""300 contracts scanned before our own server, inside its budget and without holding up a cancel (row W1).

Cold nothing is known; warm the 4h and 1d candles are, and the budget's window is a fresh one, as it is between two
scans. Meanwhile an order far from the market is placed and cancelled again and again, as it was before the scan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from simulators import Simulator

from radtui.core.events import Event, Scanned
from radtui.core.market import MINUTE
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.engine.apart import Apart
from radtui.engine.config import ScanConfig
from radtui.engine.scanner import SCANNER, Scanner
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.transport import Hosts
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock

SYMBOL = "XBTUSDTM"
CONTRACTS = 300
COLD, WARM = 45.0, 15.0
"""Seconds."""
WINDOW = 31.0
"""Seconds after which the exchange's budget is whole again."""
SLOWER = 5.0
"""Times the usual cancel that the median one may take while a scan goes on: both share one processor with the server.
What must not be is a wait for the budget: that is seconds."""
NEVER = 2.0
"""Seconds that no cancel may take."""
Measure = Callable[[], Awaitable[object]]


class Desk:
    """A line to the server, and a scanner on it that scans when it is told."""

    def __init__(self, server: Simulator) -> None:
        key = {name: server.ready[name] for name in ("key", "secret", "passphrase")}
        clock = SystemClock()
        health = HealthMonitor(clock)
        health.heartbeats.register(SCANNER, 60.0)
        self.exchange = KucoinExchange.at(
            Hosts.at(server.ready["url"]), Credentials(**key), clock=clock, observer=health.calls,
            symbols=(SYMBOL,), spans=(MINUTE,),
        )  # fmt: skip
        self.told: list[Event] = []
        self.scanner = Scanner(
            self.exchange, clock, health, ScanConfig(interval=3600.0), feed=self.told.append,
            traded=lambda: (SYMBOL,), runner=Apart("scanner"),
        )  # fmt: skip
        self._orders = 0
        self._boot = round(perf_counter() * 1000)

    async def scanned(self) -> float:
        """Run one scan and return the seconds it took."""
        before, began = len(self.told), perf_counter()
        task = asyncio.create_task(self.scanner.run())
        while len(self.told) == before:  # noqa: ASYNC110 - as the engine hears of it
            await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        last = self.told[-1]
        assert isinstance(last, Scanned)
        assert not last.picks.partial
        return perf_counter() - began

    async def cancels_during(self, work: Measure) -> list[float]:
        """Place and cancel until `work` is done; return the seconds of each cancel."""
        doing = asyncio.ensure_future(work())
        taken: list[float] = []
        while not doing.done():
            request = await self._order()
            await self.exchange.place(request)
            began = perf_counter()
            await self.exchange.cancel(SYMBOL, request.client_id)
            taken.append(perf_counter() - began)
            await asyncio.sleep(0.2)
        await doing
        return taken

    async def _order(self) -> OrderRequest:
        self._orders += 1
        best = (await self.exchange.book(SYMBOL)).bids[0].price
        return OrderRequest(
            client_id=f"b-{self._boot}-{self._orders}", symbol=SYMBOL, side=Side.BUY, type=OrderType.LIMIT, lots=1,
            price=(best * Decimal("0.9")).quantize(Decimal("0.1")), leverage=3,
        )  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(400)
def test_300_contracts_cold_and_warm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def story(server: Simulator) -> None:
        desk = Desk(server)
        took: list[float] = []

        async def scan() -> None:
            took.append(await desk.scanned())

        await desk.exchange.open()
        usual = await desk.cancels_during(lambda: asyncio.sleep(5))
        during = await desk.cancels_during(scan)
        view = desk.scanner.view
        await asyncio.sleep(WINDOW)
        desk.scanner.forget_hourly()
        during += await desk.cancels_during(scan)
        desk.scanner.close()
        await desk.exchange.close()
        cold, warm = took
        with capsys.disabled():
            print(
                f"\n{view.liquid} of {view.listed} contracts: cold {cold:.1f} s, warm {warm:.1f} s; a cancel "
                f"{median(usual) * 1e3:.1f} ms, in a scan {median(during) * 1e3:.1f}, {max(during) * 1e3:.0f} at most"
            )
        assert view.listed > CONTRACTS - 10  # those settled in coin are not traded here
        assert cold <= COLD
        assert warm < WARM
        assert max(during) < NEVER
        assert median(during) <= SLOWER * median(usual)

    with Simulator(tmp_path, "--seed", "1", "--contracts", str(CONTRACTS)) as server:
        assert server.ready, server.said
        asyncio.run(story(server))
