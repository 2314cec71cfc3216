"""The watch over positions without a stop: the exchange's own positions, against the exchange's own stops."""

from __future__ import annotations

import pytest
from stage import Stage

from radtui.core.market import SECOND
from radtui.core.order import Side
from radtui.simserver.explore.protection import MARGIN, Protected

WITHIN = 5 * SECOND
LIMIT = (WITHIN + MARGIN) // SECOND


def watch(stage: Stage, check: Protected, seconds: int) -> bool:
    """Let time pass and return whether it was reported."""
    for _ in range(seconds):
        stage.wait()
        check.turned()
    return bool(stage.reported)


def test_a_bare_position_is_reported_after_the_limit_and_not_before() -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    check.moved()
    assert not watch(stage, check, LIMIT)
    assert watch(stage, check, 1)
    assert stage.reported[0][0] == "no position without a stop"


def test_a_stop_on_the_right_side_protects() -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    stage.protect()
    check.moved()
    assert not watch(stage, check, 60)


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_stop_that_is_cancelled_or_on_the_wrong_side_does_not(cancelled: bool) -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    stop = stage.protect(Side.SELL if cancelled else Side.BUY)
    if cancelled:
        stage.venue.cancel(stop.symbol, stop.client_id)
    check.moved()
    assert watch(stage, check, LIMIT + 2)


def test_what_went_wrong_excuses_for_its_time_only() -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    check.moved()
    stage.patience.excuse(30 * SECOND)
    assert not watch(stage, check, 30 + LIMIT)
    assert watch(stage, check, 1)


def test_time_without_an_excuse_counts_before_one_and_after_it() -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    check.moved()
    assert not watch(stage, check, 4)
    stage.patience.hold("the network is down")
    assert not watch(stage, check, 60)
    stage.patience.release("the network is down")
    assert not watch(stage, check, LIMIT - 4)
    assert watch(stage, check, 1)


def test_it_tells_how_closely_positions_were_watched() -> None:
    stage = Stage()
    check = Protected(stage, WITHIN)
    stage.enter()
    check.moved()
    watch(stage, check, 3)
    stage.protect()
    check.moved()
    stage.patience.excuse(4 * SECOND)
    watch(stage, check, 10)
    exposure = stage.exposure
    assert (exposure.held, exposure.excused, exposure.bare, exposure.worst) == (13.0, 4.0, 3.0, 3.0)
