"""The line to a real exchange, as pane 4 shows it: budgets, connections, clocks and breakers (rows E3, E4, S9, S10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from radtui.core.link_view import BreakerView, ConnectionView, LinkView, PoolView
from radtui.tui.format import DASH, SECOND, age, bar, clean, fit, milliseconds, number, percent, seconds, signed
from radtui.tui.panes.view import FEED_LIMIT, View, elapsed
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Line, Span, Tone, line

SKEW_LIMIT: Final = 2.0
"""Seconds of difference between the two clocks that are said aloud; requests are timed by the exchange's (row S5)."""
_SLOW: Final = 1.0
"""Seconds of latency above which a connection is slow (row S10)."""
_POOR: Final = 50.0
_TIGHT: Final = 80.0
"""Percent of a budget in use from which on it is said aloud."""
_BROAD: Final = 44
"""Cells from which on words need not be shortened."""
_LABEL: Final = 11
_OPEN: Final = "open"
_CLOSED: Final = "closed"

CONNECTIONS: Final = (
    Column("sign", "", 1),
    Column("name", "connection", 10, grow=True),
    Column("state", "state", 10),
    Column("topics", "topics", 6, "right", 1),
    Column("score", "score", 5, "right", 2),
    Column("latency", "ping", 8, "right", 3),
    Column("rate", "msg/s", 6, "right", 4),
    Column("reconnects", "again", 5, "right", 5),
    Column("errors", "errors", 7, "right", 6),
    Column("age", "age", 4, "right", 7),
)


def short_lines(view: View, width: int) -> list[Line]:
    """Return four lines for the small pane; what needs a hand comes first, so that it stays where there is one."""
    lines = (
        _calls_line(view, width),
        _budget_line(view.snapshot.link.pools, width),
        _feed_line(view, width),
        _breaker_line(view, width),
    )
    return sorted(lines, key=_urgency)


def long_lines(link: LinkView, width: int) -> Iterator[Line]:
    """Yield all of it, under titles, for a pane that has the room."""
    yield _clock_line(link)
    for pool in link.pools:
        if pool.remaining < pool.limit or pool.resets_in is not None or pool.waiting:  # else nothing was asked of it
            yield pool_line(pool, width)
    yield from _breaker_lines(link.breakers)
    if link.connections:
        yield line()
        dead_first = sorted(link.connections, key=lambda each: each.state == _OPEN)
        yield from grid(CONNECTIONS, [_connection_row(each) for each in dead_first], width)
    yield from (
        line(Span(f"{each.name} was lost: {clean(each.why)}", Tone.WARN))
        for each in link.connections
        if each.state != _OPEN and each.why
    )


def pool_line(pool: PoolView, width: int) -> Line:
    """Return one budget: what of it is used, what is left of the whole, and when it is whole again."""
    left = f"{number(pool.remaining)} of {number(pool.limit)} left"
    parts = [left, f"resets in {elapsed(pool.resets_in)}" if pool.resets_in is not None else ""]
    said = "  ".join(part for part in parts if part)
    tail = Span(_held_up(pool), Tone.WARN)
    room = max(5, min(20, width - _LABEL - 2 - len(said) - len(tail.text)))
    return line(fit(pool.name, _LABEL), Span(f"{bar(_used(pool), room)} ", _budget_tone(pool)), said, tail)


def skew_span(skew: float | None) -> Span:
    """Return how far the exchange's clock is ahead of ours; beyond the limit it is said aloud."""
    if skew is None:
        return Span(DASH, Tone.DIM)
    if abs(skew) > SKEW_LIMIT:
        return Span(f"{signed(skew, 1)} s", Tone.WARN)
    return Span(f"{signed(skew * 1_000, 0)} ms")


def _calls_line(view: View, width: int) -> Line:
    api, link = view.snapshot.api, view.snapshot.link
    times = f"p50 {milliseconds(api.p50):<7} p99 {milliseconds(api.p99):<7} "
    return line(times if width >= 34 else f"p99 {milliseconds(api.p99):<7} ", "skew ", skew_span(link.skew))


def _budget_line(pools: Sequence[PoolView], width: int) -> Line:
    """Return the budget that has least left, as its share."""
    if not pools:
        return line(Span("budget –", Tone.DIM))
    pool = max(pools, key=lambda each: (bool(_held_up(each)), _used(each)))
    tail = _held_up(pool) or (f"  resets {elapsed(pool.resets_in)}" if pool.resets_in is not None else "")
    figure = f" {percent(_used(pool), 0)}"
    room = max(5, min(18, width - 7 - len(figure) - len(tail)))
    tone = _budget_tone(pool)
    return line("budget ", Span(f"{bar(_used(pool), room)}{figure}", tone), Span(tail, tone))


