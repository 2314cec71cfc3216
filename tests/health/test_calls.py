from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import pairwise
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.health_view import ApiView
from radtui.core.market import MINUTE, SECOND
from radtui.health.calls import CallLog
from radtui.resilience.failures import RateLimited, Transient
from radtui.resilience.observe import Observer

EPOCH = 1_700_000_040 * SECOND
"""A full minute."""

failures = st.sampled_from(["", "", "", Transient.kind, RateLimited.kind])
calls = st.lists(
    st.tuples(
        st.sampled_from(["orders.place", "candles"]), st.integers(0, 3 * MINUTE), st.integers(0, 10**10), failures
    ),
    max_size=120,
)


def logged(made: list[tuple[str, int, int, str]]) -> CallLog:
    log = CallLog()
    for endpoint, after, nanoseconds, failure in sorted(made, key=lambda call: call[1]):
        log.call(endpoint, EPOCH + after, nanoseconds, failure)
    return log


@settings(max_examples=60, deadline=None)
@given(calls)
def test_every_call_is_counted_once_and_the_endpoints_add_up(made: list[tuple[str, int, int, str]]) -> None:
    view = logged(made).view(EPOCH + 3 * MINUTE)
    assert view.total == view.ok + view.failed == len(made)
    assert view.failed == sum(bool(failure) for *_, failure in made)
    assert view.rate_limited == sum(failure == RateLimited.kind for *_, failure in made)
    assert view.total == sum(endpoint.calls for endpoint in view.endpoints)
    assert view.failed == sum(endpoint.failed for endpoint in view.endpoints)
    assert view.rate_limited == sum(endpoint.rate_limited for endpoint in view.endpoints)
    assert view.success == pytest.approx(100 * view.ok / view.total if made else 100)


@settings(max_examples=60, deadline=None)
@given(calls, st.integers(0, 5 * MINUTE))
def test_the_last_minute_is_true_to_the_second(made: list[tuple[str, int, int, str]], at: int) -> None:
    past = [call for call in made if call[1] <= at]
    ages = [at - after for _, after, *_ in past]
    counted = logged(past).view(EPOCH + at).per_minute
    assert sum(age <= 59 * SECOND for age in ages) <= counted <= sum(age < 60 * SECOND for age in ages)


@settings(max_examples=60, deadline=None)
@given(calls)
def test_latencies_are_percentiles_of_what_was_recorded(made: list[tuple[str, int, int, str]]) -> None:
    view = logged(made).view(EPOCH)
    took = sorted(nanoseconds / 1e6 for _, _, nanoseconds, _ in made)
    if not took:
        assert view.p50 is None
        assert view.p99 is None
        return
    assert view.p50 == pytest.approx(took[-(-len(took) * 50 // 100) - 1], rel=0.05, abs=0)
    assert view.p99 == pytest.approx(took[-(-len(took) * 99 // 100) - 1], rel=0.05, abs=0)


@settings(max_examples=60, deadline=None)
@given(calls)
def test_looking_changes_nothing(made: list[tuple[str, int, int, str]]) -> None:
    looked_at, left_alone = CallLog(), CallLog()
    for endpoint, after, nanoseconds, failure in made:
        for log in (looked_at, left_alone):
            log.call(endpoint, EPOCH + after, nanoseconds, failure)
        looked_at.view(EPOCH + after)
    assert looked_at.view(EPOCH + 3 * MINUTE) == left_alone.view(EPOCH + 3 * MINUTE)


def test_the_rate_is_not_capped() -> None:
    log = CallLog()
    for ordinal in range(5_000):
        log.call("ticker", EPOCH + ordinal * 10_000_000, 1)
    assert log.view(EPOCH + 50 * SECOND).per_minute == 5_000


def test_the_history_shows_the_last_hour_minute_by_minute() -> None:
    log = CallLog()
    log.call("ticker", EPOCH - 60 * MINUTE, 1, "transient")
    log.call("ticker", EPOCH - 59 * MINUTE, 1, "transient")
    log.call("ticker", EPOCH - MINUTE, 1)
    log.call("ticker", EPOCH - MINUTE, 1, "transient")
    log.call("ticker", EPOCH, 1)
    history = log.view(EPOCH).history
    assert len(history) == 60
    assert (history[0], history[-2], history[-1]) == (0.0, 50.0, 100.0)
    assert set(history[1:-2]) == {None}


def test_without_calls_success_is_full_and_figures_are_missing_not_zero() -> None:
    view = CallLog().view(EPOCH)
    assert view == ApiView(history=(None,) * 60)
    assert (view.success, view.p50, view.last_at, view.oldest_topic) == (100.0, None, None, None)


def test_the_last_call_and_the_endpoints_are_named() -> None:
    log = CallLog()
    log.call("orders.place", EPOCH, 41_000_000)
    log.call("candles", EPOCH + 5, 9_000_000, RateLimited.kind)
    view = log.view(EPOCH + 9)
    assert view.last_at == EPOCH + 5
    assert [endpoint.name for endpoint in view.endpoints] == ["candles", "orders.place"]
    assert [endpoint.p99 for endpoint in view.endpoints] == [pytest.approx(9, rel=0.05), pytest.approx(41, rel=0.05)]


def test_the_stalest_topic_and_reconnects_are_seen() -> None:
    log: Observer = CallLog()
    log.topic("XBTUSDTM", EPOCH)
    log.topic("ETHUSDTM", EPOCH - 4 * SECOND)
    log.topic("ETHUSDTM", EPOCH - 2 * SECOND)
    log.reconnect(EPOCH, "lost")
    assert isinstance(log, CallLog)
    view = log.view(EPOCH + SECOND)
    assert (view.oldest_topic, view.reconnects) == (3.0, 1)
    assert log.view(EPOCH - 5 * SECOND).oldest_topic == 0.0


@pytest.fixture
def restless_threads() -> Iterator[None]:
    """Threads take turns as often as the interpreter can, so that a missing lock shows."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("restless_threads")
def test_threads_lose_no_call_and_readers_see_sums_that_agree() -> None:
    log, each, writers = CallLog(), 3_000, 4
    seen: list[ApiView] = []

    def write(seed: int) -> None:
        chance = random.Random(seed)
        for ordinal in range(each):
            log.call(
                f"endpoint-{seed}",
                EPOCH + ordinal % 2 * SECOND,
                chance.randrange(10**8),
                chance.choice(["", "transient"]),
            )

    threads = [Thread(target=write, args=(seed,)) for seed in range(writers)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        seen.append(log.view(EPOCH + SECOND))
    seen.append(log.view(EPOCH + SECOND))
    assert seen[-1].total == seen[-1].per_minute == each * writers
    assert all(view.total == view.per_minute == sum(endpoint.calls for endpoint in view.endpoints) for view in seen)
    assert all(earlier.total <= later.total for earlier, later in pairwise(seen))
