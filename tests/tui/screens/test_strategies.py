"""The strategies with what each goes by and is told; reading them holds nothing up."""

from threading import Event

import msgspec
import scenes
from pieces import NOW
from scripted import cockpit, screen_text

from radtui.core.configuration_view import ConfigurationView, SettingView
from radtui.strategies.describing import Described, Knob
from radtui.tui.panes.view import View
from radtui.tui.screens.strategies import StrategiesSheet, paragraphs, strategy_lines
from radtui.tui.widgets.tone import plain

FLOWN = Described(
    "ema_cross", "Buys where it rises.", "built in", "One sentence\nover two lines.\n\n    formula = x\n\nThe end.",
    (Knob("fast", "12", {"ge": 2, "le": 1000}, "candles"), Knob("own", None, {}, "must be told")),
)  # fmt: skip
OTHER = Described("rsi", "Sells high.", "built in")
BROKEN = Described("owl", "", "owls", fault="ModuleNotFoundError: numba")


def said(*found: Described, told: str = "", attached: bool = False) -> list[str]:
    where = "x.toml line 3" if told else "default"
    settings = (SettingView(key="strategies.ema_cross.fast", value=told or "12", where=where, live=True),)
    shown = msgspec.structs.replace(scenes.running(), configuration=ConfigurationView(settings=settings))
    return [plain(each).rstrip() for each in strategy_lines(found, View(shown, NOW, "lena"), 116)]


def test_what_the_bot_flies_comes_first_and_is_marked() -> None:
    lines = said(OTHER, FLOWN)
    assert lines[0] == "ema_cross  built in  ● this bot flies it"
    assert "rsi  built in" in lines


def test_a_parameter_shows_what_it_is_told_its_default_and_its_range() -> None:
    (usual,) = [each for each in said(FLOWN) if each.strip().startswith("fast")]
    assert usual.split() == ["fast", "default", "12", "≥", "2,", "≤", "1000", "candles"]
    (told,) = [each for each in said(FLOWN, told="9") if each.strip().startswith("fast")]
    assert told.split()[:3] == ["fast", "9", "12"]
    assert any(each.split()[:5] == ["own", "default", "to", "be", "told"] for each in said(FLOWN))


def test_one_that_cannot_be_used_says_why() -> None:
    assert "  ✗ cannot be used: ModuleNotFoundError: numba" in said(BROKEN, FLOWN)


def test_one_of_the_persons_own_is_named_though_it_is_not_in_the_list() -> None:
    assert said(OTHER)[0] == "ema_cross  ● this bot flies it, from a file of its own"


def test_paragraphs_are_joined_and_formulas_are_not() -> None:
    joined = paragraphs(FLOWN.explanation)
    assert joined == ["One sentence over two lines.", "", "    formula = x", "", "The end."]


async def test_a_package_that_breaks_the_list_is_said() -> None:
    app = cockpit(scenes.running())

    def broken() -> list[Described]:
        raise RuntimeError("a package of another kind")

    async with app.run_test(size=(80, 24)):
        sheet = StrategiesSheet(app.cockpit.view, broken)
        await app.push_screen(sheet)
        await sheet.workers.wait_for_complete()
        assert "RuntimeError: a package of another kind" in plain(sheet.lines(app.cockpit.view)[0])


async def test_the_page_is_there_before_they_are_read() -> None:
    app, go_on = cockpit(scenes.running()), Event()

    def read() -> list[Described]:
        assert go_on.wait(10)
        return [FLOWN]

    async with app.run_test(size=(80, 24)) as pilot:
        sheet = StrategiesSheet(app.cockpit.view, read)
        await app.push_screen(sheet)
        assert "are being read" in screen_text(app)
        go_on.set()
        await sheet.workers.wait_for_complete()
        app.look()
        await pilot.pause()
        assert "Buys where it rises." in screen_text(app)
        await pilot.press("y")
        assert "formula = x" in app.clipboard