def _feed_line(view: View, width: int) -> Line:
    api, connections = view.snapshot.api, view.snapshot.link.connections
    there = sum(each.state == _OPEN for each in connections)
    whole = there == len(connections)
    feeds = Span(f"feeds {there}/{len(connections)}", Tone.PLAIN if whole and there else Tone.ERROR)
    late = api.oldest_topic is not None and api.oldest_topic > FEED_LIMIT
    said = "silent" if late else "oldest topic" if width >= _BROAD else "oldest"
    since = DASH if api.oldest_topic is None else elapsed(api.oldest_topic)
    again = f"  reconnects {number(api.reconnects)}" if width >= _BROAD else f"  again {number(api.reconnects)}"
    return line(feeds, Span(f"  {said} {since}", Tone.ERROR if late else Tone.PLAIN), again)


def _breaker_line(view: View, width: int) -> Line:
    """Return the breaker that is not closed, else that all are, with what failed."""
    api, breakers = view.snapshot.api, view.snapshot.link.breakers
    tripped = next((each for each in breakers if each.state != _CLOSED), None)
    if tripped is not None:
        return line("breaker ", Span(_breaker_words(tripped), Tone.ERROR))
    said = ("breakers all closed" if width >= _BROAD else "breakers closed") if breakers else "breakers –"
    limited = Span(f"  429s {number(api.rate_limited)}", Tone.BOLD if api.rate_limited else Tone.PLAIN)
    return line(said, f"  failed {number(api.failed)}", limited)


def _clock_line(link: LinkView) -> Line:
    trip = milliseconds(None if link.round_trip is None else link.round_trip * 1_000)
    if link.skew is not None and abs(link.skew) > SKEW_LIMIT:
        where = "behind" if link.skew > 0 else "ahead of"
        off = f"{seconds(abs(link.skew))} {where} the exchange: corrected, but set it"
        return line(fit("clock", _LABEL), Span(off, Tone.WARN), f"  round trip {trip}")
    return line(fit("clock", _LABEL), "skew ", skew_span(link.skew), f"  round trip {trip}")


def _breaker_lines(breakers: Sequence[BreakerView]) -> Iterator[Line]:
    for each in breakers:
        if each.state != _CLOSED:
            yield line(fit("breaker", _LABEL), Span(f"{_breaker_words(each)}; cancels and closes pass", Tone.ERROR))
    closed = [each.name for each in breakers if each.state == _CLOSED]
    if closed:
        yield line(f"{fit('breakers', _LABEL)}{', '.join(closed)} closed")


def _breaker_words(breaker: BreakerView) -> str:
    again = breaker.opens_again_in
    return f"{breaker.name} {breaker.state.upper()}" + ("" if again is None else f", tried in {elapsed(again)}")


def _connection_row(each: ConnectionView) -> Row:
    is_open = each.state == _OPEN
    slow = each.latency is not None and each.latency > _SLOW
    return row(
        each.name,
        Span("●" if is_open else "✗", Tone.PROFIT if is_open else Tone.ERROR),
        Span(each.name, Tone.PLAIN if each.healthy else Tone.ERROR),
        Span(each.state, Tone.PLAIN if is_open else Tone.ERROR),
        number(each.topics),
        Span(number(each.score), Tone.WARN if each.score < _POOR else Tone.PLAIN),
        Span(milliseconds(None if each.latency is None else each.latency * 1_000), Tone.WARN if slow else Tone.PLAIN),
        number(each.rate, 1),
        number(each.reconnects),
        percent(each.errors, 1),
        DASH if each.age is None else age(round(each.age) * SECOND),
    )


def _urgency(text: Line) -> int:
    """Return 0 for a line that says an error, 1 for one that warns, 2 for any other."""
    tones = {span.tone for span in text}
    return 0 if Tone.ERROR in tones else 1 if Tone.WARN in tones else 2


def _used(pool: PoolView) -> float:
    return 100.0 * (pool.limit - pool.remaining) / pool.limit if pool.limit else 0.0


def _held_up(pool: PoolView) -> str:
    """Return what the state of a budget does to the calls; empty where it does nothing."""
    if pool.remaining <= pool.reserve:
        return f"  {number(pool.waiting)} wait, cancels go" if pool.waiting else "  only cancels go"
    return f"  {number(pool.waiting)} wait" if pool.waiting else ""


def _budget_tone(pool: PoolView) -> Tone:
    return Tone.WARN if _held_up(pool) or _used(pool) >= _TIGHT else Tone.PLAIN
