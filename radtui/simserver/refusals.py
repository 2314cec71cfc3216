"""How the server says no: KuCoin's code, its words as captured, and the HTTP status that comes with it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from radtui.venue.refusals import NOT_CANCELABLE, VenueRefusal

HEADER_MISSING: Final = "400001"
BAD_TIMESTAMP: Final = "400002"
UNKNOWN_KEY: Final = "400003"
BAD_PASSPHRASE: Final = "400004"  # noqa: S105 - a code
BAD_SIGNATURE: Final = "400005"
BAD_ADDRESS: Final = "400006"
NO_PERMISSION: Final = "400007"
BAD_KEY_VERSION: Final = "400009"
BAD_REQUEST: Final = "400100"
NO_SUCH_URL: Final = "404000"
FROZEN: Final = "411100"
BAD_MEDIA: Final = "415000"
TOO_MANY_REQUESTS: Final = "429000"
INTERNAL: Final = "500000"

ILLEGAL: Final = "100001"
CONTRACT: Final = "100003"
BAD_SYMBOL: Final = "200003"
SUSPENDED: Final = "300002"
BALANCE: Final = "300003"
NO_POSITION: Final = "300009"
ONE_WAY_ON_HEDGE: Final = "330012"
HEDGE_ON_ONE_WAY: Final = "330011"
MODE_IN_USE: Final = "50002"

NOT_CANCELABLE_WORDS: Final = "The order cannot be canceled."
UNKNOWN_ORDER_WORDS: Final = "error.getOrder.orderNotExist"
NO_POSITION_WORDS: Final = "Position does not exist"

_STATUS: Final = MappingProxyType(
    {
        HEADER_MISSING: 401,
        BAD_TIMESTAMP: 400,
        UNKNOWN_KEY: 401,
        BAD_PASSPHRASE: 401,
        BAD_SIGNATURE: 401,
        BAD_ADDRESS: 401,
        NO_PERMISSION: 403,
        "400008": 401,
        BAD_KEY_VERSION: 401,
        BAD_REQUEST: 400,
        NO_SUCH_URL: 404,
        FROZEN: 403,
        BAD_MEDIA: 415,
        TOO_MANY_REQUESTS: 429,
        INTERNAL: 500,
    }
)
"""Codes that come with another status than 200. Business errors come with 200."""

_WORDS: Final = MappingProxyType(
    {
        HEADER_MISSING: "Please check the header of your request for KC-API-KEY, KC-API-SIGN, KC-API-TIMESTAMP,"
        " KC-API-PASSPHRASE",
        BAD_TIMESTAMP: "KC-API-TIMESTAMP Invalid",
        UNKNOWN_KEY: "KC-API-KEY not exists",
        BAD_PASSPHRASE: "Invalid KC-API-PASSPHRASE",
        BAD_SIGNATURE: "Invalid KC-API-SIGN",
        BAD_ADDRESS: "The requested ip address is not in the api whitelist",
        NO_PERMISSION: "Access denied, require more permission",
        BAD_KEY_VERSION: "Invalid KC-API-KEY-VERSION",
        BAD_REQUEST: "Invalid Parameter.",
        NO_SUCH_URL: "Url Not Found",
        FROZEN: "User is frozen",
        BAD_MEDIA: "Unsupported Media Type",
        TOO_MANY_REQUESTS: "Too many requests. System-level rate limit exceeded.",
        INTERNAL: "Internal Server Error",
        CONTRACT: "Contract parameter invalid",
        NOT_CANCELABLE: NOT_CANCELABLE_WORDS,
        BAD_SYMBOL: "Symbol parameter invalid",
        SUSPENDED: "Order placement/cancellation suspended",
        NO_POSITION: "No open positions to close.",
        "300018": "clientOid parameter repeated",
        "330005": "The order's margin mode does not match the selected one. Please switch and try again.",
        "330008": "Your current margin and leverage have reached the maximum open limit. Please increase your margin or"
        " raise your leverage to open larger positions.",
        HEDGE_ON_ONE_WAY: "The order's position mode does not match the selected one. Please switch and try again.",
        ONE_WAY_ON_HEDGE: "Your order is in One-Way Mode, while your account is set to Hedge Mode. Update your settings"
        " so they match and try again.",
        MODE_IN_USE: "exist.order.or.position",
    }
)
"""What the exchange says with a code, where that was captured or is printed in its tables."""


class Refusal(Exception):
    """A request that was not carried out.

    Attributes:
        status: of the HTTP answer.
        code: KuCoin's, for example ``400002``.
        message: as the exchange words it.
    """

    def __init__(self, code: str, message: str = "", *, status: int | None = None) -> None:
        self.code = code
        self.message = message or _WORDS.get(code, "Invalid Parameter.")
        self.status = status if status is not None else _STATUS.get(code, 200)
        super().__init__(f"{self.code}: {self.message}")


def from_venue(refusal: VenueRefusal) -> Refusal:
    """Return a refusal of the venue in the exchange's words; a code without captured words keeps the venue's."""
    return Refusal(refusal.code, _WORDS.get(refusal.code, refusal.message))


def unknown_order() -> Refusal:
    """Return the refusal of an order id nobody knows."""
    return Refusal(ILLEGAL, UNKNOWN_ORDER_WORDS)


def no_position() -> Refusal:
    """Return what a position endpoint answers when there is no position: an error inside a 200000 envelope."""
    return Refusal("200000", NO_POSITION_WORDS)
