"""How the feed is put together: its tickets are asked for over REST, its lines go through a connector."""

from __future__ import annotations

from collections.abc import Callable

from radtui.exchange.kucoin.feed.alarms import LineAlert
from radtui.exchange.kucoin.feed.connection import Ports
from radtui.exchange.kucoin.feed.feed import Feed
from radtui.exchange.kucoin.feed.pace import CONNECTS, Pace
from radtui.exchange.kucoin.feed.pool import PoolLimits
from radtui.exchange.kucoin.feed.session import Ticket
from radtui.exchange.kucoin.feed.socket import Connector, WebSocketConnector
from radtui.exchange.kucoin.rest.client import Rest
from radtui.resilience.clock import Clock
from radtui.resilience.failures import Transient
from radtui.resilience.observe import Observer


def feed_over(
    rest: Rest,
    connector: Connector | None,
    *,
    clock: Clock,
    observer: Observer,
    draw: Callable[[], float],
    alert: Callable[[LineAlert], None],
    topics: int,
) -> Feed:
    """Return a feed of the exchange that `rest` speaks to. Whoever made it closes it.

    Args:
        connector: None for the network.
        draw: random numbers in [-1, 1], for the jitter.
        alert: told of what a person should know of a connection.
        topics: on one connection, at most.
    """
    ports = Ports(
        connector=connector or WebSocketConnector(),
        tickets=Tickets(rest),
        clock=clock,
        draw=draw,
        pace=Pace(*CONNECTS),
    )
    return Feed(ports, load=rest.market.book, observer=observer, alert=alert, limits=PoolLimits(topics=topics))


class Tickets:
    """Tokens for the feed, each from a request of its own."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def ticket(self, private: bool) -> Ticket:
        """Return where to connect and with which token.

        Raises:
            Transient: the exchange names no server.
        """
        bullet = await self._rest.market.bullet(private=private)
        if not bullet.instance_servers:
            raise Transient("The exchange names no server for its feed. It is asked again.", code="no server")
        server = bullet.instance_servers[0]
        return Ticket(
            endpoint=server.endpoint,
            token=bullet.token,
            ping_interval=server.ping_interval / 1000,
            ping_timeout=server.ping_timeout / 1000,
        )
