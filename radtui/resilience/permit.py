"""Leave to send one request, and what became of the request: the limiter charges by it."""

from __future__ import annotations

from contextvars import ContextVar, Token
from types import TracebackType
from typing import Protocol

from radtui.resilience.failures import Ambiguous, ExchangeFailure, Transient


class PermitOwner(Protocol):
    """Whoever gave a permit."""

    def ended(self, permit: Permit, *, was_answered: bool) -> None:
        """Note that a request is over, and that it told nothing of its window."""
        ...


class Permit:
    """Leave to send one request. Use it as a context around the sending; what ends it tells what became of it.

    Inside of it, also in tasks started there, `Limiter.saw` knows whose answer is being read.
    """

    __slots__ = ("_owner", "_token", "_weight")

    def __init__(self, owner: PermitOwner, weight: int) -> None:
        self._owner: PermitOwner | None = owner
        self._weight = weight

    def belongs_to(self, owner: PermitOwner) -> bool:
        """Return whether it is still to be settled, with this owner."""
        return self._owner is owner

    def settle(self) -> int:
        """Return its weight, once; nothing more is to be settled then."""
        weight, self._weight, self._owner = self._weight, 0, None
        return weight

    def __enter__(self) -> Permit:
        self._token: Token[Permit | None] = READING.set(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        READING.reset(self._token)
        if self._owner is not None:
            self._owner.ended(self, was_answered=error is None or _is_answer(error))


READING: ContextVar[Permit | None] = ContextVar("reading", default=None)
"""The permit under which this task is sending and reading."""


def _is_answer(error: BaseException) -> bool:
    return isinstance(error, ExchangeFailure) and not (isinstance(error, Ambiguous) or type(error) is Transient)
