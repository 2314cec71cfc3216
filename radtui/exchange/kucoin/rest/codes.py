"""What each of KuCoin's codes means for the person whose money it is, and what to do about it."""

from __future__ import annotations

from typing import Final

import msgspec

from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    ClockSkew,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
)


class Meaning(msgspec.Struct, frozen=True):
    """One code, for people.

    Attributes:
        kind: how the failure is treated. A code that leaves the outcome open is `Ambiguous`, also for what only reads.
        what: what happened, one sentence.
        todo: what to do about it, one sentence; empty where nothing is to be done.
    """

    kind: type[ExchangeFailure]
    what: str
    todo: str = ""


_KEY: Final = "Put it right in the configuration or in the exchange's API management, then start again."
_SIZE: Final = "Take a smaller size or add money."
_MODE: Final = "Change the symbol's mode on the exchange or the setting here; that needs no open order or position."

MEANINGS: Final[dict[str, Meaning]] = {
    "1015": Meaning(RateLimited, "The exchange's front door has blocked this address for too many requests."),
    "40010": Meaning(BadCredentials, "The exchange does not serve this region.", "Run it where it is served."),
    "50002": Meaning(Refused, "The mode cannot be changed while there is an order or a position.", "Close first."),
    "100001": Meaning(Refused, "A parameter is not valid."),
    "100002": Meaning(Transient, "The exchange's own configuration is in error."),
    "100003": Meaning(Refused, "The exchange knows no such contract.", "Look it up: bitcoin is XBTUSDTM there."),
    "100005": Meaning(Refused, "The exchange knows no such risk limit level."),
    "200001": Meaning(Refused, "The range asked for is not served."),
    "200002": Meaning(RateLimited, "Too many requests to this endpoint."),
    "200003": Meaning(Refused, "The exchange knows no such symbol.", "Look it up: bitcoin is XBTUSDTM there."),
    "200005": Meaning(Refused, "The balance does not allow this risk limit level.", "Add money or take a lower level."),
    "300000": Meaning(Refused, "A parameter of the order is not valid.", "Compare it with the contract's rules."),
    "300001": Meaning(Refused, "There are too many active orders on this contract.", "Cancel some."),
    "300002": Meaning(Maintenance, "The exchange takes no orders or cancels on this contract now."),
    "300003": Meaning(Refused, "The balance does not cover the order.", _SIZE),
    "300004": Meaning(Refused, "There are too many stop orders on this contract.", "Cancel some."),
    "300005": Meaning(Refused, "The position would be larger than its risk limit allows.", "Take a smaller size."),
    "300006": Meaning(Refused, "The price is beyond the position's bankruptcy price.", "Close at the market."),
    "300007": Meaning(Refused, "The price is beyond the position's liquidation price.", "Close at the market."),
    "300008": Meaning(Refused, "Nobody takes the other side now.", "Name a price, or try again later."),
    "300009": Meaning(Refused, "There is no position to close."),
    "300010": Meaning(Refused, "The position could not be closed.", "Read the position and the orders on it again."),
    "300011": Meaning(Refused, "The price is too high for this contract now.", "Go nearer to the mark price."),
    "300012": Meaning(Refused, "The price is too low for this contract now.", "Go nearer to the mark price."),
    "300013": Meaning(Refused, "Nobody takes the other side now.", "Name a price, or try again later."),
    "300014": Meaning(Refused, "The position is being liquidated.", "Nothing can be traded on it until that is over."),
    "300015": Meaning(Maintenance, "Funding or the contract is being settled; that takes a moment."),
    "300016": Meaning(Refused, "The leverage is too high for this size.", "Take less leverage or a smaller size."),
    "300017": Meaning(Refused, "The position belongs to a contest of the exchange.", "Trade it there."),
    "300018": Meaning(
        Ambiguous,
        "The exchange has taken an order with this client id before, so an earlier send of it arrived.",
    ),
    "330005": Meaning(Refused, "The order's margin mode is not the symbol's.", _MODE),
    "330008": Meaning(Refused, "Margin and leverage allow no more.", _SIZE),
    "330011": Meaning(Refused, "The order's position side does not fit the account's position mode.", _MODE),
    "330012": Meaning(Refused, "The order is for one-way mode and the account is in hedge mode.", _MODE),
    "400001": Meaning(BadCredentials, "The request carried no signature.", "Name key, secret and passphrase."),
    "400003": Meaning(BadCredentials, "The exchange does not know this API key: mistyped, deleted or expired.", _KEY),
    "400004": Meaning(
        BadCredentials,
        "The API passphrase is wrong, or the secret is not this key's: the passphrase is signed with it.",
        _KEY,
    ),
    "400005": Meaning(BadCredentials, "The signature is wrong: the API secret is not this key's.", _KEY),
    "400006": Meaning(
        BadCredentials,
        "This machine's address is not on the API key's list.",
        "Add the address to the key in the exchange's API management.",
    ),
    "400007": Meaning(
        BadCredentials,
        "The API key lacks the permission for this.",
        "It needs General and Futures, never Withdrawal: set that in the exchange's API management.",
    ),
    "400008": Meaning(BadCredentials, "The API key's version is another one.", _KEY),
    "400009": Meaning(BadCredentials, "The API key's version is another one.", _KEY),
    "400002": Meaning(
        ClockSkew,
        "This machine's clock and the exchange's are more than 5 s apart.",
        "The exchange's time is read anew by itself; if it stays, put this machine's clock right.",
    ),
    "400100": Meaning(Refused, "A parameter is missing or not valid."),
    "401000": Meaning(Refused, "The exchange has taken this function away.", "Update radtui."),
    "404000": Meaning(Refused, "The exchange has no such function.", "Update radtui, or check the exchange's address."),
    "411100": Meaning(BadCredentials, "The exchange has frozen this account.", "Speak with the exchange's support."),
    "415000": Meaning(Refused, "The exchange did not accept the form of the request.", "Update radtui."),
    "429000": Meaning(RateLimited, "The exchange's request budget is used up, or the exchange is overloaded."),
    "500000": Meaning(Transient, "The exchange had an error of its own."),
}
"""By code. What an unknown code means is decided by the HTTP status that came with it."""

SPOT_OTHERWISE: Final = frozenset({"200001", "200002", "200003"})
"""Codes that mean something else on the spot host."""
