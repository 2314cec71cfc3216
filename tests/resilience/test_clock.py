"""The clock that deadlines are measured by: it follows the machine's, and never back."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import HOUR, SECOND
from radtui.resilience import clock as clocks
from radtui.resilience.clock import Clock, LoopClock, SystemClock
from radtui.resilience.virtual import run_virtual

BOOT = 1_700_000_000 * SECOND
STEPS = st.lists(st.tuples(st.integers(0, HOUR), st.integers(-HOUR, HOUR)), min_size=1, max_size=20)


class Machine:
    """A machine's two clocks. The process may be paused before each look at one of them."""

    def __init__(self) -> None:
        self.up = 5 * SECOND
        self.wall = BOOT
        self.pauses: list[int] = []

    def pass_time(self, elapsed: int, adjusted: int = 0) -> None:
        self.up += elapsed
        self.wall += elapsed + adjusted

    def time_ns(self) -> int:
        self.pass_time(self.pauses.pop() if self.pauses else 0)
        return self.wall

    def monotonic_ns(self) -> int:
        self.pass_time(self.pauses.pop() if self.pauses else 0)
        return self.up


def on(machine: Machine, patch: pytest.MonkeyPatch) -> SystemClock:
    patch.setattr(clocks, "time", machine)
    return SystemClock()


@given(STEPS)
def test_however_the_machines_clock_is_set_ours_never_goes_back_and_never_stands(steps: list[tuple[int, int]]) -> None:
    machine = Machine()
    with pytest.MonkeyPatch.context() as patch:
        clock = on(machine, patch)
        seen = [(clock.now(), machine.up)]
        for elapsed, adjusted in steps:
            machine.pass_time(elapsed, adjusted)
            seen.append((clock.now(), machine.up))
    for (sooner, up_then), (later, up_now) in pairwise(seen):
        assert later - sooner >= up_now - up_then
    assert seen[-1][0] >= machine.wall


@given(st.lists(st.integers(0, HOUR), max_size=20), st.integers(1, 8))
def test_a_pause_of_the_process_between_two_looks_does_not_put_it_ahead(pauses: list[int], looks: int) -> None:
    machine = Machine()
    with pytest.MonkeyPatch.context() as patch:
        machine.pauses = pauses
        clock = on(machine, patch)
        for _ in range(looks):
            assert clock.now() <= machine.wall


def test_set_back_an_hour_it_goes_on_at_its_pace_until_the_wall_has_caught_up(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    clock = on(machine, monkeypatch)
    machine.pass_time(SECOND, -HOUR)
    assert clock.now() == BOOT + SECOND
    machine.pass_time(SECOND)
    assert clock.now() == BOOT + 2 * SECOND
    machine.pass_time(0, HOUR + SECOND)
    assert clock.now() == BOOT + 3 * SECOND == machine.wall


def test_what_the_machine_shows_is_told_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    clock: Clock = on(machine, monkeypatch)
    machine.pass_time(SECOND, -HOUR)
    assert (clock.wall(), clock.now()) == (BOOT + SECOND - HOUR, BOOT + SECOND)


def test_set_forward_it_follows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    clock = on(machine, monkeypatch)
    machine.pass_time(0, HOUR)
    assert clock.now() == BOOT + HOUR


def test_durations_are_the_machines_monotonic_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine()
    clock: Clock = on(machine, monkeypatch)
    machine.pass_time(SECOND, -HOUR)
    assert clock.monotonic() == 6 * SECOND


def test_a_loops_clock_counts_from_its_epoch_what_the_loop_lives_through() -> None:
    async def scenario() -> tuple[int, int]:
        clock: Clock = LoopClock(asyncio.get_running_loop(), BOOT)
        await asyncio.sleep(90.5)
        return clock.now() - BOOT, clock.monotonic()

    assert run_virtual(scenario(), start=1000.0) == (90.5 * SECOND, 90.5 * SECOND)
