"""The account in all its currencies, valued at the desks' marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from radtui.core.account import AccountReport, PositionReport
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import PositionSide
from radtui.venue.cross import CrossPosition, Stake, Standing, price_where_lost, standing
from radtui.venue.desk import Desk
from radtui.venue.ledger import AnyPosition, Ledger
from radtui.venue.margin import flat_report
from radtui.venue.position import Key

_NOWHERE: Mapping[str, Decimal] = {}


class Accounts:
    """One ledger a settlement currency, and what their positions are worth.

    Attributes:
        ledgers: by currency. desks: by symbol; they know the marks.
    """

    __slots__ = ("desks", "ledgers")

    def __init__(self, ledgers: dict[str, Ledger], desks: Mapping[str, Desk]) -> None:
        self.ledgers = ledgers
        self.desks = desks

    def of(self, instrument: Instrument) -> Ledger:
        """Return the ledger a contract settles in."""
        return self.ledgers[instrument.settle]

    def position(self, instrument: Instrument, side: PositionSide) -> AnyPosition | None:
        """Return one position, if it is open."""
        return self.ledgers[instrument.settle].positions.get((instrument.symbol, side))

    def positions(self, instrument: Instrument) -> Iterator[tuple[Key, AnyPosition]]:
        """Iterate over the open positions of one contract: one, or on a hedge account up to two."""
        known = self.ledgers[instrument.settle].positions
        for side in PositionSide if known else ():
            key = (instrument.symbol, side)
            position = known.get(key)
            if position is not None:
                yield key, position

    def holds(self, instrument: Instrument) -> bool:
        """Return whether any position of the contract is open."""
        known = self.ledgers[instrument.settle].positions
        return bool(known) and any((instrument.symbol, side) in known for side in PositionSide)

    def stakes(self, currency: str, assumed: Mapping[str, Decimal] = _NOWHERE) -> list[Stake]:
        """Return the cross positions of a currency at the marks, or at the prices `assumed` for some symbols."""
        stakes = []
        for (symbol, _), position in self.ledgers[currency].positions.items():
            if isinstance(position, CrossPosition):
                desk = self.desks[symbol]
                stakes.append(Stake(position, desk.instrument, assumed.get(symbol) or desk.mark or ZERO))
        return stakes

    def standing(self, currency: str, assumed: Mapping[str, Decimal] = _NOWHERE) -> Standing:
        """Return how the cross positions of a currency stand."""
        return standing(self.ledgers[currency].free, self.stakes(currency, assumed))

    def remark(self, currency: str) -> None:
        """Value the cross positions of a currency anew."""
        ledger, stakes = self.ledgers[currency], self.stakes(currency)
        if stakes or ledger.cross_margin:
            ledger.remark(standing(ledger.free, stakes))

    def edges(self, instrument: Instrument) -> tuple[Decimal, Decimal]:
        """Return the prices at which a contract's cross positions are liquidated, and at which nothing is left.

        Orders that open are cancelled before, so that their margin counts.
        """
        stakes = self.stakes(instrument.settle)
        own = [stake for stake in stakes if stake.instrument.symbol == instrument.symbol]
        others = standing(ZERO, [stake for stake in stakes if stake.instrument.symbol != instrument.symbol])
        ledger = self.of(instrument)
        slack = ledger.free + ledger.reserved + others.unrealised - others.requirement
        rate = instrument.maintenance_margin + instrument.taker_fee
        return price_where_lost(own, slack, rate), price_where_lost(own, slack, ZERO)

    def unrealised(self, currency: str) -> Decimal:
        """Return the open profit of all positions of a currency at the marks."""
        profit = ZERO
        for (symbol, _), position in self.ledgers[currency].positions.items():
            desk = self.desks[symbol]
            if desk.mark is not None:
                profit += position.holding.unrealised(desk.mark, desk.instrument)
        return profit

    def report(self, currency: str) -> AccountReport:
        """Return the account in one currency as the exchange shows it."""
        return self.ledgers[currency].report(self.unrealised(currency), currency)

    def position_report(self, desk: Desk, side: PositionSide, last: Decimal, mode: str) -> PositionReport:
        """Return one position as the exchange shows it, flat where it has just closed."""
        instrument = desk.instrument
        mark = last if desk.mark is None else desk.mark
        position = self.position(instrument, side)
        if position is None:
            return flat_report(instrument, side, mark, mode)
        if isinstance(position, CrossPosition):
            return position.report(instrument, side, mark, *self.edges(instrument))
        return position.report(instrument, side, mark)

    def position_reports(self) -> list[PositionReport]:
        """Return every open position as the exchange shows it."""
        return [
            self.position_report(self.desks[symbol], side, ZERO, "")
            for ledger in self.ledgers.values()
            for symbol, side in ledger.positions
        ]
