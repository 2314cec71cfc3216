from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import Color
from textual.pilot import Pilot

from radtui.tui import themes
from radtui.tui.format import width_of
from radtui.tui.widgets.lines import Lines, differences, glyphs
from radtui.tui.widgets.tone import Ground, Line, Span, Tone, line

SPANS = st.builds(
    Span, st.text("ab 漢字▲\x1b\n", max_size=8), st.sampled_from(Tone), st.booleans(), st.sampled_from(Ground)
)
LINES = st.lists(SPANS, max_size=5).map(tuple)
WIDTHS = st.integers(0, 30)
modest = settings(max_examples=50, deadline=None)


@modest
@given(LINES, WIDTHS)
def test_a_line_is_exactly_as_wide_as_it_should_be(text: Line, width: int) -> None:
    cells = glyphs(text, width)
    shown = "".join(char for char, _ in cells)
    assert len(cells) == width == width_of(shown)
    assert shown.isprintable()


@modest
@given(LINES, st.integers(1, 30))
def test_what_is_lost_at_the_edge_is_said(text: Line, width: int) -> None:
    shown = "".join(char for char, _ in glyphs(text, width))
    whole = "".join(char for char, _ in glyphs(text, 100)).rstrip()
    assert shown.endswith("…") is (width_of(whole) > width)
    assert whole.startswith(shown.rstrip("… ")) or not shown.rstrip("… ")


@modest
@given(LINES, LINES, WIDTHS)
def test_the_differences_turn_one_line_into_the_other(old: Line, new: Line, width: int) -> None:
    before, after = list(glyphs(old, width)), glyphs(new, width)
    for start, end in differences(old, new, width):
        assert 0 <= start < end <= width
        assert after[start][0] != ""
        assert end == width or after[end][0] != ""
        before[start:end] = after[start:end]
    assert before == list(after)


@modest
@given(LINES, WIDTHS)
def test_a_line_differs_from_itself_nowhere(text: Line, width: int) -> None:
    assert differences(text, text, width) == []
    assert differences(text, tuple(text), width) == []


def test_a_change_is_as_small_as_it_is_and_near_ones_go_together() -> None:
    assert differences(line("64,388.4"), line("64,389.4"), 20) == [(5, 6)]
    assert differences(line("a....b"), line("c....d"), 20) == [(0, 6)]
    assert differences(line("a.........b"), line("c.........d"), 20) == [(0, 1), (10, 11)]
    assert differences(line("a", Span(".", Tone.DIM), "b"), line("c", Span(".", Tone.DIM), "d"), 9) == [(0, 1), (2, 3)]


def test_a_wide_character_is_sent_whole() -> None:
    assert differences(line("a漢b"), line("a字b"), 9) == [(1, 3)]
    assert differences(line("漢"), line(Span("漢", Tone.WARN)), 2) == [(0, 2)]


async def test_equal_lines_send_nothing_and_a_changed_cell_sends_only_itself(play: Any) -> None:
    lines = Lines(3)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        lines.show([line("mark ", Span("64,388.4", Tone.PROFIT)), line("age 3")])
        await pilot.pause()
        app.take()
        lines.show([line("mark ", Span("64,388.4", Tone.PROFIT)), line("age 3")])
        await pilot.pause()
        assert app.take() == ""
        lines.show([line("mark ", Span("64,388.5", Tone.PROFIT)), line("age 3")])
        await pilot.pause()
        sent = app.take()
        assert sent.startswith("\x1b[1;13H")
        assert "5" in sent
        assert "64" not in sent
        assert len(sent) < 60

    await play(lines, script)


async def test_lines_that_go_leave_blanks_and_too_many_change_nothing_else(play: Any) -> None:
    lines = Lines(2)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        lines.show([line("one"), line("two")])
        await pilot.pause()
        assert app.screen_text[:3] == ["one", "two", ""]
        lines.show([line("one")])
        await pilot.pause()
        assert app.screen_text[:3] == ["one", "", ""]
        lines.show([line(str(number)) for number in range(100)])
        await pilot.pause()
        assert app.screen_text == [str(number) for number in range(12)]
        assert lines.text.splitlines()[99] == "99"

    await play(lines, script)


@pytest.mark.parametrize("theme", ["radtui-dark", "ansi-dark"])
async def test_a_tone_looks_as_the_theme_says(play: Any, theme: str) -> None:
    lines, palette = Lines(1), themes.load().palettes[theme]
    names = {"red": "ansi_red", "green": "ansi_green", "yellow": "ansi_yellow", "bright_red": "ansi_bright_red"}
    wanted = {names.get(name, name): name for name in names} if palette.ansi else {}

    async def script(app: Any, pilot: Pilot[None]) -> None:
        for tone in (Tone.PROFIT, Tone.LOSS, Tone.WARN, Tone.ERROR):
            lines.show([(Span("x", tone, bold=True),)])
            await pilot.pause()
            style = next(iter(lines.render_line(0))).style
            color = getattr(palette.colors, tone)
            assert style is not None
            assert style.color is not None
            assert style.color.get_ansi_codes() == Color.parse(wanted.get(color, color)).get_ansi_codes()
            assert style.bold

    await play(lines, script, theme)


async def test_a_new_theme_repaints_in_its_colours(play: Any) -> None:
    lines = Lines(1)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        lines.show([(Span("x", Tone.PROFIT),)])
        await pilot.pause()
        light = themes.load().palettes["radtui-light"]
        app.register_theme(themes.to_textual(light))
        app.theme = light.name
        await pilot.pause()
        style = next(iter(lines.render_line(0))).style
        assert style is not None
        assert style.color == Color.parse(light.colors.profit)

    await play(lines, script)


@pytest.mark.parametrize("theme", ["radtui-dark", "ansi-dark"])
async def test_reverse_is_seen_without_colour(play: Any, theme: str) -> None:
    lines = Lines(1)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        lines.show([(Span("LIVE", ground=Ground.REVERSE),)])
        await pilot.pause()
        style = next(iter(lines.render_line(0))).style
        assert style is not None
        assert style.reverse

    await play(lines, script, theme)


async def test_without_colours_no_colour_is_sent_and_weight_and_reverse_remain(play: Any) -> None:
    lines = Lines(1)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        app.take()
        lines.show([tuple(Span(tone, tone, ground=Ground.REVERSE) for tone in Tone)])
        await pilot.pause()
        codes = {code for sequence in re.findall(r"\x1b\[([\d;]+)m", app.take()) for code in sequence.split(";")}
        assert {"1", "2", "7"} <= codes <= {"0", "1", "2", "7", "22", "27"}

    await play(lines, script, "ansi-dark", colors=False)
