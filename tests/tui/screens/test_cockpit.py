"""Moving about: panes, zoom, filter, rows, palette, themes."""

from __future__ import annotations

import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedEngine, cockpit, screen_text
from textual._compositor import Compositor, LayoutUpdate

from radtui.core.instruction import Ask
from radtui.tui.app import CockpitApp
from radtui.tui.screens.cockpit import layout_classes

WIDE = (120, 40)
SMALL = (80, 24)


def titles(app: CockpitApp) -> list[str]:
    return [pane.id or "" for pane in app.screen.query("Pane") if pane.display]


@settings(max_examples=80)
@given(st.integers(1, 300), st.integers(1, 100))
def test_all_panes_are_shown_exactly_where_there_is_room(width: int, height: int) -> None:
    classes = layout_classes(width, height).split()
    assert ("-grid" in classes) is (width >= 110 and height >= 32)
    assert ("-tiny" in classes or "-flat" in classes) is (width < 40 or height < 10)


async def test_one_pane_at_a_time_on_a_small_terminal() -> None:
    async with cockpit(scenes.running()).run_test(size=SMALL) as pilot:
        assert titles(pilot.app) == ["positions"]
        await pilot.press("3")
        assert titles(pilot.app) == ["money"]
        await pilot.press("tab")
        assert titles(pilot.app) == ["api"]
        await pilot.press("shift+tab", "shift+tab")
        assert titles(pilot.app) == ["positions"]


async def test_a_pane_that_comes_back_shows_what_is_true_now() -> None:
    engine = ScriptedEngine(scenes.running(1))
    async with cockpit(engine).run_test(size=SMALL) as pilot:
        await pilot.press("7", "5")
        engine.shown = scenes.running(2)
        pilot.app.look()
        await pilot.press("7")
        assert "ETHUSDTM" in screen_text(pilot.app)


async def test_a_terminal_that_grows_and_shrinks_keeps_its_pane() -> None:
    async with cockpit(scenes.running()).run_test(size=SMALL) as pilot:
        await pilot.press("5")
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert len(titles(pilot.app)) == 7
        assert "┏━ 5 Heartbeats" in screen_text(pilot.app)
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert "enlarge to 40×10 (is 30×8)" in screen_text(pilot.app)
        await pilot.resize_terminal(*SMALL)
        await pilot.pause()
        assert titles(pilot.app) == ["heartbeats"]


async def test_zoom_fills_the_screen_and_esc_takes_it_back() -> None:
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press("7", "z")
        assert titles(pilot.app) == ["orders"]
        assert "● RUNNING" in screen_text(pilot.app)
        await pilot.press("escape")
        assert len(titles(pilot.app)) == 7


async def test_a_filter_leaves_the_rows_that_contain_it() -> None:
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press("slash", *"eth", "enter")
        text = screen_text(pilot.app)
        assert "1 of 3 rows contain “eth”; esc shows all" in text
        assert "1 of 3 contain “eth” ━" in text
        assert pilot.app.cockpit.pane.symbol() == "ETHUSDTM"
        await pilot.press("escape")
        assert "all rows are shown" in screen_text(pilot.app)
        assert "contain “eth”" not in screen_text(pilot.app)
        await pilot.press("1", "slash")
        assert "this pane has no rows to filter" in screen_text(pilot.app)


async def test_letters_in_the_filter_are_text_and_not_instructions() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("slash", *"pq")
        assert "no row contains “pq”; esc shows all" in screen_text(pilot.app)
        await pilot.press("escape")
        assert engine.asked == []
        assert pilot.app.is_running
        await pilot.press("p")
        assert engine.asked[0][0] is Ask.PAUSE


async def test_the_row_under_the_cursor_is_opened_asked_and_copied() -> None:
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press("j", "enter")
        assert "─ Position ETHUSDTM ─" in screen_text(pilot.app)
        await pilot.press("escape", "w")
        assert "ETHUSDTM: bought 12 lots" in screen_text(pilot.app)
        await pilot.press("escape", "y")
        assert pilot.app.clipboard.startswith("ETHUSDTM  ▼ short  40")
        await pilot.press("6", "enter")
        assert "429: slow down, again in 1.2 s" in screen_text(pilot.app)


async def test_a_pane_without_rows_is_copied_whole_and_opened_whole() -> None:
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press("1", "y")
        assert "● RUNNING" in pilot.app.clipboard
        await pilot.press("enter")
        assert "─ Status ─" in screen_text(pilot.app)
        assert "started 2026-11-20 10:50:11 UTC" in screen_text(pilot.app)


async def test_nothing_to_copy_is_said() -> None:
    async with cockpit(scenes.empty()).run_test(size=WIDE) as pilot:
        await pilot.press("y")
        assert "there is no row to copy" in screen_text(pilot.app)


async def test_the_palette_finds_runs_and_tries_themes_on() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p", *"ause", "enter")
        assert engine.asked[0][0] is Ask.PAUSE
        await pilot.press("ctrl+p", *"high")
        assert pilot.app.theme == "high-contrast"
        await pilot.press("escape")
        assert pilot.app.theme == "radtui-dark"
        await pilot.press("ctrl+p", *"high", "enter")
        assert pilot.app.theme == "high-contrast"


async def test_the_palette_asks_what_has_no_key_and_opens_what_has_no_row() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p")
        assert "Not now. Start trading." in screen_text(pilot.app)
        await pilot.press(*"work", "space", *"sto", "enter")
        assert engine.asked == [(Ask.STOP, "key:lena", None)]
        await pilot.press("ctrl+p", *"eye", "enter")
        assert "What needs you" in screen_text(pilot.app)
        await pilot.press("escape", "ctrl+p", *"y", "space", *"eth", "enter")
        assert "ETHUSDTM: bought" in screen_text(pilot.app)


async def test_a_sheet_is_kept_up_to_date_and_moves_by_keys() -> None:
    engine = ScriptedEngine(scenes.running(1))
    async with cockpit(engine).run_test(size=SMALL) as pilot:
        await pilot.press("exclamation_mark")
        assert "ETHUSDTM" not in screen_text(pilot.app)
        engine.shown = scenes.running(2)
        pilot.app.look()
        await pilot.pause()
        assert "ETHUSDTM" in screen_text(pilot.app)
        await pilot.press("escape", "question_mark")
        assert "more lines" in screen_text(pilot.app)
        await pilot.press("space", "space", "space")
        assert "Any key can be changed" in screen_text(pilot.app)


async def test_going_from_pane_to_pane_repaints_no_whole_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    whole: list[int] = []
    paint = Compositor.render_full_update

    def counted(compositor: Compositor, *, simplify: bool = False) -> LayoutUpdate:
        whole.append(1)
        return paint(compositor, simplify=simplify)

    monkeypatch.setattr(Compositor, "render_full_update", counted)
    app = cockpit(scenes.running(10))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        whole.clear()
        await pilot.press("3", "4", "2", "7", "tab")
        await pilot.pause()
    assert not whole


async def test_the_palette_puts_the_name_that_was_typed_before_what_merely_mentions_it() -> None:
    async with cockpit(scenes.reducing()).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p", *"breakers", "enter")
        assert "─ Trading mode and breakers ─" in screen_text(pilot.app)
