"""A value or a typed failure, and no third thing (row E5)."""

from __future__ import annotations

import asyncio

import pytest

from radtui.resilience.failures import Ambiguous, ExchangeFailure, RateLimited, Refused
from radtui.resilience.safe_call import Done, Failed, safe_api_call
from radtui.resilience.virtual import run_virtual


def ending(end: object) -> object:
    async def call() -> object:
        await asyncio.sleep(0)
        if isinstance(end, BaseException):
            raise end
        return end

    told: list[ExchangeFailure] = []
    result = run_virtual(safe_api_call(call, told.append))
    assert told == ([result.failure] if isinstance(result, Failed) else [])
    return result


def test_a_value_is_done_also_when_it_is_none() -> None:
    assert ending(3) == Done(3)
    assert ending(None) == Done(None)


@pytest.mark.parametrize("failure", [Refused("no"), RateLimited("wait", retry_after=1.0), Ambiguous("?")])
def test_a_failure_keeps_its_type(failure: ExchangeFailure) -> None:
    result = ending(failure)
    assert isinstance(result, Failed)
    assert result.failure is failure


@pytest.mark.parametrize("error", [TimeoutError("late"), ConnectionResetError("gone"), OSError(5, "broken")])
def test_a_connection_that_broke_untyped_is_ambiguous(error: OSError) -> None:
    result = ending(error)
    assert isinstance(result, Failed)
    assert type(result.failure) is Ambiguous
    assert result.failure.__cause__ is error
    assert "may have been carried out" in str(result.failure)


@pytest.mark.parametrize("error", [KeyError("our mistake"), asyncio.CancelledError()])
def test_neither_a_mistake_of_ours_nor_a_cancellation_is_hidden(error: BaseException) -> None:
    with pytest.raises(type(error)):
        ending(error)


def test_nobody_needs_to_be_told() -> None:
    async def call() -> int:
        raise Refused("no")

    assert isinstance(run_virtual(safe_api_call(call)), Failed)
