"""What the exchange shows of a whole account, read once for all of its bots and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from radtui.core.account import AccountReport, FundingPaid, PositionReport, Transfer
from radtui.core.exposure import Exposure, together
from radtui.core.instrument import Instrument
from radtui.core.order import Fill, OrderReport
from radtui.exchange.port import AccountMessage, Exchange
from radtui.exchange.shared.gathering import Gathering
from radtui.resilience.clock import Clock

T = TypeVar("T")
SPACING: Final = 0.5
"""Seconds between two readings of the same while nobody is in a hurry: bots that look at other moments share one."""


class Readings:
    """Reads, and keeps what was shown last.

    Args:
        pressing: whether somebody waits for what is read.
        heard: told of the account's money whenever it was read.

    Attributes:
        orders, fills, funding, transfers, positions: asked of the exchange together.
        money: the account's, as shown last; None before that.
        instruments: by symbol.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        pressing: Callable[[], bool],
        heard: Callable[[AccountReport], None],
    ) -> None:
        self._exchange, self._heard = exchange, heard
        self.money: AccountReport | None = None
        self.instruments: dict[str, Instrument] = {}
        self._held: dict[str, tuple[PositionReport, ...]] = {}

        def calm() -> float:
            return 0.0 if pressing() else SPACING

        def gathered(read: Callable[[int], Awaitable[T]], spacing: Callable[[], float] = calm) -> Gathering[T]:
            return Gathering(read, clock, spacing)

        self.orders: Gathering[Sequence[OrderReport]] = gathered(lambda _: exchange.open_orders())
        self.fills: Gathering[Sequence[Fill]] = gathered(exchange.fills)
        self.funding: Gathering[Sequence[FundingPaid]] = gathered(exchange.funding)
        self.transfers: Gathering[Sequence[Transfer]] = gathered(exchange.transfers)
        self.positions: Gathering[Sequence[PositionReport]] = gathered(lambda _: self._read_positions())
        self.account: Gathering[AccountReport] = gathered(lambda _: self._read_account(), lambda: 0.0)
        """Never spaced: a cycle's entries wait for it."""

    def note(self, message: AccountMessage) -> None:
        """Keep what a feed tells."""
        if isinstance(message, AccountReport):
            self._note_account(message)
        elif isinstance(message, PositionReport):
            others = self._held.get(message.symbol, ())
            kept = tuple(each for each in others if each.position_side is not message.position_side)
            self._held[message.symbol] = (*kept, message) if message.lots else kept

    async def listed(self) -> Sequence[Instrument]:
        """Return the contracts of all bots."""
        found = await self._exchange.instruments()
        self.instruments.update({instrument.symbol: instrument for instrument in found})
        return found

    def held(self, wanted: Callable[[str], bool]) -> list[PositionReport]:
        """Return the positions shown last in the wanted contracts."""
        return [report for symbol, reports in self._held.items() if wanted(symbol) for report in reports]

    def exposure(self, wanted: Callable[[str], bool]) -> Exposure:
        """Return what the positions in the wanted contracts come to, as the exchange shows them."""
        return together(self._of(report) for report in self.held(wanted))

    async def stop(self) -> None:
        """Abandon what is being read."""
        for reading in (self.orders, self.fills, self.funding, self.transfers, self.positions, self.account):
            await reading.stop()

    def _of(self, report: PositionReport) -> Exposure:
        instrument = self.instruments.get(report.symbol)
        value = instrument.notional(report.mark or report.entry, report.lots) if instrument else report.cost
        return Exposure(coins={instrument.base if instrument else report.symbol: value}, margin=report.margin)

    async def _read_account(self) -> AccountReport:
        report = await self._exchange.account()
        self._note_account(report)
        return report

    async def _read_positions(self) -> Sequence[PositionReport]:
        found = await self._exchange.positions()
        by_symbol: defaultdict[str, list[PositionReport]] = defaultdict(list)
        for report in found:
            by_symbol[report.symbol].append(report)
        self._held = {symbol: tuple(reports) for symbol, reports in by_symbol.items()}
        return found

    def _note_account(self, report: AccountReport) -> None:
        self.money = report
        self._heard(report)
