"""How every pane and every screen looks in every state (row T4). The clock stands still, ids are fixed, nothing moves.

After a change that is meant: ``pytest tests/tui/snapshots -n 0 --snapshot-update``, then look at the pictures.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import scenes
from pieces import entry_order
from scripted import ScriptedEngine, cockpit

from radtui.core.snapshot import Snapshot
from radtui.tui.keys import PANES

STATES: dict[str, Callable[[], Snapshot]] = {
    "empty": scenes.empty,
    "one": lambda: scenes.running(1),
    "many": lambda: scenes.running(10),
    "paused": scenes.paused,
    "error": scenes.failed,
    "live": scenes.live,
    "bare": scenes.bare,
    "nofeed": scenes.no_feed,
    "unbalanced": scenes.unbalanced,
    "flattening": scenes.flattening,
}
OWN = {
    "status": ("paused", "error", "live"),
    "positions": ("one", "bare", "nofeed"),
    "money": ("unbalanced",),
    "api": ("nofeed",),
    "heartbeats": ("nofeed",),
}
"""The states that say something special in a pane, beside empty, many and narrow."""

SHEETS = {
    "shutdown": "g",
    "reset": "m",
    "emergency": "exclamation_mark",
    "leave": "q",
    "why": "w",
    "open": "enter",
    "help": "question_mark",
    "palette": "ctrl+p",
}

Compare = Callable[..., bool]


@pytest.mark.parametrize(
    ("pane", "state"), [(pane, state) for pane in PANES for state in ("empty", "many", *OWN.get(pane, ()))]
)
def test_a_pane_by_itself(snap_compare: Compare, pane: str, state: str) -> None:
    key = str(PANES.index(pane) + 1)
    assert snap_compare(cockpit(STATES[state]()), press=[key], terminal_size=(80, 24))


@pytest.mark.parametrize("pane", ["status", "positions", "money", "orders"])
def test_a_pane_on_a_narrow_terminal(snap_compare: Compare, pane: str) -> None:
    key = str(PANES.index(pane) + 1)
    assert snap_compare(cockpit(scenes.running()), press=[key], terminal_size=(40, 12))


@pytest.mark.parametrize(
    "size", [(80, 24), (110, 32), (120, 40), (200, 60), (38, 8)], ids=lambda size: f"{size[0]}x{size[1]}"
)
def test_the_whole(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(cockpit(scenes.running()), terminal_size=size)


@pytest.mark.parametrize("state", ["empty", "flattening"])
def test_the_whole_in_a_state(snap_compare: Compare, state: str) -> None:
    assert snap_compare(cockpit(STATES[state]()), terminal_size=(120, 40))


@pytest.mark.parametrize("theme", ["ansi-dark", "radtui-light", "high-contrast"])
def test_the_whole_in_a_theme(snap_compare: Compare, theme: str) -> None:
    assert snap_compare(cockpit(scenes.live(), theme=theme), terminal_size=(120, 40))


def test_an_engine_that_does_not_answer(snap_compare: Compare) -> None:
    assert snap_compare(cockpit(scenes.running(), late=8), terminal_size=(120, 40))


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet(snap_compare: Compare, sheet: str) -> None:
    held = scenes.bare()
    shown = scenes.changed(held, orders=(entry_order(), *held.orders))
    assert snap_compare(cockpit(shown), press=[SHEETS[sheet]], terminal_size=(80, 24))


@pytest.mark.parametrize("success", [True, False], ids=["flat", "not-flat"])
def test_a_receipt(snap_compare: Compare, success: bool) -> None:
    engine = ScriptedEngine(scenes.running())
    app = cockpit(engine)

    def settle(_: object) -> None:
        engine.shown = scenes.changed(engine.shown, receipt=scenes.receipt(success=success))
        app.look()

    assert snap_compare(app, run_before=settle, terminal_size=(80, 24))


def test_a_theme_is_tried_on(snap_compare: Compare) -> None:
    keys = ["ctrl+p", *"high"]
    assert snap_compare(cockpit(scenes.running()), press=keys, terminal_size=(80, 24))
