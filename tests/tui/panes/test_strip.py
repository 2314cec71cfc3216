"""The link strip."""

from __future__ import annotations

from dataclasses import replace

import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st
from lines import LATE, REACHES, TABS, nothing
from pieces import NOW
from rich.cells import cell_len

from radtui.core.market import SECOND
from radtui.tui.panes.strip import strip_line
from radtui.tui.panes.view import View
from radtui.tui.reach import Reach, Tab
from radtui.tui.widgets.tone import plain


def seen(reach: Reach, late: float = 0.0) -> View:
    shown = scenes.running() if reach.heard else nothing()
    return View(shown, NOW + round(late * SECOND), "lena", reach=reach)


def strip(reach: Reach, width: int = 120, late: float = 0.0) -> str:
    return plain(strip_line(seen(reach, late), width))


@given(st.sampled_from(sorted(REACHES)), st.integers(40, 200))
def test_it_fits_and_always_says_the_bot_and_what_is_wrong(name: str, width: int) -> None:
    reach = REACHES[name]
    said = strip(reach, width, LATE.get(name, 0))
    assert cell_len(said) == width
    assert not reach.attached or f"{reach.name} {reach.trouble or 'live'}" in said


@pytest.mark.parametrize(("late", "shown"), [(0.2, ""), (0.9, ""), (1.1, "shown is 1 s old"), (300, "5 min old")])
def test_an_age_beyond_a_second_is_said(late: float, shown: str) -> None:
    said = strip(REACHES["live"], late=late)
    assert shown in said
    assert (" old" in said) is bool(shown)


def test_a_delay_is_said_in_steps_so_that_it_does_not_tremble() -> None:
    line = REACHES["far"].line
    assert line is not None
    same = {strip(replace(REACHES["far"], line=type(line)(state=line.state, latency=each))) for each in (0.098, 0.104)}
    assert len(same) == 1
    assert "100 ms" in same.pop()


def test_the_tabs_name_all_bots_mark_what_needs_an_eye_and_say_the_way_back() -> None:
    assert strip(REACHES["tabs"]).endswith("[alpha] beta ‼  gamma@server   0 fleet ")
    many = tuple(Tab(f"bot{number}", here=number == 3, mark="‼" if number == 7 else "") for number in range(40))
    assert strip(replace(REACHES["tabs"], tabs=many)).endswith("[4 of 40 ‼]  0 fleet ")
    assert "fleet" in strip(replace(REACHES["tabs"], tabs=TABS), 60)


def test_the_key_that_takes_over_is_the_persons_own() -> None:
    view = replace(seen(REACHES["watching"]), keymap={"control": "f9"})
    assert "bob/pts-4 holds control since 13:53  f9 takes over" in plain(strip_line(view, 120))
