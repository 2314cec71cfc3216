"""The backtest page: fields are typed, one flight is asked for at a time, and it can be cancelled."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pasts
import scenes
from scripted import ScriptedEngine, cockpit, screen_text
from textual.pilot import Pilot

from radtui.core.backtest_view import BacktestRequest
from radtui.core.instruction import Ask
from radtui.core.snapshot import Snapshot
from radtui.tui.app import CockpitApp
from radtui.tui.screens.backtest import BacktestSheet
from radtui.tui.screens.backtest_form import FIELDS
from radtui.tui.screens.leave import Leave

decode = msgspec.json.Decoder(BacktestRequest).decode


class Page:
    """A cockpit with the page open."""

    def __init__(self, app: CockpitApp, engine: ScriptedEngine, pilot: Pilot[Leave]) -> None:
        self.app, self.engine, self.pilot = app, engine, pilot

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return screen_text(self.app)

    async def show(self, shown: Snapshot) -> str:
        self.engine.shown = shown
        self.app.look()
        return await self.press()


@asynccontextmanager
async def opened(
    shown: Snapshot, size: tuple[int, int] = (80, 24), *, through_palette: bool = False
) -> AsyncIterator[Page]:
    engine = ScriptedEngine(shown)
    app = cockpit(engine)
    async with app.run_test(size=size) as pilot:
        page = Page(app, engine, pilot)
        if through_palette:
            await page.press("ctrl+p", *"backt", "enter")
        else:
            await app.push_screen(
                BacktestSheet(app.cockpit.view, lambda ask, about: app.cockpit.ask(ask, subject=about))
            )
        yield page


async def test_what_is_typed_is_asked_for_and_its_answer_is_shown() -> None:
    async with opened(scenes.running(), through_palette=True) as page:
        assert "None was flown since the engine started" in await page.press()
        text = await page.press("enter")
        assert "leave it as it was" in text
        text = await page.press(*"rsi", "enter")
        assert "▸ strategy     rsi" in text
        await page.press(*["down"] * 5, "enter", *"a=9", "enter", "s")
        ask, who, _ = page.engine.asked[-1]
        assert (ask, who) == (Ask.BACKTEST, "key:lena")
        assert decode(page.engine.subjects[-1]) == BacktestRequest(strategy="rsi", parameters={"a": "9"})
        page.engine.answer("no strategy is called rsi", success=False, refused=True)
        assert "refused: no strategy is called rsi" in await page.show(page.engine.shown)


async def test_letters_in_a_field_are_letters_esc_leaves_it_and_what_cannot_be_meant_can_be_mended() -> None:
    async with opened(scenes.running()) as page:
        await page.press("enter", *"sx")
        assert page.engine.asked == []
        assert "ema_cross, as the bot" in await page.press("escape")
        text = await page.press("down", "down", "enter", "7", "enter")
        assert "no timeframe is called 7" in text
        assert "▸ timeframe    1h" in await page.press("ctrl+u", *"1h", "enter")
        assert "Positions" in await page.press("escape")


async def test_one_flies_at_a_time_x_cancels_it_and_its_report_can_be_copied() -> None:
    async with opened(pasts.flying()) as page:
        assert "one flies at a time" in await page.press("s")
        assert page.engine.asked == []
        await page.press("x")
        assert (page.engine.asked[-1][0], page.engine.subjects[-1]) == (Ask.CANCEL_BACKTEST, "i-1")
        assert "○ CANCELLED" in await page.show(pasts.of(pasts.CANCELLED))
        assert "there is nothing to cancel" in await page.press("x")
        assert "there is no report" in await page.press("y")
        await page.show(pasts.flying())
        text = await page.show(pasts.flown())
        assert "backtest done: ema_cross" in text
        assert "fast=5 slow=20" in text, "the last request stands in the fields"
        assert "the report's name is copied" in await page.press("y")
        assert page.app.clipboard == "/state/backtests/ema.html"


async def test_it_can_be_read_to_its_end_on_the_least_terminal() -> None:
    async with opened(pasts.flown(), (40, 12)) as page:
        sheet = page.app.screen
        assert isinstance(sheet, BacktestSheet)
        for _ in range(len(FIELDS) + 60):
            sheet.action_step(1)
        assert "cancelled" in await page.press()
        for _ in range(len(FIELDS) + 60):
            sheet.action_step(-1)
        assert "▸ strategy" in await page.press()
