"""Which contracts are traded: linear, settled in USDT, open, and asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from radtui.core.instrument import Instrument
from radtui.exchange.kucoin.convert import instrument
from radtui.exchange.kucoin.wire.account import TradeFees
from radtui.exchange.kucoin.wire.market import Contract
from radtui.resilience.failures import Refused
from radtui.venue.contracts import DEFAULT_SYMBOLS

SETTLED_IN: Final = "USDT"
_PERPETUAL: Final = "FFWCSX"
_NEAREST: Final = 3


def chosen(contracts: Iterable[Contract], symbols: Sequence[str]) -> list[Contract]:
    """Return the contracts to trade, in the order of `symbols`; where those are empty, the usual ones that are open.

    Raises:
        Refused: a symbol does not exist there, is not open, or is of a kind that is not traded here.
    """
    listed = {contract.symbol: contract for contract in contracts}
    if symbols:
        return [_fit(symbol, listed) for symbol in dict.fromkeys(symbols)]
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


def _fit(symbol: str, listed: Mapping[str, Contract]) -> Contract:
    contract = listed.get(symbol)
    if contract is None:
        raise Refused(f"The exchange lists no contract {symbol!r}.{_nearest(symbol, listed)}", code="unknown symbol")
    if fault := _fault(contract):
        raise Refused(
            f"{symbol} {fault}. Nothing was sent. Take it out of the configured symbols.", code="contract not traded"
        )
    return contract


def _fault(contract: Contract) -> str:
    """Return why a contract is not traded here; empty where it is."""
    if contract.is_inverse or contract.multiplier <= 0:
        return "is an inverse contract, settled in coin: only linear ones are traded here"
    if contract.settle_currency != SETTLED_IN:
        return f"is settled in {contract.settle_currency}: only contracts settled in {SETTLED_IN} are traded here"
    if contract.type not in {_PERPETUAL, ""} or contract.expire_date:
        return "expires: only perpetual contracts are traded here"
    if not contract.is_open:
        return f"is {contract.status} at the exchange and takes no new orders"
    return ""


def _nearest(symbol: str, listed: Mapping[str, Contract]) -> str:
    fit = [name for name, contract in listed.items() if not _fault(contract)]
    wanted = symbol.upper().replace("-", "").replace("/", "").replace("BTC", "XBT")
    wanted = wanted if wanted.endswith("M") else f"{wanted}M"
    near = get_close_matches(wanted, fit, n=_NEAREST, cutoff=0.5)
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    return f"{hint} Nothing was sent. Put the symbol right in the configuration; bitcoin is XBTUSDTM there."
