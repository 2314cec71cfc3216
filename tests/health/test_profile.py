"""What is slow is judged against what it should take, and named with what to do."""

from __future__ import annotations

from typing import Any

import msgspec

from radtui.core.config import CoreConfig
from radtui.core.health_view import ApiView, EndpointView, ProcessView
from radtui.core.snapshot import Snapshot
from radtui.core.timing_view import PhaseView
from radtui.engine.host import EngineHost
from radtui.health.phases import PHASES, READING, STRATEGY
from radtui.health.profile import LIMITS, NOTHING, profile

BEFORE: Snapshot = EngineHost(CoreConfig(bot="t", boot=1), lambda: None).handle.snapshot()  # type: ignore[arg-type, return-value]


def seen(**shown: Any) -> Snapshot:
    return msgspec.structs.replace(BEFORE, **shown)


def phase(name: str, p99: float, seconds: float = 1.0) -> PhaseView:
    return PhaseView(name=name, calls=3, seconds=seconds, last=p99, worst=p99, p50=p99, p99=p99)


def call(name: str, p99: float | None, seconds: float = 1.0, rate_limited: int = 0) -> EndpointView:
    return EndpointView(
        name=name, calls=9, failed=0, rate_limited=rate_limited, p50=p99, p99=p99, seconds=seconds
    )  # fmt: skip


def test_every_phase_has_a_limit() -> None:
    assert set(LIMITS) == set(PHASES)


def test_nothing_is_said_of_what_was_not_timed() -> None:
    found = profile(seen(phases=(PhaseView(name=READING),)))
    assert (found.slowest, found.suggestion, found.slow) == ("", "", ())


def test_a_slow_strategy_is_worse_than_a_slower_call() -> None:
    found = profile(seen(phases=(phase(STRATEGY, 400.0),), api=ApiView(endpoints=(call("orders.place", 900.0),))))
    assert found.slowest == STRATEGY
    assert [each.name for each in found.slow] == [STRATEGY]
    assert "strategy needs 400 ms at its slowest, 50 would do" in found.suggestion


def test_a_remedy_is_not_told_twice() -> None:
    slow = profile(seen(phases=(phase(STRATEGY, 400.0),)))
    assert slow.suggestion.endswith(slow.slow[0].todo)
    assert slow.more == ""
    assert profile(seen(phases=(phase(STRATEGY, 4.0),))).more == NOTHING
    both = profile(seen(phases=(phase(STRATEGY, 400.0),), api=ApiView(endpoints=(call("a", 9.0, rate_limited=2),))))
    assert both.more == both.suggestion


def test_the_order_is_that_of_the_time_they_took() -> None:
    quick, often = call("account", 5.0, seconds=1.0), call("positions", 2.0, seconds=60.0)
    found = profile(
        seen(phases=(phase(STRATEGY, 1.0, 2.0), phase(READING, 9.0, 30.0)), api=ApiView(endpoints=(quick, often)))
    )
    assert [each.name for each in found.endpoints] == ["positions", "account"]
    assert [each.name for each in found.phases] == [READING, STRATEGY]
    assert found.suggestion == "nothing is slow"


def test_what_was_turned_away_comes_first() -> None:
    found = profile(seen(api=ApiView(endpoints=(call("a", 9.0, rate_limited=2), call("b", 5000.0)))))
    assert found.suggestion.startswith("a was rate-limited 2 times")
    assert [each.name for each in found.slow] == ["b"]


def test_a_late_loop_and_a_phase_of_another_version() -> None:
    found = profile(seen(process=ProcessView(lag_p99=250.0), phases=(phase("of tomorrow", 9_000.0),)))
    assert [each.name for each in found.slow] == ["event loop"]
