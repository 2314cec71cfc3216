"""What a venue is made of, for the modules that are its doors."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.venue.accounts import Accounts
from radtui.venue.book import Look
from radtui.venue.candles import Chart
from radtui.venue.desk import Desk, VenueOrder
from radtui.venue.execution import Execution
from radtui.venue.ledger import Ledger
from radtui.venue.liquidation import Liquidator
from radtui.venue.market import Market
from radtui.venue.matching import Matching
from radtui.venue.modes import Modes
from radtui.venue.records import Records
from radtui.venue.refusals import SUSPENDED, UNKNOWN_CONTRACT, VenueRefusal
from radtui.venue.replay import Replay
from radtui.venue.risk import at_level, risk_limits
from radtui.venue.tape import Tape


class Interior:
    """The parts of one venue, and how they hang together. Only for `radtui.venue.venue.Venue` and its bases."""

    def __init__(self, market: Market, slippage: Decimal, kept: int, *, live: bool) -> None:
        self._market = market
        self._slippage = slippage
        self._kept = kept
        self._live = live
        self._instruments = {instrument.symbol: instrument for instrument in market.instruments}
        self._levels = {symbol: risk_limits(instrument) for symbol, instrument in self._instruments.items()}
        self._desks = {symbol: Desk(instrument) for symbol, instrument in self._instruments.items()}
        self._looks: dict[str, Look] = {}
        self._chart: Chart
        self._tape = Tape(market.source) if live else None

    @property
    def now(self) -> int:
        """Market clock, nanoseconds UTC."""
        return self._market.now

    def _set_books(self, ledgers: dict[str, Ledger], records: Records, modes: Modes) -> None:
        self._accounts = Accounts(ledgers, self._desks)
        self._records = records
        self._modes = modes
        self._execution = Execution(self._accounts, records, self._tape)
        self._matching = Matching(self._execution, self._slippage, live=self._live)
        self._replay = Replay(self._execution, self._matching, Liquidator(self._execution, modes))
        for desk in self._desks.values():
            self._set_level(desk, modes.levels.get(desk.instrument.symbol, 0))

    def _set_level(self, desk: Desk, level: int) -> None:
        instrument = self._instruments[desk.instrument.symbol]
        desk.instrument = at_level(instrument, self._levels[instrument.symbol][level - 1]) if level else instrument

    def _desk(self, symbol: str) -> Desk:
        desk = self._desks.get(symbol)
        if desk is None:
            raise VenueRefusal(UNKNOWN_CONTRACT, f"there is no contract {symbol}; there are {', '.join(self._desks)}")
        return desk

    def _trading(self, symbol: str) -> tuple[Desk, Decimal]:
        """Return a desk and its mark, or refuse where nothing trades."""
        desk = self._desk(symbol)
        if desk.mark is None or self._market.ended:
            raise VenueRefusal(SUSPENDED, f"{symbol} does not trade: the market has not begun or has ended")
        return desk, desk.mark

    def _working(self) -> list[VenueOrder]:
        orders = [order for desk in self._desks.values() for order in desk.orders.values()]
        return sorted(orders, key=lambda order: order.number)

    def _find(self, symbol: str, client_id: str) -> VenueOrder | None:
        desk = self._desks.get(symbol)
        order = (desk and desk.orders.get(client_id)) or self._records.done(client_id)
        return order if order is not None and order.request.symbol == symbol else None

    def _find_number(self, order_id: str) -> VenueOrder | None:
        number = int(order_id) if order_id.isdecimal() else -1
        working = (order for order in self._working() if order.number == number)
        return next(working, None) or self._records.done_number(number)

    def _say_account(self) -> None:
        for currency in self._execution.moved:
            self._execution.out.append(self._accounts.report(currency))
        self._execution.moved.clear()


def settlements(instruments: tuple[Instrument, ...], balances: dict[str, Decimal]) -> dict[str, Ledger]:
    """Return one ledger for each currency that contracts settle in or that money was given in."""
    currencies = dict.fromkeys([*balances, *(instrument.settle for instrument in instruments)])
    return {currency: Ledger(wallet=balances.get(currency, ZERO)) for currency in currencies}
