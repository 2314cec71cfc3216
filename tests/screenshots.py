"""Makes the pictures in ``screenshots/``: a seeded paper bot is really flown, and the real cockpit looks at it.

    .venv/bin/python -m tests.screenshots

Virtual time, a fixed seed and a fixed process make the same pictures on every machine.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import structlog

from radtui.cli.flight import VIRTUAL_EPOCH, build, market
from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.health_view import ProcessView
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.market import SECOND
from radtui.core.preview import Preview
from radtui.core.snapshot import Snapshot
from radtui.engine.helm import HelmView
from radtui.engine.remote import Line, LineState
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.layers import Entry, Layer
from radtui.settings.loading import load
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.tui.app import CockpitApp
from radtui.tui.doors import FarDoor
from radtui.tui.themes import load as load_themes

FOLDER: Final = Path(__file__).parent.parent / "screenshots"
SECONDS: Final = 900.0
"""Wall seconds of the flight; at ×60 fifteen hours of the market."""
SEED: Final = "3"
_POSITIONS: Final = 3
_MOMENTS: Final = 400
PICTURES: Final = (
    # name, size, keys pressed before the picture, theme
    ("cockpit", (120, 40), (), "radtui-dark"),
    ("cockpit-light", (120, 40), (), "radtui-light"),
    ("cockpit-wide", (200, 60), (), "radtui-dark"),
    ("cockpit-small", (80, 24), (), "radtui-dark"),
    ("colour-blind-safe", (120, 40), (), "colour-blind-safe"),
    ("why", (100, 34), ("w",), "radtui-dark"),
    ("emergency-stop", (100, 34), ("exclamation_mark",), "radtui-dark"),
    ("receipt", (100, 34), ("ctrl+p", *"receipt", "enter"), "radtui-dark"),
    ("breakers", (100, 34), ("ctrl+p", *"breakers", "enter"), "radtui-dark"),
    ("help", (100, 44), ("question_mark",), "radtui-dark"),
    ("fleet", (120, 24), (), "radtui-dark"),
)


class Still:
    """An engine's door that shows one moment of a flight for ever, and answers the question what a stop would do."""

    def __init__(self, snapshot: Snapshot, preview: Preview | None = None) -> None:
        self._snapshot = snapshot
        self._preview = preview

    def snapshot(self) -> Snapshot:
        return self._snapshot

    def events(self, after: int = 0) -> list[Envelope]:
        del after
        return []

    def send(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> Ack:
        del who, why, exits, subject, foreign, order
        return Ack(id=ask, ask=ask, at=self._snapshot.at)

    def forgotten(self, instruction_id: str) -> bool:
        return False

    def receipt(self, instruction_id: str) -> Receipt | None:
        if instruction_id != Ask.PREVIEW or self._preview is None:
            return None
        return Receipt(
            id=instruction_id,
            ask=Ask.PREVIEW,
            success=True,
            message="",
            status="preview",
            at=self._snapshot.at,
            preview=self._preview,
        )


class Flown(NamedTuple):
    """A flight: a moment of it with open positions, what a stop would have done then, and the moment after the stop."""

    moment: Snapshot
    preview: Preview | None
    stopped: Snapshot


def flown(seconds: float = SECONDS) -> Flown:
    """Fly the paper bot until three positions are open, at least so long; then look, and stop all."""
    settings = _settings()
    source = market(settings, None, VIRTUAL_EPOCH)
    config = settings.engine_config(boot=source.now, autostart=True, virtual=False)
    seen: list[Flown] = []

    async def flight() -> None:
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        engine = build(settings, config, source, MemoryJournal(clock=clock), clock)
        running = asyncio.create_task(engine.run())
        await asyncio.sleep(seconds)
        for _ in range(_MOMENTS):
            if len(engine.snapshot().positions) >= _POSITIONS:
                break
            await asyncio.sleep(7.5)
        foreseen = engine.tell(Ask.PREVIEW, who="key:you")
        await asyncio.sleep(1)
        moment, answer = engine.snapshot(), engine.bulletin.receipts[foreseen]
        engine.tell(Ask.EMERGENCY_STOP, who="key:you")
        await asyncio.sleep(5)
        seen.append(Flown(_still(moment), answer.preview, _still(engine.snapshot())))
        engine.tell(Ask.SHUTDOWN, who="key:you")
        await running

    run_virtual(flight())
    return seen[0]


def _still(moment: Snapshot) -> Snapshot:
    return msgspec.structs.replace(moment, process=ProcessView(lag_p99=0.9, rss=96.0, pid=4711))


async def draw(flight: Flown) -> None:
    """Draw every picture of a flight."""
    FOLDER.mkdir(exist_ok=True)
    for name, size, keys, theme in PICTURES:
        moment = flight.stopped if name == "receipt" else flight.moment
        app = _fleet(flight, theme) if name == "fleet" else _cockpit(moment, flight.preview, theme)
        async with app.run_test(size=size) as pilot:
            await pilot.press(*keys)
            app.look()
            await pilot.pause()
            (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="radtui"), encoding="utf-8")


def _cockpit(moment: Snapshot, preview: Preview | None, theme: str) -> CockpitApp:
    door = Still(moment, preview)
    return CockpitApp(door, theme=theme, themes=load_themes(), clock=lambda: moment.at, user="you")


class Far(Still):
    """The same over a line."""

    def __init__(self, snapshot: Snapshot, line: Line, holder: str = "") -> None:
        super().__init__(snapshot)
        self.line = line
        self.age: float | None = 0.2 if line.state == "live" else line.since + 1
        self.controls = True
        self._helm = HelmView(holder=holder or "cli:you", since=snapshot.at, yours=not holder)

    def helm(self) -> HelmView:
        return self._helm

    def take_helm(self, *, over: bool = True) -> None:
        del over


def _fleet(flight: Flown, theme: str) -> CockpitApp:
    """Return a cockpit on three engines: one here, one far away that somebody else steers, one off the line."""
    now = flight.moment.at
    alpha, beta, gamma = (
        msgspec.structs.replace(shown, bot=bot, at=now - late * SECOND)
        for shown, bot, late in ((flight.moment, "alpha", 0), (flight.stopped, "beta", 0), (flight.moment, "gamma", 15))
    )
    live, far = Line(state=LineState.LIVE), Line(state=LineState.LIVE, latency=0.1)
    lost = Line(state=LineState.LOST, since=14.0, why="it answered no ping for 7 s")
    engines = ((Far(alpha, live), ""), (Far(beta, far, "cli:bob/laptop"), "tokyo"), (Far(gamma, lost), "frankfurt"))
    return CockpitApp(
        [FarDoor(engine, host=host, clock=lambda: now) for engine, host in engines],
        theme=theme,
        themes=load_themes(),
        clock=lambda: now,
        user="you",
    )


def _settings() -> Settings:
    layer = Layer.of([Entry("paper.seed", SEED, "the pictures")])
    return load(layer, environ={}, folder=Path("no such folder")).settings


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(draw(flown()))
