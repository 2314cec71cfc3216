"""Pages, spans of time and other ways in which a long answer is cut."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec

from radtui.simserver.params import Params
from radtui.simserver.refusals import BAD_REQUEST, Refusal

T = TypeVar("T")
DAY_MS: Final = 86_400_000
WEEK_MS: Final = 7 * DAY_MS


class Span(msgspec.Struct, frozen=True):
    """A span of time in milliseconds, both ends in it."""

    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Return whether a moment in nanoseconds lies in it."""
        return self.start <= at // 1_000_000 <= self.end


def span(params: Params, now: int, *, default: int, longest: int | None = None) -> Span:
    """Return the span of ``startAt`` and ``endAt``.

    Args:
        now: milliseconds.
        default: milliseconds back from the end, where no start is given.
        longest: a longer span is refused; with one end only, the other lies this far away.

    Raises:
        Refusal: 400100, it ends before it begins or is too long.
    """
    start, end = params.whole("startAt"), params.whole("endAt")
    if end is None:
        end = max(now, start or 0) if longest is None or start is None else min(start + longest, max(now, start))
    if start is None:
        start = end - (longest or default if "endAt" in params else default)
    if start > end:
        raise Refusal(BAD_REQUEST, "startAt must not be later than endAt")
    if longest is not None and end - start > longest:
        raise Refusal(BAD_REQUEST, f"the time range must not be longer than {longest // DAY_MS} days")
    return Span(start, end)


def page(params: Params, rows: Sequence[T], show: Callable[[T], object], most: int = 1000) -> dict[str, object]:
    """Return one page of `rows` in the exchange's frame; only what is on it is rendered."""
    number = params.count("currentPage", 1, 10**9)
    size = params.count("pageSize", 50, most)
    first = (number - 1) * size
    return {
        "currentPage": number,
        "pageSize": size,
        "totalNum": len(rows),
        "totalPage": -(-len(rows) // size),
        "items": [show(row) for row in rows[first : first + size]],
    }


def chunk(
    params: Params, rows: Sequence[T], show: Callable[[T], object], number: Callable[[T], int]
) -> dict[str, object]:
    """Return the part of `rows` (newest first) that ``offset``, ``forward`` and ``maxCount`` name.

    ``forward`` true (the default) goes from newer to older: what lies below ``offset``; false: what lies above it.
    """
    offset = params.whole("offset")
    most = params.count("maxCount", 50, 100)
    if offset is None:
        chosen, more = rows[:most], len(rows) > most
    elif params.flag("forward", default=True):
        older = [row for row in rows if number(row) < offset]
        chosen, more = older[:most], len(older) > most
    else:
        newer = [row for row in rows if number(row) > offset]
        chosen, more = newer[-most:], len(newer) > most
    return {"dataList": [show(row) for row in chosen], "hasMore": more}
