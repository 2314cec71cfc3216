"""What the exchange shows of the account: orders, fills, funding, positions and money, in core's words.

The engine asks for all of it every second while something is open: weight 18 together, and funding only now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.order import Fill, OrderReport
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.contracts import SETTLED_IN
from radtui.exchange.kucoin.fills import FillReader
from radtui.exchange.kucoin.funding import FundingReader
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.transfers import TransferReader


class Readings:
    """Reads over REST.

    Attributes:
        settlements: funding, and for which symbols it is looked for.

    Args:
        now: the exchange's time, nanoseconds UTC.
    """

    def __init__(self, rest: Rest, blotter: Blotter, now: Callable[[], int]) -> None:
        self._rest, self._blotter = rest, blotter
        self._fills = FillReader(rest.orders, blotter, now)
        self.settlements = FundingReader(rest.account, now)
        self._transfers = TransferReader(rest.account, now)
        self._held_known = False

    async def open_orders(self) -> list[OrderReport]:
        """Return every active order, untriggered stops included, each once.

        Stops are read first: one that fires meanwhile is then among the orders, at worst among both.
        """
        stops = await self._rest.orders.stops()
        active = await self._rest.orders.active()
        found = {order.id: convert.order_report(order) for order in (*stops, *active)}
        newest = [self._blotter.listed(report) for report in found.values()]
        return [report for report in newest if report.active]

    async def ended_orders(self) -> list[OrderReport]:
        """Return the orders of the last day that are done though nobody was told, as far as they were known."""
        awaited = set(self._blotter.active())
        if not awaited:
            return []
        done = await self._rest.orders.recent_done()
        return [self._blotter.listed(convert.order_report(order)) for order in done if order.id in awaited]

    async def fills(self, since: int) -> list[Fill]:
        """Return the fills at or after `since` (nanoseconds UTC), oldest first."""
        return self._noted(await self._fills.since(since))

    async def recent_fills(self) -> list[Fill]:
        """Return the fills of the last day, oldest first."""
        return self._noted(await self._fills.recent())

    async def funding(self, since: int) -> list[FundingPaid]:
        """Return the funding settled at or after `since` (nanoseconds UTC), oldest first."""
        if not self._held_known:  # what was held and closed while nobody looked shows in its fills
            await self.fills(since)
            await self.positions()
            self._held_known = True
        return await self.settlements.since(since)

    async def transfers(self, since: int) -> list[Transfer]:
        """Return deposits, withdrawals and transfers at or after `since` (nanoseconds UTC), oldest first."""
        return await self._transfers.since(since)

    async def positions(self) -> list[PositionReport]:
        """Return the open positions; on a hedge account a symbol may have a long and a short one at once."""
        found = await self._rest.positions.open(SETTLED_IN)
        reports = [convert.position_report(each) for each in found if each.settle_currency in {SETTLED_IN, ""}]
        reports = [report for report in reports if report.lots]
        for symbol in dict.fromkeys(report.symbol for report in reports):
            self.settlements.held(symbol)
        return reports

    async def account(self) -> AccountReport:
        """Return the account's money."""
        return convert.account_report(await self._rest.account.overview(SETTLED_IN))

    def _noted(self, fills: Sequence[Fill]) -> list[Fill]:
        for symbol in dict.fromkeys(fill.symbol for fill in fills):  # in their order: a set has one of its own a run
            self.settlements.held(symbol)
        return list(fills)
