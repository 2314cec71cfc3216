"""A small app on the cockpit's driver, run by test_driver.py in a pseudo-terminal of its own.

Usage: driver_app.py STATUS [ignore-hup]. STATUS is a JSON file, written at every beat of the process's own loop.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import signal
import sys
import termios
import time
from pathlib import Path

from textual import events
from textual.app import ComposeResult

from radtui.tui import themes
from radtui.tui.driver import CockpitDriver
from radtui.tui.paint import ThriftyApp
from radtui.tui.widgets.columns import Column, row
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.table import LineTable
from radtui.tui.widgets.tone import Span, Tone, line


class Small(ThriftyApp[None]):
    CSS = "Screen { layout: vertical; } LineTable { height: 12; }"

    def __init__(self) -> None:
        super().__init__(driver_class=CockpitDriver)
        self.typed = ""
        self.gone = 0
        self.round = 0
        self.frozen = False

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLES)

    def compose(self) -> ComposeResult:
        yield LineTable(*(Column(str(n), f"title {n}", 12) for n in range(6)))
        yield Lines(1)

    def on_mount(self) -> None:
        self.set_interval(1 / 50, self.turn)

    def turn(self) -> None:
        if not self.frozen:
            self.round += 1
            tones = (Tone.PROFIT, Tone.LOSS) if self.round % 2 else (Tone.LOSS, Tone.PROFIT)
            cells = [Span(f"{self.round * (n + 3) % 99991:>9}", tones[n % 2]) for n in range(6)]
            self.query_one(LineTable).show([row(str(n), *cells) for n in range(10)])
        self.query_one(Lines).show([line(f"typed {self.typed}")])

    def on_key(self, event: events.Key) -> None:
        self.typed += event.character or f"<{event.key}>"
        if event.key == "z":
            self.frozen = True
        if event.key == "f":
            self._driver._repaint()
        if event.key == "x":
            self.exit()

    def terminal_gone(self) -> None:
        self.gone += 1
        self.exit()


class Heart:
    """Says how the app is: at every beat, and once more when all is over."""

    def __init__(self, app: Small, status: Path) -> None:
        self.app, self.status, self.count, self.ui = app, status, 0, "up"

    def tell(self) -> None:
        app = self.app
        output = app._driver._output if app._driver is not None else None
        facts = {
            "beats": self.count,
            "ui": self.ui,
            "gone": app.gone,
            "typed": app.typed,
            "frozen": app.frozen,
            "dropping": output is not None and output._dropped,
            "cpu": time.process_time(),
        }
        draft = self.status.with_suffix(".draft")
        draft.write_text(json.dumps(facts))
        draft.replace(self.status)

    async def beat(self) -> None:
        while True:
            self.count += 1
            self.tell()
            await asyncio.sleep(0.02)


def hang_up(app: Small) -> None:
    if isinstance(app._driver, CockpitDriver):
        app._driver.terminal_gone()


async def main() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    app = Small()
    heart = Heart(app, Path(sys.argv[1]))
    loop = asyncio.get_running_loop()
    if "ignore-hup" in sys.argv:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    else:
        loop.add_signal_handler(signal.SIGHUP, hang_up, app)
    beating = asyncio.create_task(heart.beat())
    await app.run_async()
    heart.ui = "down"
    if app.gone:
        await beating
    beating.cancel()
    heart.tell()


asyncio.run(main())
