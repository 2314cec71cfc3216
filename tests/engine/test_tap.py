"""Flights on record: whatever happened to them, a replay answers every event as the flight did."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.events import Passed, ReadFailed
from radtui.core.instruction import Ask
from radtui.core.market import MINUTE
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.engine.tap import Tap
from radtui.exchange.kucoin.adapter import KucoinExchange
from radtui.exchange.kucoin.config import KucoinConfig
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.store.memory import MemoryJournal
from radtui.store.recorder import InlineRecorder
from radtui.store.recording import Segment
from radtui.store.rerun import Outcome, rerun
from radtui.store.shelf import MemoryShelf
from radtui.venue.model import SeededMarket
from tests.core.makers import NOW
from tests.engine.flights import EPOCH, EVERYTHING, SYMBOLS, Bot, Flight, Turner, core_config
from tests.store.recordings import price

SEGMENT = 100_000
FEW = {WireFault.LOST_AFTER: 0.01, WireFault.ERROR: 0.02, WireFault.DUPLICATE: 0.02, WireFault.REORDER: 0.01}


class Taped(Bot):
    """A bot of whose every life there is a recording.

    Attributes:
        shelves: one a life.
    """

    def __init__(self, *told: Any, **options: Any) -> None:
        self.shelves: list[MemoryShelf] = []
        super().__init__(*told, **options)

    def build(self, *told: Any, **options: Any) -> Engine:
        """Return the engine of a life, with a tap."""
        engine = super().build(*told, **options)
        self.shelves.append(MemoryShelf())
        recorder = InlineRecorder(self.shelves[-1], segment=SEGMENT)
        engine._tap = Tap(engine.core, recorder, engine.warn)
        return engine


def replayed(shelf: MemoryShelf, *, torn: int = 0) -> Outcome:
    """Replay a life; of its last segment `torn` bytes are missing."""
    contents = [bytes(content) for content in shelf.segments]
    contents[-1] = contents[-1][: len(contents[-1]) - torn]
    return rerun(Segment(content) for content in contents)


def same(shelf: MemoryShelf) -> Outcome:
    outcome = replayed(shelf)
    assert outcome.diverged is None
    assert outcome.replayed == outcome.events > 100
    for content in shelf.segments[1:]:
        alone = rerun([Segment(bytes(content))])
        assert alone.diverged is None
        assert alone.replayed == alone.events
    return outcome


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3))])
def test_a_paper_flight_with_every_fault_and_an_emergency(seed: int) -> None:
    bot = Taped(seed=seed, rates=EVERYTHING)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(1200)
        flight.heal()
        await flight.ask(Ask.EMERGENCY_STOP)
        await flight.ask(Ask.SHUTDOWN)
        await flight.task

    bot.live(scenario)
    outcome = same(bot.shelves[0])
    assert outcome.facts["Executed"] > 2
    assert outcome.snapshot is not None
    assert not outcome.snapshot.positions
    assert any(receipt.startswith("emergency-stop") for receipt in outcome.receipts)


def test_every_life_of_a_bot_that_crashes() -> None:
    bot = Taped(rates=EVERYTHING, outlives=True)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(400)

    for _ in range(3):
        bot.live(scenario)
        bot.crash()
    assert len(bot.shelves) == 3
    for shelf in bot.shelves:
        same(shelf)
        torn = replayed(shelf, torn=5)
        assert torn.diverged is None
        assert torn.notes


def test_the_recording_ends_with_the_flight_and_shows_what_it_ended_with() -> None:
    bot = Taped()

    async def scenario(flight: Flight) -> Any:
        await flight.ready()
        await flight.hold()
        await flight.ask(Ask.SHUTDOWN)
        await flight.task
        return flight.engine.snapshot()

    seen = bot.live(scenario)
    outcome = same(bot.shelves[0])
    assert outcome.snapshot is not None
    assert outcome.snapshot.status.state == seen.status.state
    assert outcome.snapshot.money == seen.money
    assert [order.client_id for order in outcome.snapshot.orders] == [order.client_id for order in seen.orders]


@pytest.mark.parametrize(
    "faults", [pytest.param({}, marks=pytest.mark.long, id="calm"), pytest.param(FEW, id="faults")]
)
def test_a_flight_on_kucoins_protocol(faults: dict[WireFault, float]) -> None:
    shelf = MemoryShelf()

    async def flight() -> None:
        loop = asyncio.get_running_loop()
        clock = LoopClock(loop, EPOCH)
        key, health = seeded_key(7), HealthMonitor(clock)
        market = SeededMarket(SYMBOLS, seed=1, start=EPOCH)
        exchange = open_exchange(
            market, [key], now=clock.now, seed=1, balances={"USDT": Decimal(10_000)}, warmup=60, faults=WireFaults(1)
        )
        async with Loopback(exchange, turn=1.0) as network:
            network.exchange.faults.figures.update(faults)
            kucoin = KucoinExchange(
                KucoinConfig(symbols=SYMBOLS, spans=(MINUTE,)),
                Credentials(key.key, key.secret, key.passphrase),
                clock=clock,
                observer=health.calls,
                random=Random(1),
                transport=network,
                connector=network,
            )
            config = EngineConfig(core=core_config(clock.now()), warmup=30, virtual=True, autostart=True)
            recorder = InlineRecorder(shelf, segment=SEGMENT)
            engine = Engine(config, kucoin, MemoryJournal(), health, clock, Turner, seed=1, recorder=recorder)
            task = asyncio.create_task(engine.run())
            await asyncio.sleep(300)
            network.exchange.faults.figures.clear()
            engine.tell(Ask.SHUTDOWN, who="test")
            await asyncio.wait_for(task, 120)

    run_virtual(flight())
    outcome = same(shelf)
    assert outcome.facts["Executed"] > 0


def tap(shelf: MemoryShelf) -> tuple[Tap, list[str]]:
    said: list[str] = []
    recorder = InlineRecorder(shelf, batch=0)
    return Tap(Core(CoreConfig(bot="t", boot=NOW)), recorder, lambda _kind, text, _where: said.append(text)), said


def test_trouble_is_said_once_and_trading_goes_on() -> None:
    class Full(MemoryShelf):
        def append(self, piece: bytes) -> None:
            raise OSError(28, "No space left on device")

    made, said = tap(Full())
    for number in range(50):
        made.handle(price(number))
        made.handle(Passed(price(number).at, price(number).at))
    assert len(said) == 1
    assert "No space left" in said[0]
    assert "trading goes on" in said[0]


def test_a_state_that_cannot_be_taken_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = MemoryShelf()
    made, said = tap(shelf)
    made._core.desk.__dict__["strange"] = iter(())
    for hours in range(5):
        made.handle(Passed(NOW + hours * 60 * MINUTE, NOW))
    made.close()
    assert len(shelf.segments) > 2
    assert len(said) == 1
    assert "only where the flight began" in said[0]


def test_what_core_breaks_on_is_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = MemoryShelf()
    made, _ = tap(shelf)

    def broken(_event: object) -> None:
        raise ZeroDivisionError

    made._core._handlers[ReadFailed] = broken
    with pytest.raises(ZeroDivisionError):
        made.handle(ReadFailed(NOW, "x"))
    made.close()
    (record,) = Segment(bytes(shelf.segments[0])).records()
    assert record.event == ReadFailed(NOW, "x")
    assert record.commands is None
