from __future__ import annotations

import msgspec
import pytest

from radtui.core.lifecycle import State
from radtui.core.status_view import StatusView
from radtui.health.targets import TARGETS

FRESH = StatusView(
    state=State.RUNNING,
    since=0,
    who="key:alice",
    why="",
    mode="paper",
    speed=60,
    bot="alpha",
    strategy="ema_cross",
    timeframe="5m",
    symbols=("XBTUSDTM",),
    dev_mode=False,
    started_at=0,
)


def missed(**figures: object) -> set[str]:
    status = msgspec.structs.replace(FRESH, **figures)
    return {target.field for target in TARGETS if target.met(status) is False}


def test_a_bot_that_has_not_cycled_yet_neither_meets_nor_misses_what_its_cycles_should_reach() -> None:
    assert missed() == set()
    assert {target.field for target in TARGETS if target.met(FRESH) is None} == {"success_rate", "average_cycle_time"}


@pytest.mark.parametrize(("rate", "met"), [(95.0, False), (95.01, True)])
def test_success_must_be_above_95(rate: float, met: bool) -> None:
    assert ("success_rate" not in missed(cycles=100, success_rate=rate)) is met


@pytest.mark.parametrize(("seconds", "met"), [(60.0, False), (59.99, True)])
def test_the_average_must_be_below_a_minute(seconds: float, met: bool) -> None:
    assert ("average_cycle_time" not in missed(average_cycle=seconds)) is met


def test_a_failure_misses_the_target() -> None:
    assert missed(failures_in_a_row=1) == {"consecutive_failures"}
