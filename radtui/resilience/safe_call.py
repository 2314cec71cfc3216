"""A call that does not raise: its value or its typed failure, never a silent None (row E5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from radtui.resilience.failures import Ambiguous, ExchangeFailure
from radtui.resilience.redaction import named

T = TypeVar("T")


class Done(msgspec.Struct, Generic[T], frozen=True):
    """The call succeeded; its value may be None."""

    value: T


class Failed(msgspec.Struct, frozen=True):
    """The call did not succeed; the type of the failure says what that means."""

    failure: ExchangeFailure


async def safe_api_call(
    call: Callable[[], Awaitable[T]], on_error: Callable[[ExchangeFailure], None] | None = None
) -> Done[T] | Failed:
    """Return what `call` brought, as `Done` or `Failed`.

    A timeout or a broken connection that reached us untyped is ambiguous: nobody knows how far it came. A cancellation
    and a mistake in our own code are no failures of a call; they are raised.

    Args:
        call: makes the call; it may be a lambda that returns a coroutine.
        on_error: told of the failure before it is returned.
    """
    try:
        return Done(await call())
    except ExchangeFailure as failure:
        failed = Failed(failure)
    except OSError as error:  # TimeoutError and every ConnectionError among them
        failed = Failed(_ambiguous(error))
    if on_error is not None:
        on_error(failed.failure)
    return failed


def _ambiguous(error: OSError) -> Ambiguous:
    failure = Ambiguous(f"the call ended without an answer ({named(error)}); it may have been carried out")
    failure.__cause__ = error
    return failure
