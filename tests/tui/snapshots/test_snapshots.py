"""How every pane and every screen looks in every state (row T4). The clock stands still, ids are fixed, nothing moves.

All pictures are taken of one cockpit, before the first is compared; each test compares its own.
After a change that is meant: ``pytest tests/tui/snapshots -n 0 --snapshot-update``, then look at the pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import alarms
import choosing
import lines
import msgspec
import pasts
import pytest
import scenes
import stops
from pieces import entry_order
from scripted import cockpit
from studio import SMALL, FleetShot, Shot, take, take_fleet

from radtui.core.instruction import Ask, Receipt
from radtui.core.snapshot import Snapshot
from radtui.tui.keys import PANES

STATES: dict[str, Callable[[], Snapshot]] = {
    "empty": scenes.empty,
    "one": lambda: scenes.running(1),
    "many": lambda: scenes.running(10),
    "paused": scenes.paused,
    "error": scenes.failed,
    "reducing": scenes.reducing,
    "live": scenes.live,
    "bare": scenes.bare,
    "nofeed": scenes.no_feed,
    "unbalanced": scenes.unbalanced,
    "flattening": scenes.flattening,
    "linked": scenes.linked,
    "limited": scenes.limited,
    "cut-off": scenes.cut_off,
    "skewed": scenes.skewed,
    "tripped": scenes.tripped,
    "stopping": stops.stopping,
    "unreachable": stops.unreachable,
    "recovering": stops.recovering,
    "drifting": stops.drifting,
    "shared": stops.shared,
    "late": stops.late,
    "guarded": stops.guarded,
    "unguarded": stops.unguarded,
    "alarmed": alarms.alarmed,
}
LINKS = ("linked", "limited", "cut-off", "skewed", "tripped")
OWN = {
    "status": ("paused", "error", "reducing", "live", "stopping", "unreachable", "recovering"),
    "positions": ("one", "bare", "nofeed", "shared", "late"),
    "money": ("unbalanced",),
    "api": ("nofeed", *LINKS),
    "heartbeats": ("nofeed", "guarded", "unguarded"),
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

PANE_STATES = [(pane, state) for pane in PANES for state in ("empty", "many", *OWN.get(pane, ()))]
NARROW = ("status", "positions", "money", "orders")
LOW = ("positions", "money", "api", "heartbeats")
SIZES = {f"{width}x{height}": (width, height) for width, height in ((80, 24), (110, 32), (120, 40), (200, 60), (38, 8))}
WHOLE, LEAST = (120, 40), (40, 10)
SILENT = {"40x10": LEAST, "80x24": SMALL, "120x40": WHOLE}
THEMES = ("ansi-dark", "radtui-light", "high-contrast")


def unsafe() -> Snapshot:
    """Return positions with and without a stop, and an entry order on its way."""
    held = scenes.bare()
    return scenes.changed(held, orders=(entry_order(), *held.orders))


def received(receipt: Receipt) -> Snapshot:
    """Return a bot whose stop has just ended."""
    return scenes.changed(scenes.running(), receipt=receipt)


FORESEEN: dict[str, dict[str, Any]] = {
    "awaited": {},
    "late": {"waits": 3},
    "unread": {"foreseen": stops.blind(stops.shared())},
}
RECEIPTS = {
    "flat": stops.receipt(),
    "not-safe": stops.receipt(success=False),
    "ended": stops.receipt(Ask.SHUTDOWN),
    "ended-not-safe": stops.receipt(Ask.SHUTDOWN, success=False),
    "refused": stops.refused(),
}
BREAKERS = ("ctrl+p", *"breakers", "enter")
ALERTS = ("ctrl+p", *"alerts", "enter")
BACKTEST = ("ctrl+p", *"backtest", "enter")
SCANNER, PORTFOLIO = ("ctrl+p", *"scanner", "enter"), ("ctrl+p", *"portfolio", "enter")
PAGES: dict[str, tuple[Callable[[], Snapshot], tuple[int, int], tuple[str, ...]]] = {
    "status": (stops.shared, WHOLE, ("enter",)),
    "status-late": (stops.late, SMALL, ("enter",)),
    "status-unreachable": (stops.unreachable, SMALL, ("enter",)),
    "breakers": (scenes.running, SMALL, BREAKERS),
    "breakers-tripped": (scenes.reducing, SMALL, BREAKERS),
    "breakers-tripped-wide": (scenes.reducing, WHOLE, BREAKERS),
    "breakers-unknown": (scenes.unread, SMALL, BREAKERS),
    "recovery-clean": (stops.recovered, SMALL, ("enter", "r")),
    "recovery-found": (lambda: stops.recovered(*stops.FINDINGS), WHOLE, ("enter", "r")),
    "recovery-narrow": (lambda: stops.recovered(*stops.FINDINGS), (40, 12), ("enter", "r")),
    "recovery-waits": (stops.recovering, SMALL, ("enter", "r")),
    "recovery-drifts": (stops.drifting, SMALL, ("enter", "r")),
    "concerns": (stops.unreachable, SMALL, ("ctrl+p", *"concerns", "enter")),
    "alerts": (alarms.alarmed, SMALL, ALERTS),
    "alerts-wide": (alarms.alarmed, WHOLE, ALERTS),
    "alerts-narrow": (alarms.alarmed, (40, 12), ALERTS),
    "alerts-seen": (alarms.alarmed, WHOLE, (*ALERTS, "down")),
    "alerts-none": (scenes.running, SMALL, ALERTS),
    "backtest": (pasts.flown, WHOLE, BACKTEST),
    "backtest-flying": (pasts.flying, SMALL, BACKTEST),
    "backtest-failed": (pasts.failed, (40, 12), (*BACKTEST, "down", "enter")),
    "scanner": (choosing.scanned, WHOLE, SCANNER),
    "scanner-partial": (choosing.half_scanned, SMALL, SCANNER),
    "portfolio": (choosing.shared_out, SMALL, PORTFOLIO),
}


def shots() -> Iterator[tuple[str, Shot]]:
    """Yield each picture by the name of the test that compares it."""
    yield from line_shots()
    yield from link_shots()
    for pane, state in PANE_STATES:
        yield f"test_a_pane_by_itself[{pane}-{state}]", Shot(STATES[state], pane=pane)
    for pane in NARROW:
        yield f"test_a_pane_on_a_narrow_terminal[{pane}]", Shot(scenes.running, (40, 12), pane=pane)
    for pane in LOW:
        yield f"test_a_pane_on_the_least_terminal[{pane}]", Shot(scenes.running, LEAST, pane=pane)
    for name, size in SIZES.items():
        yield f"test_the_whole[{name}]", Shot(scenes.running, size)
    for state in ("empty", "flattening"):
        yield f"test_the_whole_in_a_state[{state}]", Shot(STATES[state], WHOLE)
    for theme in THEMES:
        yield f"test_the_whole_in_a_theme[{theme}]", Shot(scenes.live, WHOLE, theme=theme)
    yield "test_an_engine_that_does_not_answer", Shot(scenes.running, WHOLE, late=8)
    for name, size in SILENT.items():
        yield f"test_an_engine_that_is_silent_for_long[{name}]", Shot(scenes.running, size, late=48)
    yield "test_a_question_to_an_engine_that_is_silent", Shot(scenes.running, keys=("exclamation_mark",), late=48)
    yield "test_nothing_is_known_yet", Shot(scenes.unread, keys=("g",))
    for sheet, key in SHEETS.items():
        yield f"test_a_sheet[{sheet}]", Shot(unsafe, keys=(key,))
    yield from stop_shots()
    yield "test_a_theme_is_tried_on", Shot(scenes.running, keys=("ctrl+p", *"high"))
    yield "test_a_filter_that_fits_no_row", Shot(scenes.running, keys=("7", "slash", *"zz", "enter"))


def stop_shots() -> Iterator[tuple[str, Shot]]:
    """Yield the pictures of stops and recoveries: before, on their way, and what they came to."""
    shared = stops.shared
    for question, key in (("emergency", "exclamation_mark"), ("shutdown", "g"), ("leave", "q")):
        seen = stops.preview(shared())
        for name, size in (("80x24", SMALL), ("120x40", WHOLE)):
            yield f"test_what_a_stop_would_do[{question}-{name}]", Shot(shared, size, (key,), foreseen=seen)
    for answer, foreseen in FORESEEN.items():
        yield f"test_a_stop_without_books[{answer}]", Shot(shared, keys=("exclamation_mark",), **foreseen)
    for state in ("stopping", "unreachable", "recovering", "drifting", "alarmed"):
        yield f"test_the_whole_in_a_state[{state}]", Shot(STATES[state], WHOLE)
    for outcome, receipt in RECEIPTS.items():
        for name, size in (("80x24", SMALL), ("120x40", WHOLE)):
            fresh = msgspec.structs.replace(receipt, id=f"{outcome}-{name}")
            yield f"test_a_receipt[{outcome}-{name}]", Shot(partial(received, fresh), size)
    for page, (scene, size, keys) in PAGES.items():
        yield f"test_a_page[{page}]", Shot(scene, size, keys, pane="status")


def line_shots() -> Iterator[tuple[str, Shot]]:
    """Yield the pictures of a bot on a real exchange's line."""
    for state in LINKS:
        yield f"test_the_line_on_the_least_terminal[{state}]", Shot(STATES[state], LEAST, pane="api")
    for state in ("linked", "tripped"):
        yield f"test_the_whole_on_a_line[{state}]", Shot(STATES[state], WHOLE)
    yield "test_a_rehearsal", Shot(scenes.rehearsing, (200, 60))


