"""Short ways to write the rows of the tables, and what most routes begin with."""

from __future__ import annotations

from radtui.core.instrument import Instrument
from radtui.simserver.access import Permission
from radtui.simserver.endpoints import Answer, Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.refusals import BAD_REQUEST, BAD_SYMBOL, Refusal


def public(method: str, path: str, weight: int, answer: Answer) -> Endpoint:
    """Return a row that needs no key."""
    return Endpoint(method, path, weight, Pool.PUBLIC, None, answer)


def general(method: str, path: str, weight: int, answer: Answer, pool: Pool = Pool.FUTURES) -> Endpoint:
    """Return a row that any key may ask for."""
    return Endpoint(method, path, weight, pool, Permission.GENERAL, answer)


def futures(method: str, path: str, weight: int, answer: Answer, pool: Pool = Pool.FUTURES) -> Endpoint:
    """Return a row that needs the right to trade futures."""
    return Endpoint(method, path, weight, pool, Permission.FUTURES, answer)


def named(call: Call, name: str = "symbol") -> Instrument:
    """Return the contract that a parameter names.

    Raises:
        Refusal: 400100 without a name, 200003 for a contract that does not exist.
    """
    instrument = call.floor.instrument(call.params.required(name))
    if instrument is None:
        raise Refusal(BAD_SYMBOL)
    return instrument


def chosen(call: Call) -> Instrument | None:
    """Return the contract that ``symbol`` names, None where it names none.

    Raises:
        Refusal: 200003 for a contract that does not exist.
    """
    return named(call) if "symbol" in call.params else None


def currency_of(call: Call, default: str = "") -> str:
    """Return the settlement currency that ``currency`` names; bitcoin may be called BTC.

    Raises:
        Refusal: 400100, the account holds no such currency.
    """
    currency = call.params.text("currency", default).upper()
    if currency == "BTC":
        currency = "XBT"
    if currency not in call.floor.venue.currencies:
        raise Refusal(BAD_REQUEST, "currency parameter invalid")
    return currency
