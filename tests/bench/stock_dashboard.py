"""What the same costs with Textual's own widgets and driver: a DataTable, two Sparklines, four updates a second."""

from __future__ import annotations

from random import Random

from rich.text import Text
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import DataTable, Footer, Header, RichLog, Sparkline

COLUMNS = ("symbol", "side", "lots", "entry", "mark", "P/L", "%", "liq.", "stop")
POSITIONS = 10
MOVING = ("mark", "P/L", "%")


class StockDashboard(App[None]):
    CSS = "Sparkline { height: 4; } DataTable { height: 14; }"

    def __init__(self) -> None:
        super().__init__()
        self._random = Random(7)
        self._curves = [[self._random.random() for _ in range(60)] for _ in range(2)]

    def compose(self) -> ComposeResult:
        yield Header()
        yield DataTable()
        with Horizontal():
            for curve in self._curves:
                yield Sparkline(curve)
        yield RichLog()
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        for name in COLUMNS:
            table.add_column(name, key=name, width=10)
        for row in range(POSITIONS):
            table.add_row(*(f"{row * 7919 % 1000:>9}" for _ in COLUMNS), key=str(row))
        self.set_interval(0.25, self.turn)

    def turn(self) -> None:
        table = self.query_one(DataTable)
        for row in range(POSITIONS):
            for column in MOVING:
                value = self._random.uniform(-99, 99)
                table.update_cell(str(row), column, Text(f"{value:>9.2f}", style="green" if value > 0 else "red"))
        for spark, curve in zip(self.query(Sparkline), self._curves, strict=True):
            curve[:] = [*curve[1:], self._random.random()]
            spark.data = list(curve)


StockDashboard().run(mouse=False)
