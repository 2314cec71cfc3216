"""The page of the alerts: what fires stands first, and a key says that it was seen."""

from __future__ import annotations

import alarms
import scenes
from pieces import NOW
from scripted import USER, ScriptedEngine, cockpit, screen_text

from radtui.core.instruction import Ask
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.view import View
from radtui.tui.panes.vitals import vital_lines
from radtui.tui.screens.alerts import alert_lines, channel_lines
from radtui.tui.widgets.tone import Tone, plain

WIDE = (120, 40)
OPEN = ("ctrl+p", *"alerts", "enter")


def view(snapshot: Snapshot) -> View:
    return View(snapshot, NOW, USER)


def test_the_header_counts_what_nobody_has_seen_in_every_size() -> None:
    for size in ((120, 1), (80, 2), (60, 2), (40, 2)):
        assert "‼ 2 alerts" in plain(vital_lines(view(alarms.alarmed()), *size)[0])
        assert "! 1 alert" in plain(vital_lines(view(alarms.warned()), *size)[0])
        assert "alert" not in plain(vital_lines(view(scenes.running()), *size)[0])


def test_the_banner_says_what_nothing_else_says_and_where_to_look() -> None:
    found = concerns(view(alarms.alarmed()))
    texts = [each.text for each in found]
    assert "connection public 1 answers after 1240 ms, limit 1000 ms; ^p alerts" in texts
    assert not any("no confirmed stop" in text for text in texts), "the position says it itself"
    assert not any("no guardian" in text for text in texts), "somebody has seen it"
    assert [each.tone for each in found] == [Tone.WARN]


def test_all_that_is_known_of_one_is_told() -> None:
    said = [plain(each).rstrip() for each in alert_lines(alarms.SEEN, view(alarms.alarmed()))]
    assert said[0] == "guardian-missing  guardian  error"
    assert said[2].startswith("what to do  start one: `radtui guard`")
    assert "seen by bob (command line) 2026-11-20 13:02:11 UTC" in said
    over = [plain(each) for each in alert_lines(alarms.OVER, view(alarms.alarmed()))]
    assert over[-1] == "over since 2026-11-19 09:02:11 UTC"
    assert "not sent to any channel yet" in over


def test_the_channels_say_who_is_told() -> None:
    said = [plain(each).rstrip() for each in channel_lines(view(alarms.alarmed()))]
    assert said[1:4] == [
        "  phone (tgram)  ✓ 4 messages delivered",
        "  mail (mailto)  ✗ dead since 12:02: no answer within 10 s, 3 messages waiting, 1 given up",
        "  desk (dbus)  not used yet",
    ]
    assert said[4].startswith("  quiet hours until")
    assert "nobody but the log" in plain(list(channel_lines(view(alarms.warned())))[1])


async def test_a_key_acknowledges_the_row_another_all_of_them() -> None:
    engine = ScriptedEngine(alarms.alarmed())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press(*OPEN)
        assert "position-bare" in screen_text(pilot.app)
        await pilot.press("a")
        await pilot.press("down", "down", "a")
        await pilot.press("A")
        assert [ask for ask, *_ in engine.asked] == [Ask.ACKNOWLEDGE]
        assert engine.subjects == ["14"], "the same is asked again only after its answer"
        engine.answer("acknowledged: 14 position-bare XBTUSDTM")
        pilot.app.look()  # type: ignore[attr-defined]
        assert "acknowledged: 14 position-bare XBTUSDTM" in screen_text(pilot.app)
        await pilot.press("A")
        assert engine.subjects == ["14", ""]


async def test_what_was_seen_or_is_over_is_not_asked_again() -> None:
    engine = ScriptedEngine(alarms.alarmed())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press(*OPEN, "down", "a")
        assert "it was seen by bob (command line) already" in screen_text(pilot.app)
        await pilot.press("end", "a")
        assert "this one is over" in screen_text(pilot.app)
        assert engine.asked == []


async def test_the_channels_are_tried_by_a_key() -> None:
    engine = ScriptedEngine(alarms.alarmed())
    async with cockpit(engine).run_test(size=WIDE) as pilot:
        await pilot.press(*OPEN, "t")
        assert [ask for ask, *_ in engine.asked] == [Ask.TEST_ALERTS]
        engine.answer("mail is dead: no answer within 10 s", success=False)
        pilot.app.look()  # type: ignore[attr-defined]
        assert "mail is dead: no answer within 10 s" in screen_text(pilot.app)


async def test_the_text_follows_the_cursor_and_nothing_is_said_of_nothing() -> None:
    async with cockpit(alarms.alarmed()).run_test(size=WIDE) as pilot:
        await pilot.press(*OPEN)
        assert "closes everything" in screen_text(pilot.app)
        await pilot.press("down", "down")
        assert "check the line of this machine" in screen_text(pilot.app)
        assert "fired 3 times" in screen_text(pilot.app)
    async with cockpit(scenes.running()).run_test(size=WIDE) as pilot:
        await pilot.press(*OPEN, "a", "A")
        assert "nothing has fired yet" in screen_text(pilot.app)
        assert "nothing fires that nobody has seen" in screen_text(pilot.app)
