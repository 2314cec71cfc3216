"""One listener for every bot of its process: each has its whole API under ``/bots/NAME``, and the hall has the rest.

Where one bot flies alone it *is* the rest, so that a person who knows of no others needs no name. Where several do,
nothing is guessed: whatever names no bot and is not about all of them is refused with the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

BOTS: Final = "/bots/"


def path_of(bot: str) -> str:
    """Return where the API of a bot begins."""
    return f"{BOTS}{bot}"


class Switchboard:
    """Hands each request and each stream to the bot that it names.

    Args:
        rooms: the applications of the bots, by name. hall: answers what names none of them.
    """

    def __init__(self, rooms: Mapping[str, ASGIApp], hall: ASGIApp) -> None:
        self._rooms, self._hall = dict(rooms), hall

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, slash, rest = scope.get("path", "").removeprefix(BOTS).partition("/")
        room = self._rooms.get(name) if slash and scope.get("path", "").startswith(BOTS) else None
        if room is None:
            await self._hall(scope, receive, send)
        else:
            await room({**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}, receive, send)
