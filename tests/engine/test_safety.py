"""What looks after the account should the engine die is told of every position, and let go of only when all is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.core.core import Core
from radtui.core.facts import Trouble
from radtui.engine.beacon import GUARDIAN, Beacon, Guarding, covers
from radtui.engine.dead_man import SWITCH, DeadMan
from radtui.engine.safety import Safety, SafetyConfig
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from tests.engine.flights import SYMBOLS, Buyer, Flight, core_config, fly


class Panel:
    """A switch that does nothing."""

    async def set_switch(self, seconds: int, symbols: tuple[str, ...]) -> None:
        """Set it."""


def safety(config: SafetyConfig) -> Safety:
    clock = SystemClock()
    said: list[Trouble] = []
    return Safety(config, Core(core_config()), HealthMonitor(clock), clock, said.append)


def guarding(home: Path) -> Guarding:
    return Guarding(socket=home / "s", record=home / "r", interval=5.0, terms="", hire=lambda: None)


async def test_where_there_is_nothing_nothing_runs() -> None:
    found = safety(SafetyConfig())
    found.look(None)
    await found.land(proper=True)
    assert (found.workers(), found.notices) == ((), ())


async def test_each_part_is_a_worker(tmp_path: Path) -> None:
    found = safety(SafetyConfig(guarding=guarding(tmp_path), switch=Panel()))
    assert [(worker.name, worker.limit) for worker in found.workers()] == [(GUARDIAN, 20.0), (SWITCH, 130.0)]
    found.look(None)
    assert found.notices == ()


@pytest.mark.parametrize("proper", [True, False])
async def test_the_guardian_is_let_go_only_where_all_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proper: bool
) -> None:
    done: list[str] = []

    async def land(_: Beacon) -> None:
        done.append("landed")

    async def off(_: DeadMan) -> None:
        done.append("off")

    monkeypatch.setattr(Beacon, "land", land)
    monkeypatch.setattr(DeadMan, "off", off)
    await safety(SafetyConfig(guarding=guarding(tmp_path), switch=Panel())).land(proper=proper)
    assert done == (["off", "landed"] if proper else ["off"])


def test_every_position_is_told_of_with_its_stop() -> None:
    async def scenario(flight: Flight) -> None:
        assert covers(flight.core) == ()
        await flight.ready()
        await flight.hold(SYMBOLS[0])
        await flight.hold(SYMBOLS[1])
        resting = {order.symbol: order.stop.price for order in flight.venue.open_orders() if order.stop}
        found = {cover.symbol: cover for cover in covers(flight.core)}
        assert {symbol: cover.stop for symbol, cover in found.items()} == resting
        held = {position.symbol: position.lots for position in flight.venue.positions()}
        assert {symbol: cover.lots for symbol, cover in found.items()} == held
        assert all(cover.long for cover in found.values())

    fly(scenario, Buyer)


def test_an_entry_is_told_of_before_it_is_sent() -> None:
    async def scenario(flight: Flight) -> None:
        sent: list[bool] = []
        place = flight.paper.place

        async def placed(request: object) -> str:
            told = {cover.symbol: cover for cover in covers(flight.core)}
            sent.append(told[request.symbol].stop is not None)  # type: ignore[attr-defined]
            return await place(request)  # type: ignore[arg-type]

        flight.paper.place = placed  # type: ignore[method-assign]
        await flight.ready()
        await flight.hold(SYMBOLS[0])
        assert sent
        assert all(sent)

    fly(scenario, Buyer)
