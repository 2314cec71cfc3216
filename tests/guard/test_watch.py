"""When a guardian acts: after a silence, once, and never after a farewell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.guarding import Landed, Phase
from radtui.guard.journal import Memory
from radtui.guard.watch import SECOND, STALL, Watch
from tests.guard.makers import BOT, beat

SILENCE = 60 * SECOND


def watching(now: int = 0) -> Watch:
    watch = Watch(SILENCE, now)
    watch.heard(beat(), now)
    return watch


def due_at(watch: Watch, begin: int, end: int) -> int | None:
    """Look once a second; return the second at which it was time first."""
    return next((at for at in range(begin, end) if watch.due(at * SECOND)), None)


def test_it_is_time_after_the_silence_and_not_before() -> None:
    assert due_at(watching(), 0, 200) == 61


def test_without_a_beat_it_is_never_time() -> None:
    assert due_at(Watch(SILENCE, 0), 0, 1000) is None


def test_an_engine_that_has_not_recovered_neither_arms_nor_disarms() -> None:
    watch = Watch(SILENCE, 0)
    assert not watch.heard(beat(recovered=False), 0)
    assert watch.phase is Phase.WAITING
    watch = watching()
    for at in range(61):
        assert not watch.due(at * SECOND)
        watch.heard(beat(boot=2, recovered=False), at * SECOND)
    assert watch.due(61 * SECOND), "it dies at every start, and beats as often"


def test_it_acts_once_until_somebody_beats_again() -> None:
    watch = watching()
    assert due_at(watch, 0, 100) == 61
    watch.begin()
    assert due_at(watch, 61, 400) is None
    watch.finish()
    assert due_at(watch, 400, 800) is None
    assert watch.heard(beat(boot=2), 800 * SECOND), "it is told that the engine came back"
    assert due_at(watch, 800, 1000) == 861


def test_a_landed_engine_is_let_alone() -> None:
    watch = watching()
    assert watch.landed(Landed(bot=BOT, boot=1))
    assert due_at(watch, 0, 1000) is None


def test_the_farewell_of_an_earlier_life_is_nobodys() -> None:
    watch = watching()
    watch.heard(beat(boot=2), SECOND)
    assert not watch.landed(Landed(bot=BOT, boot=1))
    assert watch.phase is Phase.WATCHING
    assert not Watch(SILENCE, 0).landed(Landed(bot=BOT, boot=1))


def test_its_own_sleep_is_nobodys_silence() -> None:
    watch = watching()
    assert not watch.due(SECOND)
    assert not watch.due(3600 * SECOND), "the whole machine slept"
    assert due_at(watch, 3601, 4000) == 3600 + 60


def test_time_spent_acting_does_not_make_it_deaf_afterwards() -> None:
    watch = watching()
    assert due_at(watch, 0, 100) == 61
    watch.begin()
    watch.heard(beat(boot=2), 5000 * SECOND)
    assert due_at(watch, 5000, 6000) == 5061


@pytest.mark.parametrize("phase", [Phase.WATCHING, Phase.ACTING])
def test_its_own_restart_begins_the_silence_anew(phase: Phase) -> None:
    watch = Watch(SILENCE, 1000 * SECOND, Memory(phase=phase, beat=beat()))
    assert due_at(watch, 1000, 2000) == 1061


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.ACTED, Phase.LANDED])
def test_its_own_restart_repeats_nothing(phase: Phase) -> None:
    watch = Watch(SILENCE, 0, Memory(phase=phase, beat=beat()))
    assert due_at(watch, 0, 1000) is None
    assert watch.memory() == Memory(phase=phase, beat=beat())


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=300))
def test_it_never_acts_within_the_silence_of_a_beat(steps: list[tuple[int, bool]]) -> None:
    watch, now, heard, looked = watching(), 0, 0, 0
    for seconds, beats in steps:
        now += seconds * SECOND
        if beats:
            watch.heard(beat(), now)
            heard = now
        assert now - looked <= STALL
        assert watch.due(now) == (now - heard > SILENCE)
        looked = now
