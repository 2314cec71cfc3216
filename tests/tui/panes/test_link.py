"""The line to a real exchange in words: what is left, what is open, and what needs a hand first."""

import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOW
from rich.cells import cell_len

from radtui.core.link_view import ConnectionView, LinkView, PoolView
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.api import body_lines, call_lines
from radtui.tui.panes.link import long_lines, pool_line, short_lines, skew_span
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain


def short(snapshot: Snapshot, width: int = 46) -> list[str]:
    return [plain(each) for each in short_lines(View(snapshot, NOW, "lena"), width)]


def long(snapshot: Snapshot, width: int = 74) -> str:
    return "\n".join(plain(each).rstrip() for each in long_lines(snapshot.link, width))


def test_where_there_is_no_line_there_is_nothing_of_it() -> None:
    view = View(scenes.running(), NOW, "lena")
    assert list(body_lines(view, 46, roomy=False)) == list(call_lines(view))


def test_a_line_in_order_takes_four_lines() -> None:
    assert short(scenes.linked()) == [
        "p50 41 ms   p99 118 ms  skew +12 ms",
        "budget ▓▓▓▓▓░░░░░░░░░░░░░ 27 %  resets 14 s",
        "feeds 2/2  oldest topic <1 s  reconnects 1",
        "breakers all closed  failed 73  429s 2",
    ]


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        (scenes.limited, "3 wait, cancels go"),
        (scenes.cut_off, "feeds 2/3"),
        (scenes.skewed, "skew +8.2 s"),
        (scenes.tripped, "breaker futures OPEN, tried in 48 s"),
    ],
)
def test_what_needs_a_hand_comes_first(scene: object, said: str) -> None:
    assert callable(scene)
    assert said in short(scene())[0]
    assert said in short(scene(), 34)[0]


def test_a_wrong_clock_says_which_way_and_that_requests_are_timed_right() -> None:
    assert "clock      8.2 s behind the exchange: corrected, but set it" in long(scenes.skewed())
    assert "3.0 s ahead of the exchange" in long(scenes.changed(scenes.linked(), link__skew=-3.0))
    assert skew_span(None).text == "–"
    assert skew_span(-0.0).text == "0 ms"
    assert skew_span(2.5).tone is Tone.WARN


def test_a_dead_connection_stands_first_and_says_why() -> None:
    lines = long(scenes.cut_off()).splitlines()
    titles = next(at for at, text in enumerate(lines) if "topics" in text)
    assert lines[titles + 1].split()[:4] == ["✗", "public", "1", "waiting"]
    assert lines[-1] == "public 1 was lost: no pong within 10 s"


def test_an_open_breaker_says_what_still_passes() -> None:
    assert "futures OPEN, tried in 48 s; cancels and closes pass" in long(scenes.tripped())
    assert "breakers   spot closed" in long(scenes.tripped())


def test_a_budget_of_which_only_the_reserve_is_left_says_so() -> None:
    spent = PoolView(name="futures", limit=2000, remaining=200, reserve=200)
    assert "200 of 2,000 left  only cancels go" in plain(pool_line(spent, 74))


def test_a_budget_that_nothing_was_asked_of_is_left_out() -> None:
    untouched = PoolView(name="unified", limit=200, remaining=200, reserve=20)
    assert "unified" not in long(scenes.changed(scenes.linked(), link__pools=(untouched,)))


POOLS = st.builds(
    PoolView,
    name=st.sampled_from(["futures", "public", "management"]),
    limit=st.integers(0, 20_000),
    remaining=st.integers(0, 20_000),
    reserve=st.integers(0, 2_000),
    resets_in=st.none() | st.floats(0, 30),
    waiting=st.integers(0, 999),
)
CONNECTIONS = st.builds(
    ConnectionView,
    name=st.sampled_from(["public 1", "private 12"]),
    state=st.sampled_from(["open", "waiting", "connecting"]),
    topics=st.integers(0, 400),
    age=st.none() | st.floats(0, 1e6),
    rate=st.floats(0, 9_999),
    latency=st.none() | st.floats(0, 60),
    errors=st.floats(0, 100),
    reconnects=st.integers(0, 99),
    score=st.floats(0, 100),
)


@given(st.lists(POOLS, max_size=3), st.lists(CONNECTIONS, max_size=4), st.integers(30, 120))
def test_whatever_the_line_is_like_it_is_said(
    pools: list[PoolView], connections: list[ConnectionView], width: int
) -> None:
    link = LinkView(pools=tuple(pools), connections=tuple(connections), skew=0.1)
    view = View(scenes.changed(scenes.linked(), link=link), NOW, "lena")
    for text in [*short_lines(view, width), *long_lines(link, width)]:
        assert "nan" not in plain(text)
    if connections:
        table = [text for text in long_lines(link, width) if plain(text)[:1] in "●✗"]
        assert all(cell_len(plain(text).rstrip()) <= width for text in table)
