"""The bots of one account, and which of them a contract, an order or a fill belongs to: always exactly one."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One bot of the account.

    Attributes:
        name: prefix of its order ids.
        symbols: that it trades, and no other bot does.
        budget: the share of the account's wallet that it begins with.
    """

    name: str
    symbols: tuple[str, ...]
    budget: Decimal


class Members:
    """All of them. What nobody trades belongs to the first: nothing that is open is left to itself.

    Attributes:
        by_name: in their order. first: name of the one that looks after what is nobody's.

    Raises:
        ValueError: there are none, two have one name or trade one contract, or they share more than there is.
    """

    def __init__(self, members: Iterable[Member]) -> None:
        listed = tuple(members)
        self.by_name = {member.name: member for member in listed}
        self._owners = {symbol: member.name for member in listed for symbol in member.symbols}
        if not listed or len(self.by_name) < len(listed):
            raise ValueError("an account is shared by bots with names of their own")
        if len(self._owners) < sum(len(member.symbols) for member in listed):
            raise ValueError("a contract is traded by one bot of an account only")
        if sum(member.budget for member in listed) > 1:
            raise ValueError("the budgets of an account's bots add up to more than all of it")
        self.first = listed[0].name

    def of_symbol(self, symbol: str) -> str:
        """Return whose the position in a contract is."""
        return self._owners.get(symbol, self.first)

    def of_order(self, symbol: str, client_id: str) -> str:
        """Return whose an order or a fill is: its maker's, else whose contract it is in."""
        maker = client_id.partition("-")[0]
        return maker if "-" in client_id and maker in self.by_name else self.of_symbol(symbol)
