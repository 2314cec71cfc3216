from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from radtui.tui import themes

SHIPPED = themes.load()
NAMES = {"radtui-dark", "radtui-light", "high-contrast", "colour-blind-safe", "ansi-dark", "ansi-light"}
GOOD = (themes.shipped_folder() / "radtui-dark.toml").read_text()
COLORS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@settings(max_examples=40, deadline=None)
@given(COLORS, COLORS)
def test_contrast_has_no_direction_and_lies_between_1_and_21(one: str, other: str) -> None:
    assert themes.contrast(one, other) == themes.contrast(other, one)
    assert 1 <= themes.contrast(one, other) <= 21
    assert themes.contrast(one, one) == 1


def test_contrast_of_black_and_white_is_21() -> None:
    assert themes.contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_shipped_themes_are_there_without_a_complaint() -> None:
    assert set(SHIPPED.palettes) >= NAMES
    assert SHIPPED.complaints == ()
    for name, palette in SHIPPED.palettes.items():
        assert (themes.shipped_folder() / f"{name}.toml").is_file()
        assert palette.description.endswith(".")


@pytest.mark.parametrize("palette", [p for p in SHIPPED.palettes.values() if not p.ansi], ids=lambda p: p.name)
def test_a_shipped_theme_is_readable_on_the_ground_and_under_the_cursor(palette: themes.Palette) -> None:
    colors = palette.colors
    for ground in (colors.background, colors.panel):
        assert themes.contrast(colors.text, ground) >= themes.READABLE_TEXT
        for name in (*themes.MEANINGS, "dim", "accent"):
            assert themes.contrast(getattr(colors, name), ground) >= themes.READABLE_MEANING, name
    assert palette.dark is (
        themes.contrast(colors.background, "#ffffff") > themes.contrast(colors.background, "#000000")
    )


@pytest.mark.parametrize("palette", SHIPPED.palettes.values(), ids=lambda p: p.name)
def test_a_theme_has_every_variable_that_textual_and_our_widgets_use(palette: themes.Palette) -> None:
    theme = themes.to_textual(palette)
    variables = theme.to_color_system().generate() | theme.variables
    stock = BUILTIN_THEMES["ansi-dark" if palette.ansi else "textual-dark"].to_color_system().generate()
    assert set(stock) | set(themes.VARIABLES) <= set(variables)
    for meaning in (*themes.MEANINGS, "dim", "accent"):
        assert Color.parse(variables[meaning]) == Color.parse(getattr(palette.colors, meaning))


async def test_each_theme_can_be_put_on_an_app() -> None:
    class Themed(App[None]):
        CSS = "Screen { color: $profit; text-style: $stale-style; background: $cursor; }"

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return dict(themes.VARIABLES)

    app = Themed()
    async with app.run_test() as pilot:
        for palette in SHIPPED.palettes.values():
            app.register_theme(themes.to_textual(palette))
            app.theme = palette.name
            await pilot.pause()
            assert app.screen.styles.color == Color.parse(palette.colors.profit)
            assert app.native_ansi_color is palette.ansi


def test_a_users_theme_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(GOOD.replace("#5fd38d", "#00ff00"))
    (tmp_path / "other.toml").write_text(GOOD.replace('"radtui-dark"', '"other"'))
    shelf = themes.load(tmp_path)
    assert shelf.palettes["radtui-dark"].colors.profit == "#00ff00"
    assert set(shelf.palettes) == {*SHIPPED.palettes, "other"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "Invalid value"),
        (GOOD.replace('warn = "#f0b952"\n', ""), "warn"),
        (GOOD.replace("#f0b952", "orange"), "'orange', which is neither"),
        (GOOD.replace("#f0b952", "ansi_orange"), "'ansi_orange', which is neither"),
        (GOOD.replace("#f0b952", "ansi_yellow"), "mixes"),
        (GOOD.replace("dark = true", 'dark = "yes"'), "dark"),
        (GOOD + 'sparkle = "#ffffff"\n', "sparkle"),
        (GOOD.replace('"radtui-dark"', '" "'), "name is empty"),
        ("\xff", "line 1"),
    ],
    ids=["toml", "missing", "name", "ansi-name", "mixed", "type", "unknown", "nameless", "no-toml"],
)
def test_a_broken_theme_is_left_out_and_said_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine.toml").write_text(text)
    shelf = themes.load(tmp_path)
    assert shelf.palettes == SHIPPED.palettes
    (complaint,) = shelf.complaints
    assert complaint.startswith("Theme mine.toml is left out: ")
    assert complaint.endswith(".")
    assert said in complaint
    assert "\n" not in complaint


def test_bytes_that_are_no_text_are_a_broken_theme_too(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe")
    assert themes.load(tmp_path).complaints[0].startswith("Theme mine.toml is left out: ")


def test_a_theme_that_is_hard_to_read_is_kept_and_complained_of(tmp_path: Path) -> None:
    (tmp_path / "fog.toml").write_text(GOOD.replace('"radtui-dark"', '"fog"').replace("#dfe4ee", "#333a48"))
    shelf = themes.load(tmp_path)
    assert "fog" in shelf.palettes
    assert shelf.complaints[0].startswith("Theme fog.toml is hard to read: text has a contrast of 1.")


def test_no_folder_of_the_users_is_no_complaint(tmp_path: Path) -> None:
    assert themes.load(tmp_path / "none") == SHIPPED
