"""How the simulated exchange says no: KuCoin's code, and a sentence that says what to do."""

from __future__ import annotations

from typing import Final

BAD_PARAMETER: Final = "100001"
UNKNOWN_ORDER: Final = "100001"
UNKNOWN_CONTRACT: Final = "100003"
NOT_CANCELABLE: Final = "100004"
ILLEGAL_PARAMETER: Final = "300000"
TOO_MANY_ORDERS: Final = "300001"
SUSPENDED: Final = "300002"
BALANCE: Final = "300003"
TOO_MANY_STOPS: Final = "300004"
RISK_LIMIT: Final = "300005"
NO_POSITION: Final = "300009"
PRICE_TOO_HIGH: Final = "300011"
PRICE_TOO_LOW: Final = "300012"
NO_CONTRA_ORDER: Final = "300013"
LEVERAGE_TOO_HIGH: Final = "300016"
REPEATED_ID: Final = "300018"
MARGIN_MODE_DIFFERS: Final = "330005"
ONE_WAY_HAS_NO_SIDE: Final = "330011"
HEDGE_NEEDS_SIDE: Final = "330012"
IN_USE: Final = "50002"
NO_MONEY_FOR_LEVEL: Final = "200005"


class VenueRefusal(Exception):
    """A request that was definitely not carried out: nothing changed, no money moved.

    Attributes:
        code: KuCoin's code for it, for example ``300003``.
        message: for people: what was wrong and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
