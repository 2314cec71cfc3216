"""At most so many in any span, and never later than needed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.feed.pace import CONNECTS, MESSAGES, Pace


@given(st.integers(1, 5), st.integers(1, 50), st.lists(st.integers(0, 20), max_size=60))
def test_never_more_than_the_limit_in_any_span(limit: int, span: int, pauses: list[int]) -> None:
    pace, now, taken = Pace(limit, span), 0, []
    for pause in pauses:
        now += pause
        at = pace.ready_at(now)
        assert at >= now
        recent = sum(earlier > at - span for earlier in taken)
        assert recent < limit
        assert at == now or sum(earlier > at - 1 - span for earlier in taken) >= limit, "it could have been sooner"
        pace.take(at)
        taken.append(at)
        now = at


def test_the_limits_are_below_the_exchanges_own() -> None:
    assert CONNECTS[0] < 30
    assert MESSAGES[0] < 100