def link_shots() -> Iterator[tuple[str, Shot]]:
    """Yield the pictures of a cockpit on an engine elsewhere: its line, its helm, the question of a take-over."""
    for state, reach in lines.REACHES.items():
        scene = scenes.running if reach.heard else lines.nothing
        for name, size in (("80x24", SMALL), ("120x40", WHOLE)):
            yield f"test_a_link[{name}-{state}]", Shot(scene, size, late=lines.LATE.get(state, 0), reach=reach)
    yield "test_control_is_taken_after_a_question", Shot(scenes.running, keys=("c",), reach=lines.REACHES["watching"])
    yield "test_a_sheet_over_a_lost_line", Shot(scenes.running, keys=("w",), late=16, reach=lines.REACHES["lost"])


STOP_ALL = ("exclamation_mark", *"STOP ALL", "enter")
FLEETS: dict[str, FleetShot] = {
    **{f"test_a_fleet[{size}]": (SIZES[size], ()) for size in ("38x8", "80x24", "120x40", "200x60")},
    "test_a_fleet_in_danger[question]": (SMALL, ("exclamation_mark",)),
    "test_a_fleet_in_danger[answers]": (SMALL, STOP_ALL),
    "test_a_fleet_in_danger[sifted]": ((60, 16), ("slash", *"bet", "enter")),
}
Same = Callable[[], bool]
pytestmark = [pytest.mark.xdist_group("snapshots"), pytest.mark.timeout(300)]  # the first pays for all


