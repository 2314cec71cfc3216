"""The portfolio of one bot, reckoned anew about once a minute: it is for people, and none of it is traded (row S6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from radtui.core.allocation import PortfolioTerms, Priced, Rebalance, allocation, rebalanced, share_of
from radtui.core.core import Core
from radtui.core.market import MINUTE
from radtui.core.money import ZERO
from radtui.core.performance import performances
from radtui.core.portfolio_view import PortfolioView, WeightView
from radtui.core.risk import RiskAssessment, assess
from radtui.core.signal import Action


class Portfolio:
    """Looks at core's books.

    Args:
        strategies: those that are active, with their weights.
    """

    def __init__(self, core: Core, terms: PortfolioTerms, strategies: tuple[WeightView, ...]) -> None:
        self._core, self._terms = core, terms
        self._strategies = strategies or (WeightView(core.config.strategy, 1.0, 0.0),)
        self._seen = PortfolioView()
        self._lots: dict[str, int] = {}

    def follow(self, strategies: tuple[WeightView, ...]) -> None:
        """Show other weights from now on."""
        if strategies:
            self._strategies, self._seen = strategies, PortfolioView()

    def view(self, at: int) -> PortfolioView:
        """Return it as of at most a minute before `at`, the wall clock, with what is held at this moment."""
        lots = {symbol: held.lots for symbol, held in self._core.trading.positions.open.items()}
        old = self._seen.at is None or not 0 <= at - self._seen.at < MINUTE
        if old or lots != self._lots or not self._seen.performance:  # before the equity is known there is none
            self._seen, self._lots = self._made(at), lots
        return self._seen

    def _made(self, at: int) -> PortfolioView:
        purse, positions = self._core.trading.purse, self._core.trading.positions
        equity = purse.equity(positions.unrealised())
        targets = allocation(self._wanted(), self._terms.stance)
        return PortfolioView(
            at=at,
            stance=self._terms.stance.value,
            share=share_of(self._terms.stance),
            strategies=self._strategies,
            moves=self.moves(targets),
            performance=()
            if equity is None
            else performances(tuple(purse.curve), tuple(purse.hours), float(equity), self._core.desk.market_at),
            risk=assessed(self._core),
        )

    def moves(self, targets: Mapping[str, Decimal]) -> tuple[Rebalance, ...]:
        """Return what would bring the account to `targets`, as it is now; nothing before the account was read."""
        purse, positions = self._core.trading.purse, self._core.trading.positions
        equity = purse.equity(positions.unrealised())
        return rebalanced(self._held(), targets, equity or ZERO, self._terms, self._priced())

    def _held(self) -> dict[str, Decimal]:
        """Return the signed value of each position, at its last price."""
        positions = self._core.trading.positions
        return {
            symbol: held.instrument.notional(
                positions.marks.get(symbol) or held.holding.entry(held.instrument), held.lots
            )
            for symbol, held in positions.open.items()
        }

    def _wanted(self) -> dict[str, Decimal]:
        """Return the confidence of each contract's last signal that wanted something, signed by its side."""
        signs = {Action.BUY: 1, Action.SELL: -1}
        return {
            symbol: Decimal(repr(why.confidence)) * signs[Action(why.action)]
            for symbol, why in self._core.trading.entries.why.items()
            if why.action != Action.HOLD
        }

    def _priced(self) -> dict[str, Priced]:
        instruments = self._core.desk.instruments
        marks = self._core.trading.positions.marks
        return {symbol: Priced(instruments[symbol], price) for symbol, price in marks.items() if symbol in instruments}


def assessed(core: Core) -> RiskAssessment:
    """Return how much is at stake (row S4)."""
    trading = core.trading
    held = trading.positions
    return assess(
        held.notionals(),
        symbols=len(held.open),
        equity=trading.purse.equity(held.unrealised()),
        day_start=trading.purse.sums.day_start,
        limits=core.config.limits,
    )
