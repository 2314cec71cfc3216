"""The configuration page: what is in force, what a reload would take over, and two questions before it does."""

import msgspec
import scenes
from pieces import NOW
from scripted import ScriptedEngine, cockpit, screen_text

from radtui.core.configuration_view import Change, ConfigurationView, SettingView
from radtui.core.instruction import Ask, Receipt
from radtui.core.market import MINUTE, SECOND
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.view import View
from radtui.tui.screens.comparison import Comparison
from radtui.tui.screens.configuration import configuration_lines
from radtui.tui.widgets.tone import plain

LIVE = Change(key="risk.max_positions", before="4", after="2", where="mine.toml line 2", live=True)
RESTART = Change(key="bot.timeframe", before="5m", after="1m", where="mine.toml line 9", live=False)
WIDE = (120, 40)


def settled(**changed: object) -> Snapshot:
    settings = (
        SettingView(key="bot.timeframe", value="5m", where="default", live=False),
        SettingView(key="risk.max_positions", value="4", where="mine.toml line 2", live=True),
        SettingView(key="kucoin.secret", value="••••", where="environment KUCOIN_API_SECRET", live=False),
    )
    view = ConfigurationView(file="mine.toml", settings=settings)
    running: Snapshot = scenes.running()
    return msgspec.structs.replace(running, configuration=msgspec.structs.replace(view, **changed))


class Desk:
    """A comparison on an engine that answers when it is told to."""

    def __init__(self, shown: Snapshot) -> None:
        self.engine = ScriptedEngine(shown)
        self.comparison = Comparison(self.engine, "key:lena")

    def look(self, seconds: float = 0.0) -> str:
        view = View(self.engine.shown, NOW + round(seconds * SECOND), "lena")
        self.comparison.look(view)
        return "\n".join(plain(each) for each in configuration_lines(view, self.comparison, 116))

    def answer(self, *changes: Change, success: bool = True, message: str = "") -> None:
        name = f"i-{len(self.engine.asked)}"
        self.engine.receipts[name] = Receipt(
            id=name, ask=Ask.CHECK_CONFIG, success=success, message=message, status="running", at=1, changes=changes
        )


def test_it_reads_the_sources_once_and_again_after_a_while() -> None:
    desk = Desk(settled())
    assert "being read" in desk.look()
    desk.look(1)
    assert [ask for ask, _, _ in desk.engine.asked] == [Ask.CHECK_CONFIG]
    desk.answer(LIVE, RESTART)
    text = desk.look(2)
    assert "risk.max_positions" in text.split("Waits for a restart")[0]
    assert "bot.timeframe" in text.split("Waits for a restart")[1]
    desk.look(6)
    assert len(desk.engine.asked) == 2


def test_every_setting_is_there_and_secrets_are_masked() -> None:
    desk = Desk(settled())
    desk.look()
    desk.answer()
    text = desk.look(1)
    assert "nothing: what can change in flight is in force" in text
    assert "••••" in text
    assert "environment KUCOIN_API_SECRET" in text
    assert "As at the start" in text


def test_the_last_change_tells_who_when_and_what() -> None:
    changed = settled(revision=2, changed_at=NOW - MINUTE, who="key:lena", changes=(LIVE,), undo=(LIVE,))
    text = Desk(changed).look()
    assert "Changed 2 times, last" in text
    assert "by you" in text
    assert "risk.max_positions 4 → 2" in text


def test_a_file_that_cannot_be_used_is_said_and_nothing_can_be_reloaded() -> None:
    desk = Desk(settled())
    desk.look()
    desk.answer(success=False, message="risk.leverage = 1000: allowed is a whole number from 1 to 125")
    assert "! risk.leverage = 1000" in desk.look(1)
    assert desk.comparison.live == ()


def test_an_engine_without_sources_says_so() -> None:
    assert "they change with a restart" in Desk(scenes.running()).look()


async def test_a_reload_is_asked_twice_and_then_told() -> None:
    engine = ScriptedEngine(settled())
    app = cockpit(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.screen.action_configuration()
        await pilot.pause()
        assert "Configuration" in screen_text(app)
        await pilot.press("l")
        await pilot.pause()
        assert "the sources are still being read" in screen_text(app)
        name = f"i-{len(engine.asked)}"
        engine.receipts[name] = Receipt(
            id=name, ask=Ask.CHECK_CONFIG, success=True, message="", status="running", at=1, changes=(LIVE,)
        )
        app.screen.look(app.screen.view)
        await pilot.press("l")
        await pilot.pause()
        assert "These would hold from now on" in screen_text(app)
        assert "mine.toml line 2" in screen_text(app)
        await pilot.press("y")
        await pilot.pause()
        assert engine.asked[-1][:2] == (Ask.RELOAD_CONFIG, "key:lena")


async def test_a_rollback_that_is_not_wanted_is_not_told() -> None:
    engine = ScriptedEngine(settled(revision=1, changed_at=NOW, who="cli:x", changes=(LIVE,), undo=(LIVE,)))
    app = cockpit(engine)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        app.screen.action_configuration()
        await pilot.pause()
        await pilot.press("b")
        await pilot.pause()
        assert "Roll the settings back" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "nothing was changed" in screen_text(app)
        assert {ask for ask, _, _ in engine.asked} == {Ask.CHECK_CONFIG}
