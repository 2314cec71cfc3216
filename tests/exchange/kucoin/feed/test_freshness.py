"""How long a topic has been silent, and when that is too long."""

from __future__ import annotations

import pytest

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed.freshness import Freshness


def test_it_is_stale_until_it_is_promised_and_when_it_is_lost() -> None:
    fresh = Freshness("t", 1.0)
    assert fresh.view(0).stale
    assert fresh.view(0).age is None
    fresh.promised(5 * SECOND)
    assert not fresh.view(5 * SECOND).stale
    fresh.lost()
    assert fresh.view(5 * SECOND).stale


@pytest.mark.parametrize(("silence", "stale"), [(0.0, False), (3.0, False), (3.001, True), (1e6, True)])
def test_three_intervals_of_silence_are_too_long(silence: float, stale: bool) -> None:
    fresh = Freshness("t", 1.0)
    fresh.promised(0)
    fresh.heard_at = 7 * SECOND
    view = fresh.view(7 * SECOND + round(silence * SECOND))
    assert (view.limit, view.stale) == (3.0, stale)
    assert view.age == pytest.approx(silence)


def test_silence_of_what_speaks_only_now_and_then_means_nothing() -> None:
    fresh = Freshness("t", None)
    fresh.promised(0)
    view = fresh.view(10**18)
    assert (view.limit, view.stale) == (None, False)


def test_a_promise_does_not_make_a_word_older() -> None:
    fresh = Freshness("t", 1.0)
    fresh.heard_at = 9
    fresh.promised(5)
    assert fresh.heard_at == 9
