"""Giving instructions to an engine, each once, and waiting for what comes of them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, NamedTuple

import msgspec

from radtui.api.errors import Refused
from radtui.api.models import Instructing
from radtui.core.instruction import ENDED, Ask, Receipt
from radtui.engine.handle import EngineHandle

_KEPT: Final = 1000
"""Idempotency keys remembered."""
_SOON: Final = 0.002
_LOOK: Final = 0.02
"""Seconds until the first look again for a receipt, twice as long each time, and at most between two."""
_LOOKS_ALIVE: Final = 50
"""Looks for a receipt between two for the one who waits."""
FORGOTTEN: Final = (
    "there is no receipt of that id and there will be none: the engine was restarted before it was written, and "
    "nothing was kept of it (or it is long ago, and only the latest receipts are kept)"
)
FORGOTTEN_REMEDY: Final = (
    "ask again; GET /api/status tells what is, for each start compares everything with the exchange"
)


class Key(NamedTuple):
    """An Idempotency-Key: of one caller's making, so that another's of the same text is another.

    Attributes:
        caller: the name of who gave it, as `Access` knows it.
    """

    caller: str
    text: str


class Asking:
    """The instructions that came through one door, by their keys."""

    def __init__(self, handle: EngineHandle) -> None:
        self._handle = handle
        self._told: OrderedDict[Key, tuple[Ask, Instructing, str]] = OrderedDict()

    def tell(self, ask: Ask, body: Instructing, *, who: str, key: Key | None) -> str:
        """Give an instruction, unless its key was given before; return the instruction's id.

        Raises:
            Refused: the key was another instruction's (409).
        """
        if key is None:
            return self._send(ask, body, who, "")
        if key not in self._told:
            self._told[key] = (ask, body, self._send(ask, body, who, " ".join(key)))
            while len(self._told) > _KEPT:
                self._told.popitem(last=False)
        known_ask, known_body, known_id = self._told[key]
        if (known_ask, known_body) != (ask, body):
            raise Refused(
                HTTPStatus.CONFLICT, f"this Idempotency-Key was given with {known_ask} before", "take a new key"
            )
        return known_id

    def known(self, key: Key) -> str | None:
        """Return the id of the instruction that was given with this key; None where none was."""
        told = self._told.get(key)
        return told[2] if told else None

    async def receipt(self, id_: str, seconds: float, gone: Callable[[], Awaitable[bool]]) -> Receipt | None:
        """Wait for a receipt, at most for `seconds` and as long as the other end is not `gone`; None: not yet.

        An engine that hangs is not waited for: nobody knows whether it ever turns again.

        Raises:
            Refused: there will never be one (410).
        """
        loop = asyncio.get_running_loop()
        until, looks = loop.time() + seconds, 0
        while (receipt := self._handle.receipt(id_)) is None and (left := until - loop.time()) > 0:
            if self._handle.forgotten(id_):
                raise Refused(HTTPStatus.GONE, FORGOTTEN, FORGOTTEN_REMEDY)
            if self._handle.snapshot().hangs:
                break
            looks += 1
            if looks % _LOOKS_ALIVE == 0 and await gone():
                break
            await asyncio.sleep(min(_LOOK, _SOON * 2 ** min(looks, 8), left))
        return receipt

    def _send(self, ask: Ask, body: Instructing, who: str, key: str) -> str:
        by = f"{who}/{body.who}" if body.who else who
        told = body.particulars()
        if (order := told.get("order")) is not None:
            told["order"] = msgspec.structs.replace(order, key=key)  # core knows it again after a restart, too
        return self._handle.send(ask, who=by, why=body.why, **told).id


def status_of(receipt: Receipt) -> HTTPStatus:
    """Return the status of a receipt (row L3): what the state refuses is 400, a no-op is 200."""
    if not receipt.refused:
        return HTTPStatus.OK
    return HTTPStatus.SERVICE_UNAVAILABLE if receipt.status == ENDED else HTTPStatus.BAD_REQUEST
