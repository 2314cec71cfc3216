"""Pane 5: whether every worker of the engine still beats (row H4)."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult

from radtui.core.health_view import WorkerView
from radtui.tui.format import SECOND, age, clean, milliseconds, number
from radtui.tui.panes.known import known_of
from radtui.tui.panes.pane import Pane
from radtui.tui.panes.view import View, elapsed
from radtui.tui.widgets.columns import Column, Row, row
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Line, Span, Tone, line

COLUMNS: Final = (
    Column("sign", "", 1),
    Column("name", "worker", 13, grow=True),
    Column("age", "age", 5, "right"),
    Column("limit", "limit", 5, "right", 1),
    Column("restarts", "again", 5, "right", 3),
    Column("note", "note", 24, "left", 4),
)


class HeartbeatsPane(Pane):
    """A row a worker, its age against its limit."""

    def __init__(self) -> None:
        super().__init__("heartbeats")

    def compose(self) -> ComposeResult:
        yield LineTable(*COLUMNS, classes="first")
        yield Lines(1, id="process", classes="last")

    def reads(self, view: View) -> object:
        return view.snapshot.workers, view.snapshot.process

    def note(self, view: View) -> Span:
        workers = view.snapshot.workers
        beating = sum(worker.healthy for worker in workers)
        return Span(f"{beating} of {len(workers)}", Tone.DIM if beating == len(workers) else Tone.ERROR)

    def fill(self, view: View) -> None:
        # What needs a hand comes first: a dead worker must not hide below the edge.
        ordered = sorted(view.snapshot.workers, key=lambda worker: worker.healthy)
        self.put_rows([worker_row(worker) for worker in ordered], view)
        process = view.snapshot.process
        self.say_empty("no worker yet")
        lag = milliseconds(process.lag_p99, 1 if process.lag_p99 is not None and process.lag_p99 < 10 else 0)
        figures = f"lag p99 {lag}  memory {number(process.rss)} MB"
        self.put(self.query_one("#process", Lines), [line(Span(f" {figures}", Tone.DIM))], view)

    def details(self) -> tuple[str, list[Line]]:
        chosen = self.query_one(LineTable).cursor_key
        found = [each for each in self.view.snapshot.workers if each.name == chosen] if self.view else []
        return (f"Worker {chosen}", known_of(found[0])) if found else ("Heartbeats", [line("no row to open")])


def _age(seconds: float | None) -> str:
    """Return an age in five cells."""
    said = elapsed(seconds)
    return said if seconds is None or len(said) <= 5 else age(int(seconds) * SECOND)


def worker_row(worker: WorkerView) -> Row:
    """Return the cells of one worker: ● beats, ✗ is late or fails, ○ never beat."""
    sign = "●" if worker.healthy else "○" if worker.age is None else "✗"
    tone = Tone.PLAIN if worker.healthy else Tone.ERROR
    late = worker.age is None or worker.age > worker.limit
    return row(
        worker.name,
        Span(sign, Tone.PROFIT if worker.healthy else Tone.ERROR),
        Span(worker.name, tone),
        Span(_age(worker.age), tone),
        Span(f"{'>' if late else '<'} {number(worker.limit)}", Tone.DIM if worker.healthy else Tone.ERROR),
        Span(f"×{worker.restarts}" if worker.restarts else "", Tone.WARN),
        clean(worker.fault or worker.note),
    )
