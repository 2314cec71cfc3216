"""The one door that every order passes before it is asked for (DESIGN "Orders that cannot be lost").

An entry is admitted in ACTIVE alone. An exit or a stop is admitted in every mode, and only where it truly reduces: it
says so itself (reduce-only or close-order, which the exchange enforces), it lies against a position that we know, and
it is not larger. So a refusal here can keep a position from growing and can never keep one from being closed: for a
position that we know, a close and a stop of its own size always pass; for one that only the exchange knows nothing is
asked before a reading has put it into the books.
"""

from __future__ import annotations

from collections.abc import Callable

from radtui.core.order import OrderRequest
from radtui.core.orders import Purpose
from radtui.core.standing import Mode

Admit = Callable[[OrderRequest, Purpose], str | None]
"""Returns why an order may not leave, or None where it may."""


def admit(request: OrderRequest, purpose: Purpose, lots: int, mode: Mode) -> str | None:
    """Return why an order may not leave, or None where it may.

    Args:
        lots: signed, what the position in its symbol holds by our books; 0 where there is none.
    """
    return _entry(request, mode) if purpose is Purpose.ENTRY else _reduction(request, lots)


def _entry(request: OrderRequest, mode: Mode) -> str | None:
    if mode is not Mode.ACTIVE:
        return f"trading is {mode}: only what reduces a position may leave"
    if request.reduces:
        return "an entry that may only reduce can open nothing"
    return None


def _reduction(request: OrderRequest, lots: int) -> str | None:
    if not request.reduces:
        return "an exit that is neither reduce-only nor close-order could open a position"
    if not lots:
        return "there is no position to reduce"
    if request.side.sign * lots > 0:
        return f"a {request.side} would add to the position of {lots} lots"
    if not request.close_order and not 0 < request.lots <= abs(lots):
        return f"{request.lots} lots is not a part of the position of {lots} lots"
    return None
