"""The account's side of the feed: pushes in, reports out; a push that tells too little has the rest read over REST.

A fill goes out with the fee that the exchange lists. Where it is not listed in time, it goes out with the fee that the
contract's rate makes of it, for a position must not wait for its stop.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from msgspec.structs import replace

from radtui.core.account import PositionReport
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind, PositionSide
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.contracts import SETTLED_IN
from radtui.exchange.kucoin.wire.feed import OrderChange, PositionChange, StopChange, WalletChange
from radtui.exchange.port import AccountMessage
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure

LISTED_WITHIN: Final = 3 * SECOND
"""After this long a fill goes out although the exchange does not list it."""
AGAIN: Final = Backoff(base=0.1, maximum=1.0)
"""Between two looks for fills that are not listed yet."""
GATHER: Final = 0.05
"""Seconds in which pushes that belong together arrive: one look serves them all."""
MARK_EVERY: Final = 10_000
"""Milliseconds between two reports of a position of which only the mark price has moved."""
_TOLD: Final = 2_000
Put = Callable[[AccountMessage], None]


class Fills:
    """Fills that were pushed, on their way to be listed.

    Args:
        recent: reads the fills of the last day, oldest first.
        instruments: by symbol, for the fee of a fill that is not listed in time.
        draw: random numbers in [-1, 1], for the jitter.
    """

    def __init__(
        self,
        recent: Callable[[], Awaitable[Sequence[Fill]]],
        instruments: Mapping[str, Instrument],
        *,
        clock: Clock,
        put: Put,
        draw: Callable[[], float],
    ) -> None:
        self._recent, self._instruments, self._clock, self._put, self._draw = recent, instruments, clock, put, draw
        self._awaited: dict[str, tuple[OrderChange, int]] = {}
        self._told: OrderedDict[str, None] = OrderedDict()
        self._woken = asyncio.Event()

    def pushed(self, change: OrderChange) -> None:
        """Take a match: its fill is looked for."""
        if not change.trade_id or not change.match_size or change.match_price is None:
            return
        key = _key(change.symbol, convert.trade_id(change.trade_id, change.side))
        if key not in self._told and key not in self._awaited:
            self._awaited[key] = change, self._clock.monotonic() + LISTED_WITHIN
            self._woken.set()

    def tell(self, fills: Sequence[Fill]) -> None:
        """Hand over fills that are not told yet."""
        for fill in fills:
            key = _key(fill.symbol, fill.trade_id)
            self._awaited.pop(key, None)
            if key not in self._told:
                self._told[key] = None
                self._put(fill)
        while len(self._told) > _TOLD:
            self._told.popitem(last=False)

    async def run(self) -> None:
        """Look for pushed fills until cancelled."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            attempt = 0
            while self._awaited:
                wait = AGAIN.wait(attempt - 1, self._draw()) if attempt else GATHER
                await asyncio.sleep(min(wait, max(self._left(), GATHER)))
                await self._look()
                attempt += 1

    async def _look(self) -> None:
        earliest = min((change.ts for change, _ in self._awaited.values()), default=0) - SECOND
        with suppress(ExchangeFailure, TimeoutError):  # the observer was told; what is overdue goes out all the same
            async with asyncio.timeout(max(self._left(), GATHER)):
                self.tell([fill for fill in await self._recent() if fill.at >= earliest])
        now = self._clock.monotonic()
        self.tell([self._made(change) for change, due in list(self._awaited.values()) if due <= now])

    def _left(self) -> float:
        """Return the seconds until the first of them is overdue."""
        due = min((due for _, due in self._awaited.values()), default=0)
        return (due - self._clock.monotonic()) / SECOND

    def _made(self, change: OrderChange) -> Fill:
        """Return the fill that a match is, with the fee that the contract's rate makes of it."""
        price, lots = change.match_price or ZERO, change.match_size or 0
        maker, known = change.liquidity == "maker", self._instruments.get(change.symbol)
        rate = ZERO if known is None else known.maker_fee if maker else known.taker_fee
        return Fill(
            trade_id=convert.trade_id(change.trade_id or "", change.side),
            order_id=change.order_id,
            client_id=change.client_oid or "",
            symbol=change.symbol,
            side=convert.side(change.side),
            lots=lots,
            price=price,
            fee=rate * known.notional(price, lots) if known else ZERO,
            maker=maker,
            at=change.ts,
            kind=FillKind.LIQUIDATION if change.trade_type in convert.FORCED else FillKind.TRADE,
            margin_mode=convert.margin_mode(change.margin_mode),
            position_side=convert.position_side(change.position_side),
        )


