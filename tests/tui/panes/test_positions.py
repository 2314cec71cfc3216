from decimal import Decimal

import pytest
import scenes
import stops
from msgspec.structs import replace
from pieces import NOW, position

from radtui.core.market import HOUR, SECOND
from radtui.core.position_view import PositionView
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.positions import COLUMNS, PositionsPane, flat_words, position_row, stop_cell
from radtui.tui.panes.view import View
from radtui.tui.widgets.columns import arrange
from radtui.tui.widgets.tone import Span, Tone


def cells(held: PositionView, snapshot: Snapshot | None = None, late: float = 0.0) -> dict[str, Span]:
    view = View(snapshot or scenes.running(), NOW + round(late * SECOND), "lena")
    return {column.key: cell for column, cell in zip(COLUMNS, position_row(held, view).cells, strict=True)}


def test_a_side_is_said_by_sign_and_word() -> None:
    assert cells(position(0))["side"].text == "▲ long"
    assert cells(position(1))["side"].text == "▼ short"
    assert cells(position(1))["lots"].text == "40"


def test_a_figure_that_did_not_arrive_is_a_dash_and_never_zero() -> None:
    row = cells(position(0, mark=None, pnl=None, pnl_pct=None, liquidation=None, maintenance=None, target=None))
    for key in ("mark", "pnl", "pct", "liquidation", "maintenance", "target"):
        assert row[key] == Span("–", Tone.DIM)


def test_prices_have_the_decimals_of_their_tick() -> None:
    assert cells(position(0))["entry"].text == "64,210.1"
    assert cells(position(3))["mark"].text == "2.1402"
    assert cells(position(3, mark=Decimal(2)))["mark"].text == "2.0000"


def test_a_stop_that_does_not_rest_is_crossed_and_loud() -> None:
    assert stop_cell(position(0)) == Span("62,925.9 ✓")
    assert stop_cell(position(0, stop_resting=False)) == Span("62,925.9 ✗", Tone.ERROR)
    assert stop_cell(position(0, stop=None, stop_resting=False)).text == "none ✗"


@pytest.mark.parametrize(("late", "tone"), [(9.9, Tone.PROFIT), (10.1, Tone.STALE)])
def test_a_mark_older_than_its_limit_fades_with_all_that_hangs_on_it(late: float, tone: Tone) -> None:
    row = cells(position(0), late=late)
    assert row["pnl"].tone is tone
    assert (row["mark"].tone is Tone.STALE) is (tone is Tone.STALE)


def test_the_age_runs_on_the_market_clock() -> None:
    snapshot = scenes.changed(scenes.running(), market_at=NOW + 5 * HOUR)
    assert cells(position(0, opened_at=NOW), snapshot)["age"].text == "5h"
    assert cells(position(0), scenes.changed(scenes.running(), market_at=None))["age"].text == "–"


@pytest.mark.parametrize(
    ("width", "kept"), [(35, {"symbol", "side", "pnl"}), (75, {"mark", "entry", "lots", "pct", "stop"})]
)
def test_a_narrow_table_keeps_what_matters_most(width: int, kept: set[str]) -> None:
    assert kept <= {COLUMNS[index].key for index, _ in arrange(COLUMNS, width)}


def test_everything_of_the_drawing_fits_into_120_columns() -> None:
    keys = {COLUMNS[index].key for index, _ in arrange(COLUMNS, 120 - 6)}
    assert {"size", "leverage", "liquidation", "bare", "age"} <= keys


@pytest.mark.parametrize(
    ("scene", "words"),
    [
        ("running", "flat; the next signal is looked for at the next 5m close"),
        ("paused", "flat; paused: no new entries until r resumes"),
        ("failed", "flat; no entries while error: s starts"),
        ("flattening", "flat; no entries while stopping"),
    ],
)
def test_flat_says_what_comes_next(scene: str, words: str) -> None:
    assert flat_words(View(getattr(scenes, scene)(), NOW, "lena")) == words


def test_somebody_elses_position_is_dim_and_never_called_unprotected() -> None:
    row = cells(stops.theirs(), stops.shared())
    assert {cell.tone for cell in row.values()} == {Tone.DIM}
    assert row["stop"].text == "not ours"
    assert row["bare"].text == "–"


def test_two_positions_of_one_contract_are_two_rows() -> None:
    ours, view = position(0), View(scenes.running(), NOW, "lena")
    theirs = replace(ours, lots=-ours.lots, own=False)
    assert position_row(ours, view).key == ours.symbol
    assert position_row(theirs, view).key not in {ours.symbol, position_row(replace(ours, own=False), view).key}


def test_bare_seconds_are_loud_while_bare_and_beyond_the_limit() -> None:
    assert cells(position(0, bare_seconds=6.2), stops.late())["bare"] == Span("6.2", Tone.ERROR)
    assert cells(position(0, bare_seconds=5.0), stops.late())["bare"] == Span("5.0")
    assert cells(position(0, bare_seconds=0.1, stop_resting=False), stops.late())["bare"].tone is Tone.ERROR


def test_the_title_counts_ours_and_measures_the_longest_time_without_a_stop() -> None:
    pane = PositionsPane()
    assert pane.note(View(stops.shared(), NOW, "lena")) == Span(
        "3 of 5 · 1 not ours · exposure 41 % · bare at most 0.6 s < 5 s", Tone.DIM
    )
    assert pane.note(View(stops.late(), NOW, "lena")) == Span(
        "3 of 5 · exposure 41 % · bare at most 6.2 s > 5 s", Tone.WARN
    )
