from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import DAY, HOUR, MINUTE, SECOND, Candle
from radtui.venue.candles import Chart
from radtui.venue.market import nested_widths
from radtui.venue.model import SeededMarket

SPANS = [MINUTE * n for n in (1, 3, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 7 * 1440)]
NOW = 1_700_000_000 * SECOND - 1_700_000_000 * SECOND % (10 * MINUTE)


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.sampled_from(SPANS), min_size=1, max_size=12, unique=True),
    st.integers(1, 60),
    st.integers(0, 10_000).map(lambda n: NOW + n * 10 * MINUTE),
)
def test_the_widths_hold_enough_of_every_span_on_its_own_grid(spans: list[int], count: int, now: int) -> None:
    widths = nested_widths(now, spans, count)
    edges = [now, *(now - gone for gone in accumulate(widths))]
    for (later, earlier), width in zip(pairwise(edges), widths, strict=True):
        assert later - earlier == width
        assert earlier % width == 0
    for span in spans:
        begun = now - now % span - count * span
        inside = [width for at, width in zip(edges[1:], widths, strict=True) if at >= begun]
        assert all(span % width == 0 for width in inside)
        assert edges[-1] <= begun
        assert begun in edges


def test_the_candles_of_all_spans_tell_one_story() -> None:
    market = SeededMarket(("XBTUSDTM",), 7, NOW, grid=10 * MINUTE)
    chart, bars = Chart(("XBTUSDTM",), SPANS), market.warm_all(SPANS, 200)
    for span in SPANS:
        chart.warm(span, bars)
    kept = {span: chart.closed("XBTUSDTM", span, 999) for span in SPANS}
    for span, candles in kept.items():
        assert len(candles) >= 200
        assert candles[-1].closed_at == NOW - NOW % span
        for before, after in pairwise(candles):
            assert (after.opened_at, after.open) == (before.closed_at, before.close)
        for finer in [each for each in SPANS if span % each == 0 and each < span]:
            _agree(candles, kept[finer])
    assert kept[DAY][0].opened_at <= NOW - 200 * DAY
    assert len(bars) < 200 * len(SPANS) + 100
    assert kept[HOUR][-1].close > 0


def _agree(coarse: list[Candle], fine: list[Candle]) -> None:
    """See that every coarse candle whose fine ones are all there is made of them."""
    for candle in coarse:
        parts = [each for each in fine if candle.opened_at <= each.opened_at < candle.closed_at]
        if len(parts) * fine[0].span < candle.span:
            continue
        assert (parts[0].open, parts[-1].close) == (candle.open, candle.close)
        assert max(part.high for part in parts) == candle.high
        assert min(part.low for part in parts) == candle.low
        assert sum(part.volume for part in parts) == candle.volume


def test_spans_that_do_not_divide_one_another_share_the_finest_that_does() -> None:
    widths = nested_widths(NOW, [2 * SECOND, 5 * SECOND], 10)
    assert widths == [SECOND] * 20 + [5 * SECOND] * 6
