"""Which contracts move together (row S5): positions of one group are one bet, so only some of them are held at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

OTHER: Final = "other"
_MEMBERS: Final = {
    "major": "XBT BTC ETH",
    "layer 1": "SOL ADA AVAX DOT ATOM NEAR APT SUI TRX TON ALGO FTM ICP XLM XRP LTC BCH ETC EOS KAS INJ SEI TIA",
    "layer 2": "MATIC POL ARB OP IMX STRK MNT ZK METIS STX",
    "defi": "UNI AAVE LINK MKR SNX CRV COMP LDO DYDX SUSHI 1INCH GMX PENDLE JUP RUNE CAKE",
    "meme": "DOGE SHIB PEPE FLOKI BONK WIF MEME",
    "exchange": "BNB KCS OKB CRO GT BGB LEO HT FTT",
}
_GROUP: Final = {base: group for group, members in _MEMBERS.items() for base in members.split()}
_OTHER_TIMES: Final = Decimal("1.75")
"""What is in no group is held to .7 of the positions where a group is held to .4: it has less in common."""
LEAST: Final = 2
"""Of a group this many may be held in any case."""


def group_of(base: str) -> str:
    """Return the group of a base coin; contracts of a thousand or a million small coins are in the coin's own."""
    return _GROUP.get(base) or _GROUP.get(base.lstrip("10"), OTHER)


def most_of(group: str, positions: int, share: Decimal) -> int:
    """Return how many of `positions` may be of one group: max(2, ⌊share × positions⌋)."""
    times = _OTHER_TIMES if group == OTHER else Decimal(1)
    return max(LEAST, int(min(share * times, Decimal(1)) * positions))
