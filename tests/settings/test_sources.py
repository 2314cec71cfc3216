"""Each place gives what it holds, and says what in it is wrong and where."""

import logging
import re
from pathlib import Path

import pytest

from radtui.settings.sources import NOT_SETTINGS, Read, from_dotenv, from_environment, from_toml


def dotenv(folder: Path, text: str) -> Read:
    (folder / ".env").write_text(text)
    return from_dotenv(folder / ".env")


def toml(folder: Path, text: str) -> Read:
    (folder / "c.toml").write_text(text)
    return from_toml(folder / "c.toml")


def test_an_unknown_key_in_a_file_is_named_with_its_line_and_the_nearest(tmp_path: Path) -> None:
    read = toml(tmp_path, "[bot]\nname = 'x'\n\n[risk]\nlevrage = 3\n")
    assert read.problems == (f"unknown key risk.levrage in {tmp_path / 'c.toml'} line 5; did you mean risk.leverage?",)
    assert set(read.layers[0].entries) == {"bot.name"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[rsk]", "unknown key rsk in"),
        ("risk = 3", "risk in .* is a section, not a setting"),
        ("ui.keymap = 'x'", "ui.keymap in .* is a table"),
        ("[risk.leverage]\nx = 1", "unknown key risk.leverage.x in .*did you mean risk.leverage"),
        ("[paths]\nconfig = 'x'", "paths.config in .* too late.*RADTUI_PATHS__CONFIG"),
        ("[[risk]]\nleverage = 3", "risk in .* is a section"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, complaint: str, tmp_path: Path) -> None:
    (problem,) = toml(tmp_path, text).problems
    assert re.search(complaint, problem)


def test_empty_sections_and_tables_hold_nothing(tmp_path: Path) -> None:
    assert toml(tmp_path, "[risk]\n[ui.keymap]\n").problems == ()


def test_a_slip_in_a_variable_is_not_silent() -> None:
    read = from_environment({"RADTUI_RISK__LEVRAGE": "3", "RADTUI_": "x", "RADTUI_RISK": "3"})
    assert read.problems[0].endswith("RADTUI_RISK__LEVRAGE; did you mean RADTUI_RISK__LEVERAGE?")
    assert len(read.problems) == 3


def test_a_variable_in_small_letters_is_refused_by_its_right_name() -> None:
    (problem,) = from_environment({"radtui_risk__leverage": "3"}).problems
    assert problem.endswith("did you mean RADTUI_RISK__LEVERAGE?")


def test_what_is_empty_counts_as_not_set_and_foreign_names_are_left_alone() -> None:
    read = from_environment(
        {"RADTUI_RISK__LEVERAGE": "", "LEVERAGE": "", "PATH": "x", **dict.fromkeys(NOT_SETTINGS, "x")}
    )
    assert read.problems == ()
    assert not any(layer.entries for layer in read.layers)


def test_a_table_is_set_by_one_variable_an_entry() -> None:
    (entry,) = from_environment({"RADTUI_UI__KEYMAP__START": "x"}).layers[0].entries.values()
    assert (entry.key, entry.value) == ("ui.keymap.start", "x")


def test_dotenv_knows_its_lines_and_the_last_one_wins(tmp_path: Path) -> None:
    read = dotenv(tmp_path, "# note\nOTHER=1\nexport LEVERAGE=4\nRADTUI_BOT__NAME='a'\nLEVERAGE=5\n")
    found = {entry.key: (entry.value, entry.where) for layer in read.layers for entry in layer.entries.values()}
    assert found == {
        "bot.name": ("a", f"{tmp_path / '.env'} line 4 (RADTUI_BOT__NAME)"),
        "risk.leverage": ("5", f"{tmp_path / '.env'} line 5 (LEVERAGE)"),
    }


def test_a_line_of_dotenv_that_cannot_be_understood_is_a_problem_and_no_noise(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (problem,) = dotenv(tmp_path, "LEVERAGE=4\nthis is no line\n").problems
    assert "line 2" in problem
    assert caplog.records == []
    assert logging.getLogger("dotenv.main").propagate


def test_a_dotenv_that_is_not_there_or_a_folder_or_not_text(tmp_path: Path) -> None:
    assert from_dotenv(tmp_path / ".env") == Read()
    (tmp_path / ".env").mkdir()
    assert from_dotenv(tmp_path / ".env") == Read()
    (tmp_path / "x.env").write_bytes(b"A=\xff")
    assert "not UTF-8" in from_dotenv(tmp_path / "x.env").problems[0]
