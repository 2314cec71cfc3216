"""The tokens that open a WebSocket."""

from __future__ import annotations

from typing import Final

from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.limits import Pool
from radtui.simserver.routes.rows import general, public

PING_INTERVAL: Final = 18_000
"""Milliseconds between two pings of a client."""
PING_TIMEOUT: Final = 10_000


def bullet_public(call: Call) -> object:
    """Answer a token for public topics."""
    return _bullet(call, private=False)


def bullet_private(call: Call) -> object:
    """Answer a token for every topic."""
    return _bullet(call, private=True)


def _bullet(call: Call, *, private: bool) -> object:
    floor = call.floor
    return {
        "token": floor.tokens.issue(private=private, at=floor.now()),
        "instanceServers": [
            {
                "endpoint": floor.endpoint,
                "encrypt": floor.endpoint.startswith("wss"),
                "protocol": "websocket",
                "pingInterval": PING_INTERVAL,
                "pingTimeout": PING_TIMEOUT,
            }
        ],
    }


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    public("POST", "/api/v1/bullet-public", 10, bullet_public),
    general("POST", "/api/v1/bullet-private", 10, bullet_private, Pool.FUTURES),
)
