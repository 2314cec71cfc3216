"""Pane 4: how the calls to the exchange go (row H1), and how the line to it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.app import ComposeResult

from radtui.core.health_view import ApiView
from radtui.core.link_view import LinkView
from radtui.tui.format import SECOND, fit, milliseconds, number, percent, rate
from radtui.tui.panes.link import long_lines, short_lines
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import FEED_LIMIT, View, elapsed
from radtui.tui.widgets.excerpt import Excerpt
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.spark import Spark
from radtui.tui.widgets.tone import Line, Span, Tone, line

HEALTHY: Final = 90.0
"""Percent of calls that must succeed for the whole to be healthy (row H6)."""
_FLOOR: Final = 80.0
_ROOMY: Final = 12
"""Lines of the pane from which on the endpoints, and all of the line to the exchange, are listed."""
_BROAD: Final = 66
"""Columns from which on two lines of figures stand in one."""
NO_LINK: Final = LinkView()
"""What the simulated exchange has."""


class ApiPane(Pane):
    """Success rate over the last hour, latency, limits, feeds, breakers, and each endpoint where there is room."""

    def __init__(self) -> None:
        super().__init__("api")

    def compose(self) -> ComposeResult:
        yield Lines(1, id="rate", classes="first")
        yield Spark(1, low=_FLOOR, high=100.0, id="spark")
        yield Excerpt(5, id="calls", classes="last")

    def note(self, view: View) -> Span:
        history = view.snapshot.api.history
        return Span(f"{len(history)} min" if history else "", Tone.DIM)

    def fill(self, view: View) -> None:
        api = view.snapshot.api
        self.put(self.query_one("#rate", Lines), [rate_line(api)], view)
        tone = Tone.STALE if view.silent else Tone.DIM if _healthy(api) else Tone.ERROR
        self.query_one(Spark).show(list(api.history), tone)
        calls = self.query_one("#calls", Excerpt)
        calls.way = f"{view.key('pane.api')}, then {view.key('open')}"
        roomy = self.size.height >= _ROOMY
        self.put(calls, list(body_lines(view, calls.size.width, roomy=roomy)), view)


def body_lines(view: View, width: int, *, roomy: bool) -> Iterator[Line]:
    """Yield what stands under the curve: the line to the exchange where there is one, else the calls alone."""
    link = view.snapshot.link
    if link == NO_LINK:
        yield from call_lines(view)
    elif roomy:
        yield from (broad_lines(view) if width >= _BROAD else call_lines(view))
        yield from long_lines(link, width)
    else:
        yield from short_lines(view, width)
    if roomy:
        yield from endpoint_lines(view.snapshot.api)


def rate_line(api: ApiView) -> Line:
    """Return the rate against its limit, and how many calls a minute."""
    if not api.total:
        return line(Span("no call yet", Tone.DIM))
    limit = Span(f" > {HEALTHY:.0f} %", Tone.DIM) if _healthy(api) else Span(f" below {HEALTHY:.0f} %", Tone.ERROR)
    figure = Span(percent(api.success), Tone.PLAIN if _healthy(api) else Tone.ERROR, bold=True)
    return line(figure, limit, f"    {rate(api.per_minute)}")


def call_lines(view: View) -> Iterator[Line]:
    """Yield latency, refusals and feeds."""
    api = view.snapshot.api
    yield line(f"p50 {milliseconds(api.p50):<9} p99 {milliseconds(api.p99)}")
    limited = Span(f"rate-limited {number(api.rate_limited)}", Tone.WARN if api.rate_limited else Tone.PLAIN)
    yield line(f"failed {number(api.failed):<6} ", limited)
    yield _feed_line(api)
    yield line(f"calls {number(api.total)}, last {_last(view)}")


def broad_lines(view: View) -> Iterator[Line]:
    """Yield the same in two lines, where they are wide enough."""
    latency, failed, feed, calls = call_lines(view)
    yield line(*latency, "   ", *failed)
    yield line(*feed, "   ", *calls)


def endpoint_lines(api: ApiView) -> Iterator[Line]:
    """Yield a line an endpoint under its titles; nothing before the first call."""
    if api.endpoints:
        yield line()
        yield line(Span(_endpoint("endpoint", "calls", "failed", "p50", "p99"), Tone.DIM))
    for each in api.endpoints:
        text = _endpoint(each.name, number(each.calls), number(each.failed), number(each.p50), number(each.p99))
        yield line(Span(text, Tone.WARN if each.failed * 10 > each.calls else Tone.PLAIN))


def _feed_line(api: ApiView) -> Line:
    again = f" reconnects {number(api.reconnects)}"
    if api.oldest_topic is None:
        return line(Span(f"{'feed –':<13}", Tone.DIM), again)
    late = api.oldest_topic > FEED_LIMIT
    said = f"silent {elapsed(api.oldest_topic)}" if late else f"{elapsed(api.oldest_topic)} old"
    return line("feed ", Span(f"{said:<8}", _feed_tone(late)), again)


def _feed_tone(late: bool) -> Tone:
    return Tone.ERROR if late else Tone.PLAIN


def _last(view: View) -> str:
    at = view.snapshot.api.last_at
    return "–" if at is None else f"{elapsed((view.snapshot.at - at) / SECOND)} ago"


def _endpoint(name: str, calls: str, failed: str, p50: str, p99: str) -> str:
    return f"{fit(name, 16)}{calls:>8}{failed:>7}{p50:>6}{p99:>6}"


def _healthy(api: ApiView) -> bool:
    return api.success > HEALTHY
