"""Asking an engine what it does not show by itself: within a time, and a 503 with the reason where it is not known."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

from fastapi import Depends, Path, Request

from radtui.api.errors import Refused
from radtui.engine.inquiries import Inquirable, Inquiries, NoSuchContract, NothingWeighed, Unanswered

T = TypeVar("T")
WITHIN: Final = 5.0
"""Seconds that the engine has for an answer."""
_LATEST: Final = "without a moment the latest signal is told: GET /api/why/SYMBOL, `radtui why SYMBOL`"
_LATER: Final = "ask again in a moment; GET /api/status tells how the engine stands"

Symbol = Annotated[
    str,
    Path(min_length=2, max_length=30, pattern=r"^[A-Za-z0-9]+$", description="A contract.", examples=["XBTUSDTM"]),
]


async def answer(asked: Future[T]) -> T:
    """Return what an inquiry came to.

    Raises:
        Refused: it is not known now (503), there is no such contract here, or nothing was weighed there (404).
    """
    try:
        async with asyncio.timeout(WITHIN):
            return await asyncio.shield(asyncio.wrap_future(asked))
    except NoSuchContract as none:
        raise Refused(HTTPStatus.NOT_FOUND, str(none), "GET /api/status names the contracts") from None
    except NothingWeighed as none:
        raise Refused(HTTPStatus.NOT_FOUND, str(none), _LATEST) from None
    except Unanswered as unknown:
        raise unavailable(str(unknown)) from None
    except TimeoutError:
        asked.cancel()
        raise unavailable(f"the engine did not answer within {WITHIN:.0f} s") from None
    except asyncio.CancelledError:
        if asked.cancelled():  # the engine has ended meanwhile; else it is ourselves who are to stop
            raise unavailable("the engine has ended") from None
        raise


def unavailable(why: str) -> Refused:
    """Return the refusal of what is not known now."""
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, why, _LATER)


async def _inquiries(request: Request) -> Inquiries:
    handle = request.app.state.handle
    if not isinstance(handle, Inquirable):
        raise unavailable("this engine is not near enough to be asked")
    return handle.inquiries


Ask = Annotated[Inquiries, Depends(_inquiries)]
