"""Whether the feed answers, and how fast: one connection, one ping, and it is closed again."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urlencode, urlsplit

from radtui.core.market import SECOND
from radtui.exchange.check import Check, fail, ok, warn
from radtui.exchange.kucoin.feed.socket import Connector, Socket, SocketLost
from radtui.exchange.kucoin.preflight import failed
from radtui.exchange.kucoin.rest.client import Rest
from radtui.exchange.kucoin.wire.frames import Ping, any_frame, text
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure

WITHIN: Final = 10.0
"""Seconds for all of it."""
_SLOW: Final = 1.0
"""Seconds of a round trip from which on the feed is slow (row S10)."""
_REMEDY: Final = "Check that this network lets WebSocket connections out."
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


async def feed_check(rest: Rest, connector: Connector, clock: Clock, *, rehearsal: bool) -> Check:
    """Return how long a ping takes there and back.

    Args:
        rehearsal: the exchange is to be a simulated one on this machine. Its feed then must be here too: a tunnel to
            the real exchange has a local address, but sends its clients to the real feed.
    """
    try:
        bullet = await rest.market.bullet(private=False)
    except ExchangeFailure as failure:
        return failed("feed", failure, _REMEDY)
    if not bullet.instance_servers:
        return fail("feed", "The exchange names no server for its feed.", "Try again in a minute.", passing=True)
    endpoint = bullet.instance_servers[0].endpoint
    host = urlsplit(endpoint).hostname or ""
    if rehearsal and host not in LOOPBACK:
        said = f"This is no rehearsal: the exchange behind kucoin.url sends its clients to {host}."
        return fail("feed", said, "If real money is meant, set bot.mode = live; else start `radtui sim serve`.")
    url = f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode({'token': bullet.token, 'connectId': 'check'})}"
    return await _timed(url, connector, clock)


async def _timed(url: str, connector: Connector, clock: Clock) -> Check:
    try:
        async with asyncio.timeout(WITHIN):
            seconds = await _ping(url, connector, clock)
    except (TimeoutError, SocketLost, ExchangeFailure, ValueError) as error:
        why = f"no answer within {WITHIN:g} s" if isinstance(error, TimeoutError) else str(error)
        return fail("feed", f"The feed does not answer: {why}", _REMEDY, passing=True)
    said = f"round trip {seconds * 1000:.0f} ms"
    if seconds > _SLOW:
        return warn("feed", f"{said}: slow", "Run it nearer to the exchange, or on a quieter line.")
    return ok("feed", said)


async def _ping(url: str, connector: Connector, clock: Clock) -> float:
    socket = await connector.connect(url)
    try:
        await _until(socket, "welcome")
        began = clock.monotonic()
        await socket.send(text(Ping(id="check")))
        await _until(socket, "pong")
        return (clock.monotonic() - began) / SECOND
    finally:
        await socket.close()


async def _until(socket: Socket, kind: str) -> None:
    while any_frame(await socket.receive()).type != kind:
        continue
