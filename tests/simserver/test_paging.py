"""Pages, spans and chunks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.simserver.paging import DAY_MS, WEEK_MS, Span, chunk, page, span
from radtui.simserver.params import Params
from radtui.simserver.refusals import Refusal

NOW = 1_763_690_405_250


@given(st.lists(st.integers(), max_size=40), st.integers(1, 7))
def test_the_pages_together_are_everything_once(rows: list[int], size: int) -> None:
    pages = [page(Params({"currentPage": n, "pageSize": size}), rows, lambda row: row) for n in range(1, 50)]
    assert [row for one in pages for row in one["items"]] == rows  # type: ignore[attr-defined]
    assert {one["totalNum"] for one in pages} == {len(rows)}
    assert {one["totalPage"] for one in pages} == {-(-len(rows) // size)}


@given(st.lists(st.integers(0, 10_000), unique=True, max_size=40), st.integers(1, 7))
def test_chunks_by_offset_together_are_everything_once(numbers: list[int], size: int) -> None:
    rows = sorted(numbers, reverse=True)
    seen: list[int] = []
    asked: dict[str, object] = {"maxCount": size}
    while True:
        answer = chunk(Params(asked), rows, lambda row: row, lambda row: row)  # type: ignore[arg-type]
        seen += answer["dataList"]  # type: ignore[arg-type,operator]
        if not answer["hasMore"]:
            break
        asked["offset"] = seen[-1]
    assert seen == rows


def test_backwards_from_an_offset() -> None:
    answer = chunk(
        Params({"offset": 3, "forward": "false", "maxCount": 2}), [9, 7, 5, 3, 1], lambda row: row, lambda row: row
    )
    assert answer == {"dataList": [7, 5], "hasMore": True}


def test_spans() -> None:
    assert span(Params({}), NOW, default=DAY_MS) == Span(NOW - DAY_MS, NOW)
    assert span(Params({"startAt": 5}), NOW, default=DAY_MS) == Span(5, NOW)
    assert span(Params({"startAt": NOW - 10}), NOW, default=DAY_MS, longest=WEEK_MS) == Span(NOW - 10, NOW)
    assert span(Params({"startAt": 5}), NOW, default=DAY_MS, longest=WEEK_MS) == Span(5, 5 + WEEK_MS)
    assert span(Params({"endAt": NOW - 5}), NOW, default=DAY_MS, longest=WEEK_MS) == Span(NOW - 5 - WEEK_MS, NOW - 5)
    assert Span(1, 2).holds(2_999_999)
    assert not Span(1, 2).holds(3_000_000)


@pytest.mark.parametrize("given_span", [{"startAt": 9, "endAt": 8}, {"startAt": 1, "endAt": 2 + WEEK_MS}])
def test_spans_that_are_none(given_span: dict[str, int]) -> None:
    with pytest.raises(Refusal, match="400100"):
        span(Params(given_span), NOW, default=DAY_MS, longest=WEEK_MS)