class Account:
    """What the private topics tell, as core's reports.

    Args:
        unclear: told that a push cannot be understood without reading over REST.
    """

    def __init__(self, blotter: Blotter, fills: Fills, *, put: Put, unclear: Callable[[], None]) -> None:
        self._blotter, self._fills, self._put, self._unclear = blotter, fills, put, unclear
        self._positions: dict[tuple[str, PositionSide], PositionReport] = {}
        self._marked_at: dict[str, int] = {}
        self._wallet_version = 0

    def order(self, change: OrderChange) -> None:
        """Take a change of an order."""
        report = self._blotter.changed(change)
        if report is None:
            self._unclear()
        else:
            self._put(report)
            change = replace(change, client_oid=report.client_id)
        if change.type == "match" or change.match_size:
            self._fills.pushed(change)

    def stop(self, change: StopChange) -> None:
        """Take a change of a stop."""
        report = self._blotter.stop_changed(change)
        if report is not None:
            self._put(report)
        elif change.type != "open":  # of a new one the answer to its placing tells
            self._unclear()

    def wallet(self, change: WalletChange) -> None:
        """Take a change of the money; versions that come late are passed over."""
        if change.currency == SETTLED_IN and change.version > self._wallet_version:
            self._wallet_version = change.version
            self._put(convert.wallet_report(change))

    def position(self, change: PositionChange) -> str:
        """Take a change of a position and return its symbol; of a mark price alone, only what it moves is told."""
        if change.current_qty is None:
            return self._marked(change)
        if change.symbol and change.settle_currency in {SETTLED_IN, ""}:
            self.shown(convert.position_report(change))
        return change.symbol

    def shown(self, report: PositionReport) -> None:
        """Take a position as REST or a push shows it."""
        self._positions[report.symbol, report.position_side] = report
        self._put(report)
        if not report.lots:
            del self._positions[report.symbol, report.position_side]

    def all_shown(self, reports: Sequence[PositionReport]) -> None:
        """Take every open position as REST shows it: what was open and is not among them is closed."""
        shown = {(report.symbol, report.position_side) for report in reports}
        for gone in [report for key, report in self._positions.items() if key not in shown]:
            self.shown(replace(gone, lots=0, unrealised=ZERO, margin=ZERO))
        for report in reports:
            self.shown(report)

    def tell(self, messages: Iterable[AccountMessage]) -> None:
        """Hand over what was read; the wallet's next push counts, whatever its version."""
        self._wallet_version = 0
        for message in messages:
            self._put(message)

    def _marked(self, change: PositionChange) -> str:
        """Move the mark price of a position; a push that names no symbol is passed over, for positions are read too."""
        meant = [report for report in self._positions.values() if report.symbol == change.symbol]
        if len(meant) != 1 or change.mark_price is None:
            return change.symbol
        moved = replace(
            meant[0],
            mark=change.mark_price,
            unrealised=meant[0].unrealised if change.unrealised_pnl is None else change.unrealised_pnl,
        )
        self._positions[moved.symbol, moved.position_side] = moved
        at = change.current_timestamp or 0
        if at - self._marked_at.get(moved.symbol, 0) >= MARK_EVERY:
            self._marked_at[moved.symbol] = at
            self._put(moved)
        return moved.symbol


def _key(symbol: str, trade_id: str) -> str:
    return f"{symbol} {trade_id}"
