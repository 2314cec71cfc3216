from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import bar

from radtui.core.market import MINUTE, SECOND, Candle
from radtui.venue.candles import KEPT, Chart

SPAN = 10 * SECOND


def _bar(second: int, price: int, swing: int = 0) -> Candle:
    row = (str(price), str(price + swing), str(price - swing), str(price))
    return bar("A", second * SECOND, row)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(50, 150), st.integers(0, 9)), min_size=1, max_size=80), st.integers(0, 30))
def test_a_closed_candle_is_what_its_bars_were(rows: list[tuple[int, int]], first: int) -> None:
    chart = Chart(("A",), (SPAN,))
    bars = [_bar(first + n, price, swing) for n, (price, swing) in enumerate(rows)]
    closed = [candle for each in bars for candle in chart.fold(each)]
    assert closed == chart.closed("A", SPAN, 1000)
    for candle in closed:
        inside = [each for each in bars if candle.opened_at <= each.opened_at < candle.closed_at]
        assert candle.opened_at % SPAN == 0
        assert len(inside) == 10
        assert (candle.open, candle.close) == (inside[0].open, inside[-1].close)
        assert candle.high == max(each.high for each in inside)
        assert candle.low == min(each.low for each in inside)
        assert candle.volume == 10
    whole = [at for at in range(0, (first + len(rows)) * SECOND, SPAN) if first * SECOND <= at]
    assert len(closed) == len([at for at in whole if at + SPAN <= (first + len(rows)) * SECOND])


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 70), st.integers(1, 40))
def test_a_resumed_chart_goes_on_as_if_it_had_never_stopped(before: int, after: int) -> None:
    spans = (SPAN, 20 * SECOND)
    straight, first = Chart(("A",), spans), Chart(("A",), spans)
    bars = [_bar(n, 100 + n % 7, n % 3) for n in range(before + after)]
    for each in bars:
        straight.fold(each)
    closed = [candle for each in bars[:before] for candle in first.fold(each)]
    second = Chart(("A",), spans)
    second.resume(first.forming(), closed, before * SECOND)
    for each in bars[before:]:
        second.fold(each)
    for span in spans:
        assert second.closed("A", span, 100) == straight.closed("A", span, 100)
    assert second.forming() == straight.forming()


def test_one_bar_of_the_same_span_is_a_candle_at_once() -> None:
    chart = Chart(("A",), (SECOND,))
    assert chart.fold(_bar(7, 100)) == [_bar(7, 100)]


def test_a_candle_whose_beginning_was_not_seen_is_not_made() -> None:
    chart = Chart(("A",), (SPAN,))
    assert [candle for n in range(5, 20) for candle in chart.fold(_bar(n, 100))] == chart.closed("A", SPAN, 9)
    assert [candle.opened_at for candle in chart.closed("A", SPAN, 9)] == [SPAN]


def test_only_the_latest_are_kept_and_given() -> None:
    chart = Chart(("A",), (SECOND,))
    for n in range(KEPT + 50):
        chart.fold(_bar(n, 100))
    kept = chart.closed("A", SECOND, KEPT * 2)
    assert len(kept) == KEPT
    assert kept[-1].opened_at == (KEPT + 49) * SECOND
    assert chart.closed("A", SECOND, 3) == kept[-3:]


def test_what_is_not_kept_has_no_candles() -> None:
    chart = Chart(("A",), (SECOND,))
    chart.fold(_bar(0, 100))
    assert chart.closed("A", MINUTE, 5) == chart.closed("B", SECOND, 5) == chart.closed("A", SECOND, 0) == []


def test_the_warm_up_fills_one_span_and_leaves_its_candle_open() -> None:
    chart = Chart(("A",), (SPAN, MINUTE))
    chart.warm(SPAN, [_bar(n, 100 + n) for n in range(25)])
    assert [candle.close for candle in chart.closed("A", SPAN, 9)] == [Decimal(109), Decimal(119)]
    assert chart.closed("A", MINUTE, 9) == []
    assert [(candle.span, candle.open, candle.close) for candle in chart.forming()] == [
        (SPAN, Decimal(120), Decimal(124))
    ]


def test_older_candles_stay_only_where_the_newer_ones_touch_them() -> None:
    for gap, expected in ((0, 5), (1, 2)):
        chart = Chart(("A",), (SECOND,))
        chart.warm(SECOND, [_bar(n, 100) for n in range(3)])
        chart.resume([], [_bar(4 + gap, 100), _bar(3 + gap, 100), _bar(3 + gap, 100)], (5 + gap) * SECOND)
        assert len(chart.closed("A", SECOND, 9)) == expected


def test_a_span_that_was_not_kept_up_to_now_is_named_and_made_anew() -> None:
    chart = Chart(("A",), (SECOND, SPAN))
    chart.warm(SPAN, [_bar(n, 100) for n in range(20)])
    assert chart.resume([], [_bar(44, 100)], 45 * SECOND) == [SPAN]
    chart.warm(SPAN, [_bar(n, 100) for n in range(10, 45)])
    assert [candle.opened_at // SECOND for candle in chart.closed("A", SPAN, 9)] == [10, 20, 30]
    closed = [candle for n in range(45, 50) for candle in chart.fold(_bar(n, 100)) if candle.span == SPAN]
    assert [(candle.opened_at // SECOND, candle.volume) for candle in closed] == [(40, 10)]


def test_a_new_warm_up_leaves_the_candle_that_is_forming() -> None:
    chart = Chart(("A",), (SPAN,))
    for n in range(13):
        chart.fold(_bar(n, 100 + n))
    forming = chart.forming()
    assert chart.resume(forming, [], 13 * SECOND) == []
    chart.warm(SPAN, [_bar(n, 7) for n in range(13)])
    assert chart.forming() == forming
