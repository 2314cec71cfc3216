from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget

from radtui.tui import themes
from radtui.tui.paint import ThriftyApp


class Capture(Driver):
    """A terminal of 120×40 that keeps what is written to it."""

    written: list[str]

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self.written = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def start_application_mode(self) -> None:
        size = Size(120, 40)
        self.send_message(events.Resize(size, size))

    def disable_input(self) -> None:
        return

    def stop_application_mode(self) -> None:
        return

    def take(self) -> str:
        data = "".join(self.written)
        self.written.clear()
        return data


class Bench(ThriftyApp[None]):
    """One widget on a cockpit theme."""

    CSS = "Painter { height: 12; }"

    def __init__(self, widget: Widget, theme: str = "radtui-dark") -> None:
        self.palette = themes.load().palettes[theme]
        super().__init__(driver_class=Capture, ansi_color=self.palette.ansi)
        self.widget = widget
        self.chosen: list[str] = []
        self.faults: list[BaseException] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.VARIABLES)

    def on_mount(self) -> None:
        self.register_theme(themes.to_textual(self.palette))
        self.theme = self.palette.name

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_line_table_selected(self, message: Any) -> None:
        self.chosen.append(message.key)

    @property
    def screen_text(self) -> list[str]:
        return [
            "".join(segment.text for segment in self.widget.render_line(y)).rstrip()
            for y in range(self.widget.size.height)
        ]

    def take(self) -> str:
        assert isinstance(self._driver, Capture)
        return self._driver.take()


Script = Callable[[Bench, Pilot[None]], Awaitable[None]]
Play = Callable[..., Awaitable[None]]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    """Run a script against a widget on a captured terminal; what the script raises is raised here."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)

    async def run(widget: Widget, script: Script, theme: str = "radtui-dark", *, colors: bool = True) -> None:
        if not colors:
            monkeypatch.setenv("NO_COLOR", "1")
        app = Bench(widget, theme)

        async def pilot(pilot: Pilot[None]) -> None:
            try:
                await pilot.pause()
                await script(app, pilot)
            except BaseException as fault:  # carried over to the test below
                app.faults.append(fault)
            app.exit()

        await app.run_async(size=(120, 40), auto_pilot=pilot)
        if app.faults:
            raise app.faults[0]

    return run
