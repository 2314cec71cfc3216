from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from radtui.tui.widgets.columns import Column, Row, arrange, row
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Span, Tone, line

COLUMN = st.builds(
    Column, st.just("k"), st.just("t"), st.integers(1, 14), priority=st.integers(0, 4), grow=st.booleans()
)
COLUMNS = st.lists(COLUMN, min_size=1, max_size=8)
POSITIONS = (
    Column("symbol", "symbol", 10),
    Column("side", "side", 7),
    Column("lots", "lots", 4, "right"),
    Column("size", "size", 11, "right", 3),
    Column("entry", "entry", 9, "right", 2),
    Column("mark", "mark", 9, "right"),
    Column("pnl", "P/L", 8, "right"),
    Column("pct", "%", 7, "right"),
    Column("stop", "stop", 10, "right", 1),
    Column("age", "age", 4, "right", 4),
)


def position(number: int, ticks: int) -> Row:
    pnl, tone = ticks / 100, Tone.PROFIT if ticks >= 0 else Tone.LOSS
    figures = (Span(f"{pnl:+.2f}", tone), Span(f"{pnl / 3:+.2f}", tone))
    mark = f"{64_000 + ticks / 10:,.1f}"
    return row(
        f"p{number}", f"SYM{number}USDTM", "▲ long", "12", "0.012 XBT", "64,210.1", mark, *figures, "63,401.0", "9m"
    )


def simple(*names: str) -> list[Row]:
    return [row(name, name, f"{name}-value") for name in names]


def table(**options: Any) -> LineTable:
    return LineTable(Column("name", "name", 8), Column("value", "value", 12, "right"), **options)


@settings(max_examples=60, deadline=None)
@given(COLUMNS, st.integers(1, 80), st.integers(0, 2))
def test_columns_that_fit_stay_in_order_and_the_least_important_leave_first(
    columns: list[Column], width: int, gap: int
) -> None:
    plan = arrange(columns, width, gap)
    kept = [index for index, _ in plan]
    assert kept == sorted(kept)
    assert kept
    dropped = [column.priority for index, column in enumerate(columns) if index not in kept]
    assert all(priority > 0 for priority in dropped)
    assert max((columns[index].priority for index in kept), default=0) <= min(dropped, default=9)
    used = sum(cells for _, cells in plan) + gap * (len(plan) - 1)
    assert used <= width or max(columns[index].priority for index in kept) == 0 or len(kept) == 1
    if used < width:
        assert not any(columns[index].grow for index in kept)


async def test_titles_rows_and_alignment(play: Any) -> None:
    widget = table()

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show([row("a", "漢字漢字漢", "1.5"), row("b", "b", Span("−2.25", Tone.LOSS))])
        await pilot.pause()
        assert app.screen_text[:3] == [" name            value", "▸漢字漢…           1.5", " b               −2.25"]

    await play(widget, script)


async def test_a_changed_cell_is_bold_for_one_refresh_and_then_costs_nothing(play: Any) -> None:
    widget = table()

    def weights() -> list[str]:
        return [segment.text for segment in widget.render_line(2) if segment.style and segment.style.bold]

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show([row("a", "a", "1"), row("b", "b", "1")])
        await pilot.pause()
        assert weights() == []
        app.take()
        widget.show([row("a", "a", "1"), row("b", "b", "2")])
        await pilot.pause()
        assert weights() == ["2"]
        assert "a" not in app.take().replace("\x1b[", "")
        widget.show([row("a", "a", "1"), row("b", "b", "2")])
        await pilot.pause()
        assert weights() == []
        assert len(app.take()) > 0
        widget.show([row("a", "a", "1"), row("b", "b", "2")])
        await pilot.pause()
        assert app.take() == ""

    await play(widget, script)


@pytest.mark.parametrize(("theme", "few", "many"), [("radtui-dark", 2000, 4000), ("ansi-dark", 1100, 2200)])
async def test_moving_figures_cost_less_than_the_budget(play: Any, theme: str, few: int, many: int) -> None:
    """Bytes a second at 4 Hz for ten rows, of which two move and then all ten, three cells each.

    The budget of DESIGN for the whole cockpit is 12,000, and 4,000 on the ANSI themes.
    """
    widget, chance = LineTable(*POSITIONS), random.Random(7)
    ticks = [chance.randrange(-500, 500) for _ in range(10)]

    async def sent(app: Any, pilot: Pilot[None], moving: int, refreshes: int) -> float:
        total = 0
        for _ in range(refreshes):
            for number in chance.sample(range(10), moving):
                ticks[number] += chance.randrange(-30, 31)
            widget.show([position(number, tick) for number, tick in enumerate(ticks)])
            await pilot.pause()
            total += len(app.take().encode())
        return total / refreshes * 4

    async def script(app: Any, pilot: Pilot[None]) -> None:
        await sent(app, pilot, 2, 1)
        assert 0 < await sent(app, pilot, 2, 40) < few
        assert 0 < await sent(app, pilot, 10, 10) < many

    await play(widget, script, theme)


