"""Which contracts are traded: linear, settled in USDT, open, and asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.listed import Listed
from radtui.core.money import ZERO
from radtui.exchange.kucoin.convert import instrument
from radtui.exchange.kucoin.wire.account import TradeFees
from radtui.exchange.kucoin.wire.market import Contract
from radtui.resilience.failures import Refused
from radtui.venue.contracts import DEFAULT_SYMBOLS

SETTLED_IN: Final = "USDT"
_PERPETUAL: Final = "FFWCSX"
_OVER: Final = frozenset({"Init", "BeingSettled", "Settled", "Closed"})
"""A contract that is not there yet, or never comes back. One that is merely paused does: it is traded when it does."""
_NEAREST: Final = 3


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The contracts to trade, and why others that are configured are not, by symbol."""

    traded: tuple[Contract, ...] = ()
    missing: dict[str, str] = {}


def chosen(contracts: Iterable[Contract], symbols: Sequence[str]) -> Choice:
    """Return the contracts to trade, in the order of `symbols`; where those are empty, the usual ones.

    One that is missing keeps nobody from looking after the others.

    Raises:
        Refused: none of the symbols is one of a contract of the kind that is traded here, be it open or not.
    """
    listed = {contract.symbol: contract for contract in contracts}
    if symbols:
        return _configured(dict.fromkeys(symbols), listed)
    return Choice(traded=tuple(_usual(listed)))


def _configured(symbols: Iterable[str], listed: Mapping[str, Contract]) -> Choice:
    faults = {symbol: _missing(symbol, listed) for symbol in symbols}
    missing = {symbol: fault for symbol, fault in faults.items() if fault}
    if all(symbol not in listed or _alien(listed[symbol]) for symbol in faults):
        raise Refused(" ".join([*missing.values(), "Nothing was sent."]), code="unknown symbol")
    return Choice(traded=tuple(listed[symbol] for symbol in faults if symbol not in missing), missing=missing)


def _usual(listed: Mapping[str, Contract]) -> list[Contract]:
    usual = [listed[symbol] for symbol in DEFAULT_SYMBOLS if symbol in listed and not _fault(listed[symbol])]
    if not usual:
        raise Refused(
            f"None of the usual contracts ({', '.join(DEFAULT_SYMBOLS)}) is open at the exchange. Nothing was sent. "
            "Name the symbols to trade in the configuration.",
            code="no contract",
        )
    return usual


def instruments(contracts: Iterable[Contract], fees: Mapping[str, TradeFees]) -> tuple[Instrument, ...]:
    """Return contracts as core trades them, with this account's own fees where they are known."""
    return tuple(instrument(contract, fees.get(contract.symbol)) for contract in contracts)


def listed(contracts: Iterable[Contract]) -> tuple[Listed, ...]:
    """Return what could be traded here, with its turnover; one that the exchange does not tell is none."""
    return tuple(
        Listed(instrument(contract), abs(contract.turnover_of_24h or ZERO))
        for contract in contracts
        if contract.is_open and not _fault(contract)
    )


def _missing(symbol: str, listed: Mapping[str, Contract]) -> str:
    """Return why a symbol is not traded, and what to do; empty where it is."""
    contract = listed.get(symbol)
    if contract is None:
        return f"The exchange lists no contract {symbol!r}.{_nearest(symbol, listed)}"
    fault = _fault(contract)
    return f"{symbol} {fault}. Take it out of the configured symbols." if fault else ""


def _fault(contract: Contract) -> str:
    """Return why a contract is not traded here; empty where it is, be it open just now or not."""
    alien = _alien(contract)
    if not alien and contract.status in _OVER:
        return f"is {contract.status} at the exchange and takes no new orders"
    return alien


def _alien(contract: Contract) -> str:
    """Return why a contract is of a kind that is never traded here; empty where it is not."""
    if contract.is_inverse or contract.multiplier <= 0:
        return "is an inverse contract, settled in coin: only linear ones are traded here"
    if contract.settle_currency != SETTLED_IN:
        return f"is settled in {contract.settle_currency}: only contracts settled in {SETTLED_IN} are traded here"
    if contract.type not in {_PERPETUAL, ""} or contract.expire_date:
        return "expires: only perpetual contracts are traded here"
    return ""


def _nearest(symbol: str, listed: Mapping[str, Contract]) -> str:
    fit = [name for name, contract in listed.items() if not _fault(contract)]
    wanted = symbol.upper().replace("-", "").replace("/", "").replace("BTC", "XBT")
    wanted = wanted if wanted.endswith("M") else f"{wanted}M"
    near = get_close_matches(wanted, fit, n=_NEAREST, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    return f"{hint} Put the symbol right in the configuration; bitcoin is XBTUSDTM there."
