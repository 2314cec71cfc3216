"""Whose money is whose: each bot's part of a wallet, and what nobody of them accounts for.

A bot begins with its budget's share of the wallet, and keeps what it makes of it: its part is what its own books come
to, so no bot's loss is another's. What the parts do not add up to is nobody's, and stays as it is. Where that changes
and stands (money was moved, or is missing), each bot sees its share of the change, and asks for transfers, or alarms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from radtui.core.account import Transfer
from radtui.core.market import SECOND
from radtui.core.money import ONE, ZERO, plain
from radtui.resilience.clock import Clock

STANDS: Final = 10 * SECOND
"""A difference that is the same for so long is no message on its way."""
_KEYS: Final = 200


class Allotment(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of the last run.

    Attributes:
        rest: what is nobody's; None where it is to be measured.
        budgets: by bot, as they were. revision: counts their changes, so that each is counted once.
        transfers: keys of those that `rest` has seen.
    """

    rest: Decimal | None = None
    budgets: Mapping[str, Decimal] = {}
    revision: int = 0
    transfers: tuple[str, ...] = ()


class Purses:
    """The parts of one wallet.

    Args:
        budgets: share of each bot.
        part: what a bot's books come to; None before it has any.
        agreed: whether every bot flies and has compared its books with the exchange; else nothing can be concluded.
        before: what the last run kept. keep: told of what the next one must know.
    """

    def __init__(
        self,
        budgets: Mapping[str, Decimal],
        clock: Clock,
        *,
        part: Callable[[str], Decimal | None],
        agreed: Callable[[], bool],
        before: Allotment | None = None,
        keep: Callable[[Allotment], None] = lambda allotment: None,
    ) -> None:
        self._budgets, self._clock = dict(budgets), clock
        self._part, self._agreed, self._keep = part, agreed, keep
        self._before = before or Allotment()
        self._rest = self._before.rest if self._before.budgets.keys() == self._budgets.keys() else None
        self._transfers = dict.fromkeys(self._before.transfers)
        self._grants: dict[str, Transfer] | None = None
        self._new: set[str] = set()
        self._wallet: Decimal | None = None
        self._over = self._change = ZERO
        self._over_since: int | None = None
        self._kept: Allotment | None = None

    def read(self, wallet: Decimal) -> None:
        """Take the exchange's word for the whole wallet."""
        self._wallet, self._change = wallet, ZERO
        self._grant()
        parts = {name: self._part(name) for name in self._budgets}
        known = [part for part in parts.values() if part is not None]
        self._new |= {name for name, part in parts.items() if part is None}
        if not self._agreed() or len(known) < len(parts):
            self._over_since = None
            return
        if self._new:  # what they began with was nobody's before
            self._new, self._rest = set(), None
        self._compare(wallet - sum(known, ZERO))

    def of(self, name: str) -> Decimal:
        """Return a bot's part of the wallet as it stands; 0 before the wallet was read."""
        part = self._part(name)
        return self._first(name) if part is None else part + self._change * self._budgets[name]

    def counted(self) -> bool:
        """Hear that a bot has counted something: what differed may be that. Return whether any bot saw a difference."""
        seen, self._change, self._over_since = bool(self._change), ZERO, None
        return seen

    def share(self, name: str, transfers: Iterable[Transfer]) -> list[Transfer]:
        """Return a bot's share of what was moved into the account or out of it, and of a change of its budget."""
        found = list(transfers)
        for each in found:
            self._moved(each)
        shares = [replace(each, amount=each.amount * self._budgets[name]) for each in found]
        return [*shares, *((self._grants[name],) if self._grants and name in self._grants else ())]

    def _first(self, name: str) -> Decimal:
        """Return what a bot begins with: never what is another's already."""
        if self._wallet is None:
            return ZERO
        taken = sum((self._part(other) or ZERO for other in self._budgets), ZERO)
        return max(ZERO, min(self._wallet * self._budgets[name], self._wallet - taken))

    def _grant(self) -> None:
        """Give to each bot, or take from it, what its budget has changed by since the last run."""
        if self._grants is not None or self._wallet is None:
            return
        before, wallet = self._before.budgets, self._wallet
        changed = {name: new - before[name] for name, new in self._budgets.items() if before.get(name, new) != new}
        self._grants = {name: self._granted(name, share * wallet) for name, share in changed.items()}
        if self._rest is not None:
            self._rest -= sum((grant.amount for grant in self._grants.values()), ZERO)

    def _granted(self, name: str, amount: Decimal) -> Transfer:
        key = f"budget {self._before.revision + 1}"
        kind = f"budget {plain(self._before.budgets[name])} → {plain(self._budgets[name])}"
        return Transfer(key=key, currency="USDT", amount=amount, at=self._clock.now(), kind=kind)

    def _moved(self, transfer: Transfer) -> None:
        """Leave to nobody what is nobody's of a transfer, once; one from before we began is in the rest."""
        if transfer.key not in self._transfers:
            self._transfers[transfer.key] = None
            if self._rest is not None:
                self._rest += transfer.amount * (ONE - sum(self._budgets.values(), ZERO))

    def _compare(self, over: Decimal) -> None:
        now = self._clock.monotonic()
        if over != self._over or self._over_since is None:
            self._over, self._over_since = over, now
        elif now - self._over_since >= STANDS:
            if self._rest is None:
                self._rest = over
            self._change = over - self._rest
            self._remember()

    def _remember(self) -> None:
        changed = int(bool(self._grants))
        kept = Allotment(
            rest=self._rest,
            budgets=self._budgets,
            revision=self._before.revision + changed,
            transfers=tuple(self._transfers)[-_KEYS:],
        )
        if kept != self._kept:
            self._kept = kept
            self._keep(kept)