@pytest.fixture(scope="module")
def pictures(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the pictures that this run compares."""
    wanted = {item.name for item in request.session.items}
    fleets = {name: shot for name, shot in FLEETS.items() if name in wanted}
    return take({name: shot for name, shot in shots() if name in wanted}) | take_fleet(fleets, lines.doors)


@pytest.fixture
def same(
    snap_compare: Callable[..., bool],
    pictures: dict[str, str],
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Same:
    """Return what compares the test's picture with the one that was looked at and kept."""
    monkeypatch.setattr("textual._doc.take_svg_screenshot", lambda **_: pictures[request.node.name])
    return lambda: snap_compare(cockpit(scenes.empty()))


@pytest.mark.parametrize(("pane", "state"), PANE_STATES)
def test_a_pane_by_itself(same: Same, pane: str, state: str) -> None:
    assert same(), f"{pane}, {state}"


@pytest.mark.parametrize("pane", NARROW)
def test_a_pane_on_a_narrow_terminal(same: Same, pane: str) -> None:
    assert same(), pane


@pytest.mark.parametrize("pane", LOW)
def test_a_pane_on_the_least_terminal(same: Same, pane: str) -> None:
    assert same(), pane


@pytest.mark.parametrize("state", LINKS)
def test_the_line_on_the_least_terminal(same: Same, state: str) -> None:
    assert same(), state


@pytest.mark.parametrize("state", ["linked", "tripped"])
def test_the_whole_on_a_line(same: Same, state: str) -> None:
    assert same(), state


def test_a_rehearsal(same: Same) -> None:
    assert same()


@pytest.mark.parametrize("size", SIZES)
def test_the_whole(same: Same, size: str) -> None:
    assert same(), size


@pytest.mark.parametrize(
    "state", ["empty", "flattening", "stopping", "unreachable", "recovering", "drifting", "alarmed"]
)
def test_the_whole_in_a_state(same: Same, state: str) -> None:
    assert same(), state


@pytest.mark.parametrize("theme", THEMES)
def test_the_whole_in_a_theme(same: Same, theme: str) -> None:
    assert same(), theme


def test_an_engine_that_does_not_answer(same: Same) -> None:
    assert same()


@pytest.mark.parametrize("size", SILENT)
def test_an_engine_that_is_silent_for_long(same: Same, size: str) -> None:
    assert same(), size


def test_a_question_to_an_engine_that_is_silent(same: Same) -> None:
    assert same()


def test_nothing_is_known_yet(same: Same) -> None:
    assert same()


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet(same: Same, sheet: str) -> None:
    assert same(), sheet


@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize("outcome", RECEIPTS)
def test_a_receipt(same: Same, outcome: str, size: str) -> None:
    assert same(), (outcome, size)


@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize("question", ["emergency", "shutdown", "leave"])
def test_what_a_stop_would_do(same: Same, question: str, size: str) -> None:
    assert same(), (question, size)


@pytest.mark.parametrize("answer", FORESEEN)
def test_a_stop_without_books(same: Same, answer: str) -> None:
    assert same(), answer


@pytest.mark.parametrize("page", PAGES)
def test_a_page(same: Same, page: str) -> None:
    assert same(), page


def test_a_theme_is_tried_on(same: Same) -> None:
    assert same()


def test_a_filter_that_fits_no_row(same: Same) -> None:
    assert same()


@pytest.mark.parametrize("state", lines.REACHES)
@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_a_link(same: Same, size: str, state: str) -> None:
    assert same(), (size, state)


def test_control_is_taken_after_a_question(same: Same) -> None:
    assert same()


def test_a_sheet_over_a_lost_line(same: Same) -> None:
    assert same()


@pytest.mark.parametrize("moment", ["question", "answers", "sifted"])
def test_a_fleet_in_danger(same: Same, moment: str) -> None:
    assert same(), moment


@pytest.mark.parametrize("size", ["38x8", "80x24", "120x40", "200x60"])
def test_a_fleet(same: Same, size: str) -> None:
    assert same(), size
