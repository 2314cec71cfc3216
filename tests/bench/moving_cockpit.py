"""The cockpit on an engine whose ten positions all move at every look, or stand still.

Usage: moving_cockpit.py THEME moving|still
"""

from __future__ import annotations

import asyncio
import os
import sys
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1] / "tui"))

from pieces import NOW
from scenes import running
from scripted import USER, ScriptedEngine, shelf

from radtui.core.market import SECOND
from radtui.core.position_view import PositionView
from radtui.core.snapshot import Snapshot
from radtui.tui.terminal import read_terminal, textual_environment

POSITIONS = 10
LOOK = SECOND // 4
_DRIFT = 40


class MovingEngine(ScriptedEngine):
    """An engine on which a quarter of a second passes between two looks, and every mark moves by some ticks."""

    def __init__(self, shown: Snapshot) -> None:
        super().__init__(shown)
        self._random = Random(7)

    def snapshot(self) -> Snapshot:
        now = self.shown.at + LOOK
        positions = tuple(self._moved(each, now) for each in self.shown.positions)
        unrealised = sum((each.pnl or Decimal(0) for each in positions), Decimal(0))
        money = msgspec.structs.replace(
            self.shown.money, unrealised=unrealised, equity=Decimal(10_200) + unrealised, read_at=now
        )
        self.shown = msgspec.structs.replace(self.shown, at=now, market_at=now, positions=positions, money=money)
        return super().snapshot()

    def _moved(self, held: PositionView, now: int) -> PositionView:
        tick = Decimal(1).scaleb(-held.price_decimals)
        mark = (held.mark or held.entry) + tick * self._random.randint(-_DRIFT, _DRIFT)
        pnl = held.pnl and held.pnl + Decimal(self._random.randint(-99, 99)) / 100
        percent = float(pnl / held.margin * 100) if pnl else 0.0
        return msgspec.structs.replace(held, mark=mark, pnl=pnl, pnl_pct=percent, mark_at=now)


def main(theme: str, moving: bool) -> None:
    os.environ.update(textual_environment(read_terminal()))
    from radtui.tui.app import CockpitApp
    from radtui.tui.driver import CockpitDriver

    engine = (MovingEngine if moving else ScriptedEngine)(running(POSITIONS))
    app = CockpitApp(
        engine,
        theme=theme,
        themes=shelf(),
        clock=lambda: engine.shown.at if moving else NOW,
        user=USER,
        driver_class=CockpitDriver,
    )
    asyncio.run(app.run_async(mouse=False))


main(sys.argv[1], sys.argv[2] == "moving")
