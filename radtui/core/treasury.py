"""When the money can be believed: our own sums beside the account's, and what neither fills nor transfers explain."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from radtui.core.account import AccountReport, Transfer
from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.facts import EquityRead
from radtui.core.market import MINUTE, SECOND
from radtui.core.money import ZERO, plain
from radtui.core.positions import Positions
from radtui.core.purse import Purse
from radtui.core.recovery_report import Finding

_EQUITY_EVERY: Final = 5 * MINUTE
_RIDDLE: Final = MINUTE
"""Money that is missing for this long is lost, although nobody could be asked whether it was moved."""
_LEDGER_EVERY: Final = 10 * SECOND
_REST_STANDS: Final = 10 * SECOND
"""A difference of the money that stays the same for so long is not on its way any more."""


class Treasury:
    """Looks after one purse."""

    def __init__(self, desk: Desk, purse: Purse, positions: Positions) -> None:
        self._desk = desk
        self._purse = purse
        self._positions = positions
        self._equity_said_at = 0
        self._ledger_at: int | None = None
        self._rest, self._rest_since, self._rest_told = ZERO, 0, ZERO

    def account(self, account: AccountReport) -> None:
        """Take the exchange's word for the money, and publish it now and then."""
        self._purse.read(account, self._desk.at)
        if self._desk.market_at - self._equity_said_at >= _EQUITY_EVERY:
            self._equity_said_at = self._desk.market_at
            sums = self._purse.sums
            self._desk.say(EquityRead(self._desk.market_at, account, sums.realised, sums.fees, sums.funding))

    def equity(self) -> Decimal | None:
        """Return the equity of this moment, None where it is not known or may be false."""
        self._purse.check(self._desk.at)
        priced = all(self._positions.mark(symbol) is not None for symbol in self._positions.open)
        true = self._desk.market_at and priced and self._explained()
        return self._purse.equity(self._positions.unrealised()) if true else None

    def observe(self) -> None:
        """Note the equity of this moment."""
        equity = self.equity()
        if equity is not None:
            self._purse.observe(equity, self._desk.market_at)

    def wants_transfers(self) -> bool:
        """Return whether the next reading should tell of transfers: at the start, and where the money is a riddle."""
        if self._ledger_at is None:
            return True
        return self._purse.off_for(self._desk.at) > 3 * SECOND and self._desk.at - self._ledger_at >= _LEDGER_EVERY

    def moved(self, transfers: Sequence[Transfer]) -> list[Transfer]:
        """Take the transfers of a reading, and return those that are new."""
        self._ledger_at = self._desk.at
        moved = self._purse.moved(transfers)
        if moved:
            self._desk.order(Remember())
        return moved

    def unexplained(self) -> Finding | None:
        """Return, once each, a part of the wallet that nothing explains; it stays in the figures as it is."""
        rest, at, account = self._purse.identity() or ZERO, self._desk.at, self._purse.account
        if rest != self._rest:
            self._rest, self._rest_since = rest, at
        elif rest != self._rest_told and at - self._rest_since >= _REST_STANDS:
            self._rest_told = rest
            if rest and account is not None:
                before, after = plain(account.wallet - rest), plain(account.wallet)
                done = "nothing: look at the account's ledger"
                return Finding(kind="balance", subject=account.currency, before=before, after=after, done=done)
        return None

    def _explained(self) -> bool:
        """Return whether wallet and sums agree, or what they differ by is no message and no transfer on its way."""
        off = self._purse.off_for(self._desk.at)
        if not off or not self._purse.sound(self._desk.at):
            return self._purse.sound(self._desk.at)
        asked = self._ledger_at is not None and self._desk.at - self._ledger_at < off
        return asked or off > _RIDDLE


def movement(transfer: Transfer) -> Finding:
    """Return a transfer as a difference that it explains."""
    return Finding(
        kind="balance",
        subject=transfer.currency,
        before="no such movement",
        after=f"{transfer.kind} of {plain(transfer.amount)}",
        explanation="money moved by its owner",
        done="counted as moved, neither profit nor loss",
    )
