"""Where the engine's time goes: counted, added up, the worst kept."""

from __future__ import annotations

import pytest

from radtui.health.phases import ACCOUNT, PHASES, READING, SNAPSHOT, STRATEGY, PhaseLog
from tests.engine.flights import Flight, Turner, fly

MILLISECOND = 1_000_000


def test_nothing_is_known_before_the_first() -> None:
    views = PhaseLog().views()
    assert [view.name for view in views] == list(PHASES)
    assert all((view.calls, view.last, view.worst, view.p99) == (0, None, None, None) for view in views)


def test_it_adds_up_and_keeps_the_worst() -> None:
    log = PhaseLog()
    for milliseconds in (4, 10, 1):
        log.record(ACCOUNT, milliseconds * MILLISECOND)
    log.record(ACCOUNT, 0, failed=True)
    view = next(each for each in log.views() if each.name == ACCOUNT)
    assert (view.calls, view.failed, view.last, view.worst) == (4, 1, 0.0, 10.0)
    assert view.seconds == pytest.approx(0.015)
    assert view.p50 == pytest.approx(1, rel=0.04)
    assert view.p99 == pytest.approx(10, rel=0.04)


def test_a_view_is_made_anew_only_where_something_happened() -> None:
    log = PhaseLog()
    log.record(ACCOUNT, 1)
    before = log.views()
    log.record(SNAPSHOT, 1)
    same = [old is new for old, new in zip(before, log.views(), strict=True)]
    assert same == [name != SNAPSHOT for name in PHASES]


def test_a_phase_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        PhaseLog().record("nonsense", 1)


class Failing(Turner):
    """Its strategy breaks at every candle."""

    def on_candle(self, candle: object, view: object) -> object:  # type: ignore[override]
        raise ValueError("no idea")


def test_a_flight_is_timed() -> None:
    async def scenario(flight: Flight) -> dict[str, tuple[int, int]]:
        await flight.ready()
        await flight.hold()
        return {view.name: (view.calls, view.failed) for view in flight.engine.snapshot().phases}

    found = fly(scenario)
    assert all(calls > 0 for name, (calls, _) in found.items() if name != SNAPSHOT), found
    assert found[READING][1] == 0


def test_strategies_that_break_are_scans_that_failed() -> None:
    async def scenario(flight: Flight) -> tuple[int, int]:
        await flight.ready()
        await flight.until(lambda: flight.health.phases.views()[PHASES.index(STRATEGY)].calls >= 2)
        view = flight.health.phases.views()[PHASES.index(STRATEGY)]
        return view.calls, view.failed

    calls, failed = fly(scenario, Failing)  # type: ignore[arg-type]
    assert calls == failed >= 2
