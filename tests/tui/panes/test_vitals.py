import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from pieces import NOW
from rich.cells import cell_len

from radtui.core.snapshot import Snapshot
from radtui.tui.keys import PANES
from radtui.tui.panes.parts import fill_between
from radtui.tui.panes.view import View
from radtui.tui.panes.vitals import mode_span, tab_line, vital_lines
from radtui.tui.widgets.tone import Ground, line, plain

SCENES = (scenes.empty(), scenes.running(), scenes.live(), scenes.failed(), scenes.paused())


def look(snapshot: Snapshot, late: int = 0) -> View:
    return View(snapshot, NOW + late, "lena")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SCENES), st.integers(min_value=40, max_value=220), st.sampled_from([1, 2]))
def test_mode_state_and_equity_never_leave_and_the_line_is_exactly_as_wide(
    snapshot: Snapshot, width: int, height: int
) -> None:
    view = look(snapshot)
    lines = vital_lines(view, width, height)
    assert [cell_len(plain(each)) for each in lines] == [width] * height
    first = plain(lines[0])
    assert ("LIVE" in first) is (snapshot.status.mode == "live")
    assert ("PAPER" in first) is (snapshot.status.mode == "paper")
    assert f"{snapshot.money.equity:,.2f}" in first
    if height == 2:
        assert snapshot.status.state.upper() in plain(lines[1])


def test_live_is_unmistakable_without_colour() -> None:
    span = mode_span(look(scenes.live()))
    assert span.ground is Ground.REVERSE
    assert span.bold
    assert mode_span(look(scenes.running())).ground is Ground.NONE


def test_the_wide_header_says_everything() -> None:
    text = plain(vital_lines(look(scenes.running()), 120, 1)[0])
    for words in ("PAPER ×60", "alpha · ema_cross 5m", "6 symbols", "equity 10,214.38 USDT", "+2.14 %", "14:02:11 UTC"):
        assert words in text


def test_a_late_header_still_has_the_time_of_now() -> None:
    assert "14:02:19 UTC" in plain(vital_lines(look(scenes.running(), 8 * 10**9), 120, 1)[0])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.text("abc", min_size=1, max_size=9)), min_size=1, max_size=6),
    st.integers(12, 80),
)
def test_the_least_important_part_leaves_first(parts: list[tuple[int, str]], width: int) -> None:
    made = [(rank, line(f"{place}{text}")) for place, (rank, text) in enumerate(parts)]
    kept = plain(fill_between(made, [], width))
    gone = [rank for place, (rank, text) in enumerate(parts) if f"{place}{text}" not in kept]
    stayed = [rank for place, (rank, text) in enumerate(parts) if f"{place}{text}" in kept]
    assert stayed
    assert not gone or max(stayed) <= min(gone)


@pytest.mark.parametrize("current", PANES)
@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_present_pane_is_in_brackets(current: str, width: int) -> None:
    text = plain(tab_line(current, width))
    assert f"[{PANES.index(current) + 1} " in text
    assert cell_len(text) <= width
