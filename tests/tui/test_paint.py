from __future__ import annotations

import inspect

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

from radtui.tui.paint import ThriftyUpdate, all_parts, change, changed_parts, thrifty, write_parts

WIDTH, HEIGHT = 20, 3
CONSOLE = Console(color_system="truecolor", force_terminal=True, legacy_windows=False)
STYLES = st.builds(
    Style,
    color=st.sampled_from([None, "default", "#ff0000", "#00ff00", "green"]),
    bgcolor=st.sampled_from([None, "#101010", "#202020"]),
    bold=st.sampled_from([None, True]),
    italic=st.sampled_from([None, True]),
    underline=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
    strike=st.sampled_from([None, True]),
)
PIECES = st.lists(st.tuples(st.text("abc▲9", min_size=1, max_size=6), STYLES), max_size=6)
Lines = list[list[tuple[str, Style]]]
LINES = st.lists(PIECES, min_size=HEIGHT, max_size=HEIGHT)
SPANS = st.lists(
    st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, WIDTH)).map(
        lambda span: (span[0], span[1], min(WIDTH, span[1] + span[2]))
    ),
    min_size=1,
    max_size=5,
)
modest = settings(max_examples=25, deadline=None)


def strip(pieces: list[tuple[str, Style]]) -> Strip:
    return Strip([Segment(text, style) for text, style in pieces]).adjust_cell_length(WIDTH, Style.null())


def screen(*written: str) -> list[list[object]]:
    shown = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(shown)
    for text in written:
        stream.feed(text)
    return [[shown.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@modest
@given(LINES, LINES, SPANS, st.integers(1, WIDTH - 1))
def test_a_change_lands_on_exactly_its_cells(
    old: Lines,
    new: Lines,
    spans: list[tuple[int, int, int]],
    middle: int,
) -> None:
    """Each line in two chops, as where two widgets stand side by side."""
    before = LayoutUpdate([[strip(line)] for line in old], Region(0, 0, WIDTH, HEIGHT))
    chops = [dict(zip((0, middle), strip(line).divide([middle, WIDTH]), strict=True)) for line in new]
    update = ChopsUpdate(chops, sorted(spans), [[middle, WIDTH]] * HEIGHT)
    after = LayoutUpdate([[strip(line)] for line in new], Region(0, 0, WIDTH, HEIGHT))
    was, will = screen(before.render_segments(CONSOLE)), screen(after.render_segments(CONSOLE))
    touched = {(y, x) for y, start, end in spans for x in range(start, end)}
    wanted = [[(will if (y, x) in touched else was)[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]
    sent = ThriftyUpdate(changed_parts(update)).render_segments(CONSOLE)
    assert screen(before.render_segments(CONSOLE), sent) == wanted


@modest
@given(LINES)
def test_a_full_frame_shows_the_same_in_fewer_bytes(lines: Lines) -> None:
    update = LayoutUpdate([[strip(line)] for line in lines], Region(0, 0, WIDTH, HEIGHT))
    stock, ours = update.render_segments(CONSOLE), ThriftyUpdate(all_parts(update)).render_segments(CONSOLE)
    assert screen(ours) == screen(stock)
    assert len(ours) <= len(stock) + len("\x1b[0m")


@modest
@given(st.lists(STYLES, min_size=1, max_size=6))
def test_a_pen_that_went_through_styles_looks_like_the_last(styles: list[Style]) -> None:
    long_way = write_parts([(0, 0, Strip([Segment("x", style) for style in styles]))], ColorSystem.TRUECOLOR)
    short = write_parts([(len(styles) - 1, 0, Strip([Segment("x", styles[-1])]))], ColorSystem.TRUECOLOR)
    assert screen(long_way)[0][len(styles) - 1] == screen(short)[0][len(styles) - 1]


def test_a_style_says_only_what_differs() -> None:
    green, bold = Style.parse("#00ff00 on #101010"), Style.parse("bold #00ff00 on #101010")
    assert change(green, green, ColorSystem.TRUECOLOR) == ""
    assert change(green, bold, ColorSystem.TRUECOLOR) == "\x1b[1m"
    assert change(bold, green, ColorSystem.TRUECOLOR) == "\x1b[22m"
    assert change(Style.parse("bold dim"), Style.parse("dim"), ColorSystem.TRUECOLOR) == "\x1b[0;2m"
    assert change(Style.parse("red"), Style.null(), ColorSystem.STANDARD) == "\x1b[0m"


def test_a_link_is_sent_as_one() -> None:
    sent = write_parts([(0, 0, Strip([Segment("x", Style(link="https://a.example"))]))], ColorSystem.TRUECOLOR)
    assert "\x1b]8;;https://a.example\x1b\\x\x1b]8;;\x1b\\" in sent


@pytest.mark.parametrize("other", [None, "text"])
def test_what_is_no_update_is_left_alone(other: str | None) -> None:
    assert thrifty(other) is other


def test_textual_still_updates_the_way_this_relies_on() -> None:
    assert list(inspect.signature(ChopsUpdate.__init__).parameters) == ["self", "chops", "spans", "chop_ends"]
    assert list(inspect.signature(LayoutUpdate.__init__).parameters) == ["self", "strips", "region"]
    assert list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
    assert "ChopsUpdate(" in inspect.getsource(Compositor.render_partial_update)
    assert "LayoutUpdate(" in inspect.getsource(Compositor.render_full_update)
    assert "isinstance(renderable, CompositorUpdate)" in inspect.getsource(App._display)
    assert hasattr(CONSOLE, "_color_system")
