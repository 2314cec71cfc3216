import pytest

from radtui.core.health_view import WorkerView
from radtui.tui.panes.heartbeats import worker_row
from radtui.tui.widgets.tone import Tone


@pytest.mark.parametrize(
    ("age", "healthy", "sign", "said", "limit"),
    [(0.4, True, "●", "<1 s", "< 30"), (48.0, False, "✗", "48 s", "> 30"), (None, False, "○", "never", "> 30")],
)
def test_a_worker_stands_against_its_limit(age: float | None, healthy: bool, sign: str, said: str, limit: str) -> None:
    cells = worker_row(WorkerView(name="journal", age=age, limit=30.0, healthy=healthy)).cells
    assert [cell.text for cell in cells[:4]] == [sign, "journal", said, limit]
    assert cells[1].tone is (Tone.PLAIN if healthy else Tone.ERROR)


def test_restarts_are_counted_only_where_there_were_any() -> None:
    assert worker_row(WorkerView(name="a", age=0.0, limit=1.0, healthy=True)).cells[4].text == ""
    assert worker_row(WorkerView(name="a", age=0.0, limit=1.0, healthy=True, restarts=2)).cells[4].text == "×2"
