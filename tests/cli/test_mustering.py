"""From settings and journals to engines on one account: each with its own, and none with what another still holds."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from radtui.cli.failures import Failure
from radtui.cli.mustering import Bot, Ground, Muster, bots_of, members_of, source_of
from radtui.core.holding import Holding
from radtui.core.market import SECOND
from radtui.core.memory import Memory, pack
from radtui.core.positions import Position
from radtui.engine.engine import Engine
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.settings.bots import OneBot
from radtui.settings.risk import Risk
from radtui.settings.sections import Bot as BotSection
from radtui.settings.tree import Settings
from radtui.store.memory import MemoryJournal
from radtui.store.port import BotState
from tests.core.makers import XBT

EPOCH = 1_767_225_600 * SECOND
SETTINGS = Settings(
    bot=BotSection(timeframe="1m"),
    bots={
        "alpha": OneBot(symbols=("XBTUSDTM",), budget=Decimal("0.4")),
        "beta": OneBot(symbols=("ETHUSDTM",), budget=Decimal("0.5"), timeframe="5m", risk=Risk(leverage=2)),
    },
)


def mustered(journals: dict[str, MemoryJournal], settings: Settings = SETTINGS) -> dict[str, Engine]:
    async def life() -> dict[str, Engine]:
        clock, account = LoopClock(asyncio.get_running_loop(), EPOCH), MemoryJournal()
        ground = Ground(
            settings=settings, account=account, source=source_of(settings, account, EPOCH, fresh=False), clock=clock
        )
        own = bots_of(settings, boot=EPOCH, pulse=1.0, virtual=True)
        bots = {name: Bot(settings=mine, config=told, journal=journals[name]) for name, (mine, told) in own.items()}
        return Muster(ground, bots).engines

    return run_virtual(life())


def test_each_engine_is_told_what_is_its_own() -> None:
    engines = mustered({name: MemoryJournal() for name in SETTINGS.bots})
    cores = {name: engine.config.core for name, engine in engines.items()}
    assert {name: core.bot for name, core in cores.items()} == {"alpha": "alpha", "beta": "beta"}
    assert {name: core.symbols for name, core in cores.items()} == {"alpha": ("XBTUSDTM",), "beta": ("ETHUSDTM",)}
    assert {name: core.limits.leverage for name, core in cores.items()} == {"alpha": 3, "beta": 2}
    assert {name: core.timeframe for name, core in cores.items()} == {"alpha": "1m", "beta": "5m"}
    assert len({id(engine.exchange) for engine in engines.values()}) == 2
    assert members_of(SETTINGS).first == "alpha"


def test_a_contract_changes_hands_only_when_nobody_holds_it() -> None:
    held = Position(instrument=XBT, holding=Holding(10, Decimal(600)), leverage=3, opened_at=1)
    memory = pack(Memory(positions={XBT.symbol: held}))
    journals = {name: MemoryJournal() for name in SETTINGS.bots}
    journals["beta"].keep_state(BotState(desired="running", who="test", since=1, memory=memory))
    journals["beta"].close(clean=True)
    journals["beta"] = journals["beta"].reopen()
    with pytest.raises(Failure, match="beta still holds XBTUSDTM by its journal"):
        mustered(journals)
