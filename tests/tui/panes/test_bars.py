import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import NOW
from rich.cells import cell_len

from radtui.core.snapshot import Snapshot
from radtui.tui.keys import KEYS
from radtui.tui.panes.bars import enabled, key_line
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain

BY_ID = {key.id: key for key in KEYS}


def look(snapshot: Snapshot, late: int = 0) -> View:
    return View(snapshot, NOW + late, "lena")


def possible(snapshot: Snapshot, late: int = 0, *, rows: bool = True) -> set[str]:
    return {key.id for key in KEYS if key.footer and enabled(key, look(snapshot, late), rows=rows)}


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=16, max_value=220), st.booleans())
def test_the_dangerous_keys_are_named_at_every_width(width: int, rows: bool) -> None:
    text = plain(key_line(look(scenes.running()), {}, width, rows=rows))
    assert cell_len(text.rstrip()) <= width
    assert {"s", "p", "r", "g", "!", "q"} <= set(text.replace("│", " ").split())


def test_what_is_not_possible_now_is_dim() -> None:
    spans = key_line(look(scenes.paused()), {}, 120, rows=True)
    dim = "".join(span.text for span in spans if span.tone is Tone.DIM)
    assert "start" in dim
    assert "pause" in dim
    assert "resume" not in dim
    assert "emergency" not in dim


@pytest.mark.parametrize(("scene", "absent"), [("running", {"start", "resume"}), ("empty", {"pause", "resume"})])
def test_keys_follow_the_state(scene: str, absent: set[str]) -> None:
    shown = possible(getattr(scenes, scene)())
    assert not absent & shown
    assert {"shutdown", "emergency", "leave", "help"} <= shown


def test_without_rows_nothing_can_be_asked_of_them() -> None:
    assert not {"why", "filter"} & possible(scenes.running(), rows=False)


def test_a_silent_engine_leaves_the_emergency_stop() -> None:
    shown = possible(scenes.running(), late=8 * 10**9)
    assert not {"start", "pause", "resume", "shutdown", "reset"} & shown
    assert "emergency" in shown
