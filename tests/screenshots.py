"""Makes the pictures in ``screenshots/``: a seeded paper bot is really flown, and the real cockpit looks at it.

    .venv/bin/python -m tests.screenshots

Virtual time, a fixed seed and a fixed process make the same pictures on every machine.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Final

import msgspec
import structlog

from radtui.cli.flight import VIRTUAL_EPOCH, build, market
from radtui.core.facts import Envelope
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import ProcessView, Snapshot
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.layers import Entry, Layer
from radtui.settings.loading import load
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.tui.app import CockpitApp
from radtui.tui.themes import load as load_themes

FOLDER: Final = Path(__file__).parent.parent / "screenshots"
SECONDS: Final = 900.0
"""Wall seconds of the flight; at ×60 fifteen hours of the market."""
SEED: Final = "3"
PICTURES: Final = (
    # name, size, keys pressed before the picture, theme
    ("cockpit", (120, 40), (), "radtui-dark"),
    ("cockpit-light", (120, 40), (), "radtui-light"),
    ("cockpit-wide", (200, 60), (), "radtui-dark"),
    ("cockpit-small", (80, 24), (), "radtui-dark"),
    ("colour-blind-safe", (120, 40), (), "colour-blind-safe"),
    ("why", (100, 34), ("w",), "radtui-dark"),
    ("emergency-stop", (100, 34), ("exclamation_mark",), "radtui-dark"),
    ("help", (100, 44), ("question_mark",), "radtui-dark"),
)


class Still:
    """An engine's door that shows one moment of a flight for ever."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def snapshot(self) -> Snapshot:
        return self._snapshot

    def events(self, after: int = 0) -> list[Envelope]:
        del after
        return []

    def send(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> Ack:
        del who, why, exits
        return Ack(id="still", ask=ask, at=self._snapshot.at)

    def receipt(self, instruction_id: str) -> Receipt | None:
        del instruction_id
        return None


def flown(seconds: float = SECONDS) -> Snapshot:
    """Fly the paper bot and return the last moment with at least three positions, else the last one."""
    settings = _settings()
    source = market(settings, None, VIRTUAL_EPOCH)
    config = settings.engine_config(boot=source.now, autostart=True, virtual=False)
    moments: list[Snapshot] = []

    async def flight() -> None:
        clock = LoopClock(asyncio.get_running_loop(), source.now)
        engine = build(settings, config, source, MemoryJournal(clock=clock), clock)
        running = asyncio.create_task(engine.run())
        for _ in range(round(seconds / 7.5)):
            await asyncio.sleep(7.5)
            moments.append(engine.snapshot())
        engine.tell(Ask.SHUTDOWN, who="pictures")
        await running

    run_virtual(flight())
    chosen = next((moment for moment in reversed(moments) if len(moment.positions) >= 3), moments[-1])
    return msgspec.structs.replace(chosen, process=ProcessView(lag_p99=0.9, rss=96.0, pid=4711))


async def draw(snapshot: Snapshot) -> None:
    """Draw every picture of `snapshot`."""
    FOLDER.mkdir(exist_ok=True)
    for name, size, keys, theme in PICTURES:
        app = CockpitApp(Still(snapshot), theme=theme, themes=load_themes(), clock=lambda: snapshot.at, user="you")
        async with app.run_test(size=size) as pilot:
            await pilot.press(*keys)
            await pilot.pause()
            (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="radtui"), encoding="utf-8")


def _settings() -> Settings:
    layer = Layer.of([Entry("paper.seed", SEED, "the pictures")])
    return load(layer, environ={}, folder=Path("no such folder")).settings


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    asyncio.run(draw(flown()))
