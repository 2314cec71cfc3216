"""The exchange's switch names only contracts on which it can do nothing but good."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.core.order import Cross, OrderType, Trigger
from radtui.core.orders import Purpose
from radtui.engine import dead_man
from radtui.engine.dead_man import SWITCH, DeadMan, safe_to_cancel
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.resilience.failures import Refused, Transient
from tests.core.makers import request
from tests.engine.flights import core_config


class Panel:
    """A switch that notes how it is set."""

    def __init__(self) -> None:
        self.set: list[tuple[int, tuple[str, ...]]] = []
        self.failing: list[Exception] = []

    async def set_switch(self, seconds: int, symbols: tuple[str, ...]) -> None:
        self.set.append((seconds, symbols))
        if self.failing:
            raise self.failing.pop(0)


class World:
    """A dead man, and which contracts are safe."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.safe: tuple[str, ...] = ()
        monkeypatch.setattr(dead_man, "safe_to_cancel", lambda _: self.safe)
        health = HealthMonitor(SystemClock())
        health.heartbeats.register(SWITCH, 30)
        self.panel, self.said = Panel(), list[Trouble]()
        self.man = DeadMan(self.panel, Core(core_config()), health, 180, self.said.append)

    async def flown(self, *steps: tuple[str, ...]) -> None:
        """Keep the switch while these contracts are safe, one after the other."""
        task = asyncio.create_task(self.man.run())
        for step in steps:
            self.safe = step
            self.man.look()
            for _ in range(5):
                await asyncio.sleep(0)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    return World(monkeypatch)


async def test_it_is_off_while_nothing_may_go(world: World) -> None:
    await world.flown((), (), ())
    await world.man.off()
    assert world.panel.set == [(180, ())], "what an earlier life may have left armed is switched off, once"


async def test_it_follows_what_is_safe_at_once_and_is_off_at_the_end(world: World) -> None:
    await world.flown(("A",), ("A", "B"), ("A", "B"), ("B",), ())
    assert world.panel.set == [(180, ("A",)), (180, ("A", "B")), (180, ("B",)), (180, ())]
    world.panel.set.clear()
    await world.flown(("A",))
    await world.man.off()
    assert world.panel.set == [(180, ("A",)), (180, ())]


async def test_an_account_without_one_is_said_once_and_never_asked_again(world: World) -> None:
    world.panel.failing = [Refused("no unified account")]
    await world.flown(("A",), ("B",), ("A",))
    await world.man.off()
    assert len(world.panel.set) == 1
    assert [trouble.severity for trouble in world.said] == ["warning"]


async def test_what_could_not_be_let_go_of_is_tried_again_soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_man, "_AGAIN", 0.0)
    await world.flown(("A",))
    world.panel.failing = [Transient("away")]
    await world.flown((), (), ())
    assert world.panel.set == [(180, ("A",)), (180, ()), (180, ())]


async def test_one_that_may_have_been_set_is_switched_off_all_the_same(world: World) -> None:
    world.panel.failing = [Transient("away"), Transient("away")]
    await world.flown(("A",))
    await world.man.off()
    await world.man.off()
    assert world.panel.set == [(180, ("A",)), (180, ()), (180, ())]
    assert world.said == []


def test_only_contracts_where_entries_rest_alone_are_safe() -> None:
    at: dict[str, Any] = {"price": Decimal(1), "stop": None}
    trigger: dict[str, Any] = {"price": None, "stop": Trigger(Cross.UP, Decimal(1))}
    market: dict[str, Any] = {"price": None, "stop": None}

    def resting(symbol: str, kind: dict[str, Any] = at, *, resting: bool = True) -> Any:
        kind = {"type": OrderType.LIMIT if kind["price"] else OrderType.MARKET, **kind}
        return SimpleNamespace(symbol=symbol, resting=resting, request=request(symbol=symbol, **kind))

    entries = [resting("A"), resting("B"), resting("C"), resting("D", market), resting("E", resting=False)]
    entries.append(resting("F", trigger))
    orders = {Purpose.ENTRY: entries, Purpose.STOP: [resting("B", trigger, resting=False)]}
    trading = SimpleNamespace(
        orders=SimpleNamespace(live=lambda purpose: orders[purpose]),
        positions=SimpleNamespace(taken=lambda symbol: symbol == "C"),
    )
    core: Any = SimpleNamespace(trading=trading)
    assert safe_to_cancel(core) == ("A", "F")


def test_nothing_is_safe_where_nothing_rests() -> None:
    assert safe_to_cancel(Core(core_config())) == ()
