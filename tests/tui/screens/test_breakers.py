import scenes
from pieces import NOW
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask
from radtui.tui.panes.view import View
from radtui.tui.screens.breakers import BreakersSheet, breaker_lines
from radtui.tui.widgets.tone import plain

WIDE = (120, 40)


def said(name: str) -> list[str]:
    view = View(scenes.reducing(), NOW, "lena")
    return [plain(each).strip() for each in BreakersSheet(view, name).lines(view)]


def test_the_sheet_lists_what_would_be_reset_and_when_it_would_reset_itself() -> None:
    lines = said("")
    assert lines[1].startswith(
        "daily loss: 10.20 %, limit 10.00 %, since 2026-11-20 13:02:11 UTC, market time, by itself"
    )
    assert lines[2] == "drawdown: 5.10 %, limit 5.00 %, since 2026-11-20 12:02:11 UTC, market time"


def test_the_sheet_of_one_lists_that_one() -> None:
    assert [text for text in said("drawdown") if "limit" in text] == [said("")[2]]
    assert "none" in said("order rate")


async def test_the_palette_resets_one_breaker_after_asking_and_says_so_to_the_engine() -> None:
    engine = ScriptedEngine(scenes.reducing())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p", *"reset", "space", *"dra", "enter")
        assert "count anew" in screen_text(pilot.app)
        await pilot.press("escape")
        assert engine.asked == []
        await pilot.press("ctrl+p", *"reset", "space", *"dra", "enter", "y")
        assert [ask for ask, *_ in engine.asked] == [Ask.RESET_BREAKERS]
        assert engine.subjects == ["drawdown"]


async def test_the_palette_says_that_none_is_tripped() -> None:
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+p", *"breakers")
        assert "None is tripped." in screen_text(pilot.app)


def test_each_breaker_has_value_limit_bar_and_when_it_resets() -> None:
    lines = [plain(each).rstrip() for each in breaker_lines(View(scenes.reducing(), NOW, "lena"), 110)]
    rows = {text[4:18].strip(): text.split() for text in lines if text[2:3] in {"●", "✗"}}
    assert rows["daily loss"][3:] == [
        *["10.20", "%", "≥", "10.00", "%", "▓▓▓▓▓▓▓▓▓▓", "100", "%"],
        *["00:02,", "in", "10", "h", "0", "min"],
    ]
    assert rows["drawdown"][-3:] == ["only", "by", "you"]
    assert rows["order rate"][-1] == "–"
    assert "  drawdown tripped at 12:02: 5.10 %, limit 5.00 %" in lines


def test_the_page_says_the_mode_every_reason_and_whose_clock_it_is() -> None:
    lines = [plain(each) for each in breaker_lines(View(scenes.reducing(), NOW, "lena"), 110)]
    assert lines[:3] == [
        "REDUCING  closes, cancels and stops; no entries",
        "  daily loss tripped: 10.20 %, limit 10.00 %",
        "  drawdown tripped: 5.10 %, limit 5.00 %",
    ]
    assert "Times are the market's." in lines[-1]
    assert "market" not in plain(breaker_lines(View(scenes.live(), NOW, "lena"), 110)[-1])


def test_an_engine_that_tells_of_no_breaker_is_not_shown_an_empty_table() -> None:
    lines = [
        plain(each) for each in breaker_lines(View(scenes.changed(scenes.running(), breakers=()), NOW, "lena"), 76)
    ]
    assert "  this engine tells of none" in lines
