"""The money: what the exchange says, what our own fills add up to, and the difference, which must be nothing."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.account import AccountReport, Transfer
from radtui.core.market import DAY, MINUTE, SECOND
from radtui.core.money import HUNDRED, ZERO, ratio
from radtui.core.money_view import EquityPoint
from radtui.core.performance import HOURS_KEPT, noted

_POINT_EVERY: Final = 5 * MINUTE
_MOVES: Final = 100
_POINTS: Final = 288
"""A day of points."""


class Sums(msgspec.Struct, kw_only=True):
    """What survives a restart; mutable, owned by `Purse`.

    Attributes:
        start: equity when this bot first read the account.
        moved: transfers in − out since. moves: keys of the latest ones, so that a repeat is not counted twice.
        ledger_read: transfers were read before; those that the first reading shows are in what we began with.
        peak, trough_pct: highest equity so far; the deepest drawdown so far, percent ≤ 0.
        day, day_start: the market day (its number since 1970) and the equity it began with.
    """

    start: Decimal | None = None
    realised: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO
    gains: Decimal = ZERO
    pains: Decimal = ZERO
    opened: int = 0
    closed: int = 0
    wins: int = 0
    losses: int = 0
    break_even: int = 0
    fills: int = 0
    moved: Decimal = ZERO
    moves: list[str] = []
    ledger_read: bool = False
    peak: Decimal = ZERO
    trough_pct: float = 0.0
    day: int = 0
    day_start: Decimal = ZERO

    @property
    def wallet(self) -> Decimal | None:
        """What the wallet should be; None before the account was read."""
        if self.start is None:
            return None
        return self.start + self.realised - self.fees + self.funding + self.moved


class Purse:
    """The account's figures and ours, side by side."""

    def __init__(self) -> None:
        self.sums = Sums()
        self.account: AccountReport | None = None
        self.read_at: int | None = None
        self._off_since: int | None = None
        self.curve: deque[EquityPoint] = deque(maxlen=_POINTS)
        self.hours: deque[EquityPoint] = deque(maxlen=HOURS_KEPT)

    def read(self, account: AccountReport, at: int) -> None:
        """Take the exchange's word; the first one is where this bot started from."""
        self.account = account
        self.read_at = at
        if self.sums.start is None:
            self.sums.start = account.wallet
            self.sums.peak = self.sums.day_start = account.equity

    def equity(self, unrealised: Decimal) -> Decimal | None:
        """Return wallet + open profit at our own last prices; None before the account was read."""
        return None if self.account is None else self.account.wallet + unrealised

    def identity(self) -> Decimal | None:
        """Return wallet − (start + realised − fees + funding + moved): exactly 0 but for what is on its way."""
        if self.account is None or (expected := self.sums.wallet) is None:
            return None
        return self.account.wallet - expected

    def check(self, at: int) -> None:
        """Note since when the identity does not hold; a message on its way may break it for a moment."""
        if not self.identity():
            self._off_since = None
        elif self._off_since is None:
            self._off_since = at

    def off_for(self, at: int) -> int:
        """Return nanoseconds of wall clock since the identity last held."""
        return 0 if self._off_since is None else at - self._off_since

    def sound(self, at: int) -> bool:
        """Return whether wallet and fills are of one moment: else a message is on its way and the equity is false."""
        return self._off_since is None or at - self._off_since > 3 * SECOND

    def filled(self, realised: Decimal | None, fee: Decimal) -> None:
        """Add one execution."""
        self.sums.fills += 1
        self.sums.realised += realised or ZERO
        self.sums.fees += fee

    def moved(self, transfers: Iterable[Transfer]) -> list[Transfer]:
        """Take what a reading of the transfers shows, each once; return those that are new.

        They are neither profit nor loss: the marks that those are measured from move with them.
        """
        sums = self.sums
        new = [each for each in transfers if each.key not in sums.moves]
        sums.moves = [*sums.moves, *(each.key for each in new)][-_MOVES:]
        counted = new if sums.ledger_read else []
        sums.ledger_read = True
        for each in counted:
            sums.moved += each.amount
            sums.day_start += each.amount
            sums.peak += each.amount
        return counted

    def ended(self, net: Decimal) -> None:
        """Add one closed position with what it brought after fees and funding (row H2)."""
        sums = self.sums
        sums.closed += 1
        sums.wins += net > 0
        sums.losses += net < 0
        sums.break_even += net == 0
        if net > 0:
            sums.gains += net
        else:
            sums.pains -= net

    def observe(self, equity: Decimal, market_at: int) -> None:
        """Note the equity at a moment of the market clock: peak, drawdown, day, and the curve's next point."""
        sums = self.sums
        sums.peak = max(sums.peak, equity)
        sums.trough_pct = min(sums.trough_pct, self.drawdown(equity))
        day = market_at // DAY
        if day != sums.day:
            sums.day, sums.day_start = day, equity
        if not self.curve or market_at - self.curve[-1].at >= _POINT_EVERY:
            self.curve.append(EquityPoint(market_at, equity))
            noted(self.hours, self.curve[-1])

    def drawdown(self, equity: Decimal) -> float:
        """Return how far `equity` is below the highest so far, in percent, ≤ 0."""
        below = min(equity - self.sums.peak, ZERO)  # a new peak is not noted yet
        return float(ratio(below, self.sums.peak) * HUNDRED) if self.sums.peak else 0.0
