import scenes
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.tui.panes.pane import Pane


async def test_the_pane_that_has_the_keyboard_is_framed_heavily() -> None:
    async with cockpit(scenes.running()).run_test(size=(120, 40)) as pilot:
        assert "┏━ 2 Positions" in screen_text(pilot.app)
        await pilot.press("6")
        text = screen_text(pilot.app)
        assert "┏━ 6 Errors" in text
        assert "╭─ 2 Positions" in text


async def test_old_figures_fade_and_say_how_old_they_are() -> None:
    async with cockpit(scenes.running(), late=8).run_test(size=(120, 40)) as pilot:
        assert screen_text(pilot.app).count("as of 8 s ago") == 7


async def test_a_new_snapshot_is_shown_in_every_pane() -> None:
    engine = ScriptedEngine(scenes.empty())
    async with cockpit(engine).run_test(size=(120, 40)) as pilot:
        assert "flat; no entries while stopped: s starts" in screen_text(pilot.app)
        engine.shown = scenes.running()
        pilot.app.look()
        await pilot.pause()
        text = screen_text(pilot.app)
        for words in ("● RUNNING", "XBTUSDTM", "+208.63", "99.87 %", "scanner", "429: slow", "protects the long"):
            assert words in text
        assert all(pane.view is pilot.app.cockpit.view for pane in pilot.app.screen.query(Pane))
