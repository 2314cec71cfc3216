"""KuCoin as a flight needs it: where it is, with which key, and what is looked at before (row C5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import msgspec

from radtui.cli.failures import Exit, Failure
from radtui.core.order import MarginMode
from radtui.exchange.check import Check
from radtui.exchange.kucoin.feed.socket import WebSocketConnector
from radtui.exchange.kucoin.feed_check import feed_check
from radtui.exchange.kucoin.preflight import Market, Wanted, keyed_checks, public_checks
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.rest.compose import rest_at
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.transport import Hosts
from radtui.resilience.clock import Clock, SystemClock
from radtui.resilience.failures import BadCredentials, ExchangeFailure
from radtui.resilience.observe import Observer
from radtui.settings.live import is_rehearsal
from radtui.settings.tree import Settings

if TYPE_CHECKING:
    from radtui.exchange.kucoin.adapter import KucoinExchange

_REACH_WITHIN: Final = 3.0
Tell = Callable[[Check], None]
"""Told of each finding as soon as it is there."""


def hosts(settings: Settings) -> Hosts:
    """Return where the exchange is: all of it at `kucoin.url`, the spot host beside the futures host where it has one.

    Raises:
        Failure: the address cannot be one of an exchange (exit code 2).
    """
    try:
        found = Hosts.at(settings.kucoin.url)
    except ValueError as error:
        raise Failure(f"kucoin.url: {error}", means="Nothing was started.", code=Exit.USAGE) from None
    return msgspec.structs.replace(found, spot=found.spot.replace("//api-futures.", "//api.", 1))


def credentials(settings: Settings) -> Credentials:
    """Return the key of the account.

    Raises:
        Failure: a part of it is missing or cannot be one (exit code 2).
    """
    parts = (settings.kucoin.key, settings.kucoin.secret, settings.kucoin.passphrase)
    try:
        return Credentials(*(part.get_secret_value() if part else "" for part in parts))
    except BadCredentials as bad:
        todo = "set KUCOIN_API_KEY, KUCOIN_API_SECRET and KUCOIN_API_PASSPHRASE in the environment or in .env"
        raise Failure("the API key cannot be used", means=str(bad), todo=todo, code=Exit.USAGE) from None


def wanted(settings: Settings) -> Wanted:
    """Return what the bot is to do there."""
    return Wanted(symbols=settings.bot.symbols, margin_mode=margin_mode(settings), limits=settings.limits)


def margin_mode(settings: Settings) -> MarginMode:
    """Return the margin mode of new positions."""
    return MarginMode(settings.kucoin.margin_mode.upper())


def exchange(settings: Settings, *, clock: Clock, observer: Observer, spans: Sequence[int]) -> KucoinExchange:
    """Return the account on KuCoin that the settings name.

    Args:
        spans: of the candles that strategies decide on, nanoseconds.

    Raises:
        Failure: address or key cannot be used (exit code 2).
    """
    from radtui.exchange.kucoin.adapter import KucoinExchange

    return KucoinExchange.at(
        hosts(settings),
        credentials(settings),
        clock=clock,
        observer=observer,
        symbols=settings.bot.symbols,
        spans=spans,
        margin_mode=margin_mode(settings),
        max_topics=settings.kucoin.max_topics,
        seed=clock.now(),
    )


async def look(settings: Settings, tell: Tell, *, keyed: bool) -> tuple[Check, ...]:
    """Look at the exchange and return every finding; nothing there is changed.

    Args:
        keyed: also at what needs the API key.
    """
    found: list[Check] = []
    async with _rest(settings, keyed=keyed) as (rest, clock):
        async for check in _checks(rest, settings, clock, keyed=keyed):
            found.append(check)
            tell(check)
    return tuple(found)


def reach(settings: Settings) -> str:
    """Return why the exchange cannot be reached now, in a sentence; empty where it answers within a few seconds.

    Raises:
        Failure: its address cannot be one of an exchange (exit code 2).
    """
    return asyncio.run(_reach(settings))


async def _reach(settings: Settings) -> str:
    async with _rest(settings, keyed=False) as (rest, _):
        try:
            async with asyncio.timeout(_REACH_WITHIN):
                await rest.sync_time()
        except TimeoutError:
            return f"no answer within {_REACH_WITHIN:g} s."
        except ExchangeFailure as failure:
            return str(failure)
    return ""


async def _checks(rest: Rest, settings: Settings, clock: Clock, *, keyed: bool) -> AsyncIterator[Check]:
    there = Market()
    async for check in public_checks(rest, wanted(settings), there):
        yield check
    if there.contracts is None:
        return
    yield await feed_check(rest, WebSocketConnector(), clock, rehearsal=is_rehearsal(settings))
    if keyed:
        async for check in keyed_checks(rest, wanted(settings), there.contracts):
            yield check


@asynccontextmanager
async def at_exchange(settings: Settings) -> AsyncIterator[Rest]:
    """Open a client for what anybody may ask.

    Raises:
        Failure: its address cannot be one of an exchange (exit code 2).
    """
    async with _rest(settings, keyed=False) as (rest, _):
        yield rest


@asynccontextmanager
async def _rest(settings: Settings, *, keyed: bool) -> AsyncIterator[tuple[Rest, Clock]]:
    clock = SystemClock()
    key = credentials(settings) if keyed else None
    rest = rest_at(hosts(settings), key, clock=clock, observer=_Nobody())
    try:
        yield rest, clock
    finally:
        await rest.close()


class _Nobody:
    """An observer for calls that belong to no flight."""

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        """Record nothing."""