async def test_the_keys_move_the_cursor_and_the_window_follows(play: Any) -> None:
    widget = table()

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show(simple(*(f"r{number:02}" for number in range(40))))
        await pilot.pause()
        assert widget.cursor_key == "r00"
        for keys, key in [
            (["down", "j"], "r02"),
            (["up"], "r01"),
            (["k", "k"], "r00"),
            (["G"], "r39"),
            (["home"], "r00"),
            (["pagedown"], "r11"),
            (["pagedown", "pageup"], "r11"),
            (["end"], "r39"),
        ]:
            await pilot.press(*keys)
            assert widget.cursor_key == key
            assert any(text.startswith(f"▸{key}") for text in app.screen_text)
        assert app.screen_text[-1].startswith("▸r39")

    await play(widget, script)


async def test_the_cursor_stays_on_its_row_when_rows_come_go_and_change_places(play: Any) -> None:
    widget = table()

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show(simple("a", "b", "c"))
        await pilot.press("down")
        widget.show(simple("new", "c", "a", "b"))
        assert widget.cursor_key == "b"
        widget.show(simple("new", "c", "a"))
        assert widget.cursor_key == "a"
        widget.show([])
        assert widget.cursor_key is None
        assert widget.cursor_row is None
        await pilot.press("down", "enter", "G", "pageup")
        assert app.chosen == []
        widget.show(simple("z"))
        assert widget.cursor_key == "z"

    await play(widget, script)


async def test_a_second_click_chooses_a_row_and_enter_is_left_to_the_screen(play: Any) -> None:
    widget = table()

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show(simple("a", "b", "c"))
        await pilot.press("down", "enter")
        await pilot.click(widget, offset=(3, 3))
        assert (widget.cursor_key, app.chosen) == ("c", [])
        await pilot.click(widget, offset=(3, 3))
        assert app.chosen == ["c"]
        await pilot.click(widget, offset=(3, 0))
        await pilot.click(widget, offset=(3, 9))
        assert app.chosen == ["c"]
        widget.move_to("a")
        assert widget.cursor_key == "a"

    await play(widget, script)


async def test_a_filter_shows_the_rows_that_contain_it_in_any_case(play: Any) -> None:
    widget = table(empty=[line("no such row")])

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show(simple("Alpha", "beta", "alphabet"))
        widget.filter_text = "ALPHA"
        await pilot.pause()
        assert [text.split()[0].strip("▸") for text in app.screen_text[1:3]] == ["Alpha", "alphabet"]
        assert widget.counts == (2, 3)
        widget.filter_text = "nothing"
        await pilot.pause()
        assert app.screen_text[1] == "no such row"
        widget.empty = [line("really none")]
        await pilot.pause()
        assert app.screen_text[1] == "really none"
        widget.filter_text = ""
        await pilot.pause()
        assert widget.counts == (3, 3)

    await play(widget, script)


async def test_narrow_tables_drop_columns_and_wide_ones_bring_them_back(play: Any) -> None:
    widget = LineTable(*POSITIONS)

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show([position(1, 100)])
        await pilot.pause()
        assert "age" in app.screen_text[0]
        widget.styles.width = 62
        await pilot.pause()
        assert app.screen_text[0].split() == ["symbol", "side", "lots", "mark", "P/L", "%", "stop"]
        widget.styles.width = 120
        await pilot.pause()
        assert "age" in app.screen_text[0]

    await play(widget, script)


async def test_the_cursor_shows_only_where_the_keys_go(play: Any) -> None:
    widget = table()

    async def script(app: Any, pilot: Pilot[None]) -> None:
        widget.show(simple("a"))
        await pilot.pause()
        assert app.screen_text[1].startswith("▸a")
        app.set_focus(None)
        await pilot.pause()
        assert app.screen_text[1].startswith(" a")

    await play(widget, script)


def test_a_row_of_another_width_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="row a has 1 cells for 2 columns"):
        table().show([row("a", "a")])
