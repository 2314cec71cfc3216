"""A permit tells what became of its request, once."""

from __future__ import annotations

import asyncio

import pytest

from radtui.resilience.failures import Ambiguous, BadCredentials, Maintenance, RateLimited, Refused, Transient, Unknown
from radtui.resilience.permit import READING, Permit


class Owner:
    def __init__(self) -> None:
        self.told: list[tuple[int, bool]] = []

    def ended(self, permit: Permit, *, was_answered: bool) -> None:
        self.told.append((permit.settle(), was_answered))


def ended_with(error: BaseException) -> list[tuple[int, bool]]:
    owner = Owner()
    with pytest.raises(type(error)), Permit(owner, 3):
        raise error
    return owner.told


def test_a_value_is_an_answer() -> None:
    owner = Owner()
    with Permit(owner, 3) as permit:
        assert permit.belongs_to(owner)
        assert not permit.belongs_to(Owner())
        assert READING.get() is permit
    assert READING.get() is None
    assert owner.told == [(3, True)]
    assert not permit.belongs_to(owner)


@pytest.mark.parametrize(
    "error", [Refused("x"), Unknown("x"), RateLimited("x", retry_after=1), BadCredentials("x"), Maintenance("x")]
)
def test_so_is_a_no(error: Exception) -> None:
    assert ended_with(error) == [(3, True)]


@pytest.mark.parametrize("error", [Ambiguous("x"), Transient("x"), KeyError("x"), asyncio.CancelledError()])
def test_anything_else_may_still_arrive(error: BaseException) -> None:
    assert ended_with(error) == [(3, False)]


def test_settled_inside_it_is_not_settled_again() -> None:
    owner = Owner()
    with Permit(owner, 3) as permit:
        assert permit.settle() == 3
        assert permit.settle() == 0
    assert owner.told == []


def test_each_task_reads_under_its_own_permit() -> None:
    async def one(number: int) -> bool:
        with Permit(Owner(), number) as permit:
            await asyncio.sleep(0)
            return READING.get() is permit

    async def main() -> list[bool]:
        with Permit(Owner(), 0) as outer:
            inner = await asyncio.gather(*(one(number) for number in range(5)))
            return [*inner, READING.get() is outer]

    assert all(asyncio.run(main()))
