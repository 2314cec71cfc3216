import scenes
import stops
from pieces import NOW
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask
from radtui.core.protection_view import ProtectionView
from radtui.tui.panes.view import View
from radtui.tui.screens.status import protection_lines, status_text
from radtui.tui.widgets.tone import Tone, plain

WIDE = (120, 40)


def texts(protection: ProtectionView) -> list[str]:
    return [plain(each).rstrip() for each in protection_lines(protection)]


def test_time_without_a_stop_stands_against_its_limit() -> None:
    assert texts(stops.shared().protection) == [
        "longest without a stop   0.6 s < 5 s",
        "together                 14.2 s over 39 positions",
        "beyond the limit         0",
    ]
    lines = list(protection_lines(stops.late().protection))
    assert plain(lines[0]) == "longest without a stop   6.2 s over 5 s"
    assert lines[0][1].tone is Tone.ERROR
    assert texts(ProtectionView(limit=5.0, unprotected=2))[-1] == "without a stop now       2"


def test_every_reason_is_listed_not_only_the_worst() -> None:
    said = [plain(each) for each in status_text(View(scenes.reducing(), NOW, "lena"))]
    assert "  daily loss tripped: 10.20 %, limit 10.00 %" in said
    assert "  drawdown tripped: 5.10 %, limit 5.00 %" in said


async def test_breakers_are_a_key_away_and_a_reset_asks_once() -> None:
    engine = ScriptedEngine(scenes.reducing())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("1", "enter", "b")
        assert "─ Trading mode and breakers ─" in screen_text(pilot.app)
        await pilot.press("r")
        assert "Tripped breakers that would count anew from now" in screen_text(pilot.app)
        assert engine.asked == []
        await pilot.press("y")
        assert [ask for ask, *_ in engine.asked] == [Ask.RESET_BREAKERS]
        assert engine.subjects == [""]


async def test_there_is_nothing_to_reset_where_nothing_tripped() -> None:
    engine = ScriptedEngine(scenes.running())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p", *"each with", "enter", "r")
        assert "no breaker is tripped: there is nothing to reset" in screen_text(pilot.app)
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.cockpit
        assert engine.asked == []
