"""What ends a headless flight, of one engine or of several."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import Any

import pytest

from radtui.cli.landing import Signals, land_in_time
from radtui.core.instruction import Ask, ExitPolicy
from radtui.resilience.virtual import run_virtual


class Flown:
    """Hears what it is told."""

    ended = False

    def __init__(self) -> None:
        self.heard: list[tuple[Ask, str, ExitPolicy | None]] = []
        self.told = asyncio.Event()

    def tell(self, ask: Ask, *, who: str, why: str = "", exits: ExitPolicy | None = None) -> None:
        assert why
        self.heard.append((ask, who, exits))
        self.told.set()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
async def test_a_signal_shuts_down_and_a_second_one_forces(number: signal.Signals, code: int) -> None:
    flown, flight = Flown(), asyncio.create_task(asyncio.Event().wait())
    signals = Signals(flown, flight)
    with signals:
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), number)
        await flown.told.wait()
        assert (signals.exit, signals.forced) == (code, False)
        assert flown.heard == [(Ask.SHUTDOWN, f"signal:{number.name}", None)]
        os.kill(os.getpid(), number)
        with pytest.raises(asyncio.CancelledError):
            await flight
    assert signals.forced
    assert len(flown.heard) == 1


def test_time_and_the_end_of_the_market_shut_down() -> None:
    async def life(exchange: Any, seconds: float | None) -> list[tuple[Ask, str, ExitPolicy | None]]:
        flown = Flown()
        await land_in_time(flown, exchange, seconds)
        return flown.heard

    over, going = Flown(), Flown()
    over.ended = True
    assert run_virtual(life(going, 7.5)) == [(Ask.SHUTDOWN, "--for", None)]
    assert run_virtual(life(over, None)) == [(Ask.SHUTDOWN, "market", ExitPolicy.KEEP)]


async def test_a_loop_that_hears_none_of_three_signals_is_ended_by_force(capsys: pytest.CaptureFixture[str]) -> None:
    flown, flight = Flown(), asyncio.create_task(asyncio.Event().wait())
    dropped: list[int] = []
    gone = threading.Event()

    def drop(code: int) -> None:
        dropped.append(code)
        gone.set()

    with Signals(flown, flight, drop=drop, deaf=0.05):
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
        assert not gone.wait(0.1), "two are not enough"
        os.kill(os.getpid(), signal.SIGTERM)
        assert gone.wait(5)  # all the while this loop stands still
    flight.cancel()
    assert dropped == [143]
    assert "the engine hangs and heard none of 3 signals" in capsys.readouterr().err


async def test_a_loop_that_turns_is_not_dropped_however_many_signals_come() -> None:
    flown, flight = Flown(), asyncio.create_task(asyncio.Event().wait())
    dropped: list[int] = []
    with Signals(flown, flight, drop=dropped.append, deaf=0.02):
        for _ in range(5):
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)
    assert not dropped
    assert flight.cancelled()
