import pytest
from rich.cells import cell_len

from radtui.tui.widgets.columns import Column, row
from radtui.tui.widgets.grid import grid
from radtui.tui.widgets.tone import Span, Tone, plain

COLUMNS = (Column("name", "name", 6), Column("lots", "lots", 5, "right"), Column("why", "why", 8, "left", 1, grow=True))
ROWS = [row("a", "XBT", "12", Span("because", Tone.DIM)), row("b", "ETHEREUM", "1,200", "none")]


def test_figures_stand_under_their_titles() -> None:
    assert [plain(each).rstrip() for each in grid(COLUMNS, ROWS, 30, indent=2)] == [
        "  name    lots why",
        "  XBT       12 because",
        "  ETHER… 1,200 none",
    ]


def test_a_cell_keeps_its_tone() -> None:
    assert any(span.tone is Tone.DIM and "because" in span.text for span in grid(COLUMNS, ROWS, 30)[1])


@pytest.mark.parametrize("width", [14, 21, 22, 40, 76])
def test_no_line_is_wider_than_the_room_and_the_least_important_goes_first(width: int) -> None:
    lines = [plain(each) for each in grid(COLUMNS, ROWS, width, indent=2)]
    assert all(cell_len(text) <= width for text in lines)
    assert ("why" in lines[0]) is (width >= 23)
