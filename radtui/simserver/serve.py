"""`radtui sim serve`: the simulated exchange on a port, until a signal."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from radtui.core.market import MINUTE, SECOND
from radtui.resilience.clock import Clock, SystemClock
from radtui.simserver.access import ApiKey, seeded_key
from radtui.simserver.exchange import REHEARSED, SimExchange, open_exchange
from radtui.simserver.shell import serve_on
from radtui.simserver.wirefaults import WireFaults
from radtui.store.recorded import open_market
from radtui.venue.candles import KEPT
from radtui.venue.contracts import CONTRACTS
from radtui.venue.market import Market
from radtui.venue.model import SeededMarket

_PAST: Final = 2 * MINUTE
"""The market has moved for so long at least: the list of its last trades is full."""
_GRID: Final = 10 * MINUTE
"""The market begins at such a moment and is brought to the present: a compromise between the two costs of that."""
_LEAST_WARMUP: Final = 200
_WARM_BARS: Final = 4_000
"""Candles of each type that are there from the start, of all contracts together: what takes a second."""
_RECORDED_WARMUP: Final = 500 - REHEARSED
"""Bars of a market file that are history when its market begins; with those that are rehearsed 500."""
_MOST_BARS: Final = 4_000
"""Of all contracts in a wall second: about what half a core can make."""
_COINS: Final = {"XBT": Decimal(1), "ETH": Decimal(20)}
"""What the account starts with in coins, for the contracts that settle in them."""


class CannotServe(Exception):
    """The server cannot be started; the message says why and what to do."""


class BadOption(ValueError):
    """Options that do not go together; the message says what would."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a server is to be.

    Attributes:
        port: 0 takes a free one.
        speed: market seconds in a wall second.
        symbols: contracts; empty: every one there is, or of a market file the usual one.
        market: recorded candles in place of the seeded model.
        balance: USDT and USDC of the account, each.
        key: None: made from the seed.
    """

    host: str = "127.0.0.1"
    port: int = 0
    seed: int = 1
    speed: float = 1.0
    symbols: tuple[str, ...] = ()
    market: Path | None = None
    balance: Decimal = Decimal(10_000)
    key: ApiKey | None = None
    faults: tuple[str, ...] = ()


class Ready(msgspec.Struct, frozen=True):
    """What a client needs: printed as one JSON line once the server listens."""

    url: str
    key: str
    secret: str
    passphrase: str


def serve(options: Options, ready: Callable[[Ready], None]) -> int:
    """Serve until SIGTERM or SIGINT, and return the number of the signal.

    Raises:
        CannotServe: the address cannot be had.
        BadFault, BadHistory, BadOption: an option is wrong.
    """
    key = options.key or seeded_key(options.seed)
    with _listening(options) as listener:
        exchange = build(options, SystemClock(), key)
        host, port = listener.getsockname()[:2]
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        exchange.floor.endpoint = f"ws://{place}/"
        told = Ready(f"http://{place}", key.key, key.secret, key.passphrase)
        return asyncio.run(serve_on(listener, exchange, lambda: ready(told)))


def build(options: Options, clock: Clock, key: ApiKey) -> SimExchange:
    """Return the exchange that the options describe, its market come to the present.

    Raises:
        BadFault, BadHistory, BadOption: an option is wrong.
    """
    faults = WireFaults.parse(options.faults, seed=options.seed)
    market = _market(options, clock.now())
    _check_speed(options.speed, market)
    return open_exchange(
        market,
        [key],
        now=clock.now,
        speed=options.speed,
        seed=options.seed,
        balances=_balances(market, options.balance),
        warmup=max(_LEAST_WARMUP, min(KEPT, _WARM_BARS // len(market.instruments))),
        faults=faults,
    )


def _market(options: Options, now: int) -> Market:
    if options.market is not None:
        return open_market(options.market, options.symbols, warmup=_RECORDED_WARMUP)
    return SeededMarket(options.symbols or tuple(CONTRACTS), seed=options.seed, start=now - _PAST, grid=_GRID)


def _check_speed(speed: float, market: Market) -> None:
    count = len(market.instruments)
    fastest = _MOST_BARS * market.step_span // SECOND // count
    if speed > fastest:
        raise BadOption(f"{count} contracts can go at a speed of {fastest} here at most; name fewer of them")


def _balances(market: Market, balance: Decimal) -> dict[str, Decimal]:
    """Return what the account starts with: the same in every dollar, and some coins."""
    settled = {instrument.settle for instrument in market.instruments}
    return {currency: _COINS.get(currency, balance) for currency in sorted(settled | {"USDT"})}


@contextmanager
def _listening(options: Options) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    # asyncio sends small answers at once only on sockets that say they are TCP: else Nagle holds each for 40 ms
    with socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((options.host, options.port))
            listener.listen(128)
        except OSError as error:
            raise CannotServe(f"{options.host} port {options.port} cannot be had: {error.strerror}") from error
        yield listener
