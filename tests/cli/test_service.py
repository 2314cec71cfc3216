"""What a service manager hears: ready once recovered, life only while there is some, the end before it comes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from radtui.cli.notify import READY, STOPPING, WATCHDOG, ServiceManager
from radtui.cli.service import at_fault, informed, silent, summary
from radtui.core.health_view import ApiView, WorkerView
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.link_view import DEAD, ConnectionView, LinkView
from radtui.core.money_view import MoneyView
from radtui.core.snapshot import Snapshot
from radtui.core.status_view import StatusView
from radtui.core.stopping_view import StoppingView
from radtui.engine.feeds import ACCOUNT, MARKET
from radtui.engine.main_loop import MAIN
from radtui.resilience.virtual import run_virtual
from tests.cli.managers import Listener

VITAL = (MAIN, MARKET, ACCOUNT)
ANSWERING = ApiView(history=(None, 100.0, 40.0))
AWAY = ApiView(history=(100.0, 0.0, 0.0))
"""An exchange that answered something lately, and one that was well two minutes ago."""


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    found = Listener(tmp_path)
    yield found
    found.close()


def seen(**changed: Any) -> Snapshot:
    """Return an engine that is well."""
    status = StatusView(
        state=State.RUNNING, since=0, who="core", why="", mode="paper", speed=1, bot="a", strategy="s", timeframe="1m",
        symbols=(), dev_mode=False, started_at=0, recovered=changed.pop("recovered", True),
    )  # fmt: skip
    well = Snapshot(
        sequence=1,
        bot="a",
        at=0,
        market_at=None,
        status=status,
        money=MoneyView(equity=Decimal("10012.344")),
        workers=tuple(worker(name) for name in VITAL),
        api=ANSWERING,
    )
    return replace(well, **changed)


def worker(name: str, *, healthy: bool = True) -> WorkerView:
    return WorkerView(name=name, age=1.0, limit=30.0, healthy=healthy)


def without(name: str) -> tuple[WorkerView, ...]:
    return tuple(worker(each, healthy=each != name) for each in VITAL)


def told(listener: Listener, shown: list[Snapshot], seconds: float = 4.0, watchdog: float | None = 8.0) -> list[str]:
    """Return what the manager hears in `seconds` of these engines."""

    async def flight() -> None:
        with informed(lambda: shown, ServiceManager(listener.address, watchdog)):
            await asyncio.sleep(seconds)

    run_virtual(flight())
    return listener.heard()


def test_an_engine_that_is_well_is_ready_once_and_fed_again_and_again(listener: Listener) -> None:
    heard = told(listener, [seen()])
    status = "STATUS=a running; equity 10,012.34 USDT; 0 positions, 0 stops"
    assert heard[:3] == [READY, status, WATCHDOG]
    assert heard.count(READY) == 1
    assert heard.count(WATCHDOG) == 2
    assert heard[-2] == STOPPING


def test_it_is_fed_four_times_before_the_watchdog_would_bite(listener: Listener) -> None:
    assert told(listener, [seen()], seconds=1.0, watchdog=1.0).count(WATCHDOG) == 4


def test_one_of_several_that_has_not_recovered_holds_ready_back(listener: Listener) -> None:
    assert READY not in told(listener, [seen(), seen(recovered=False)])


@pytest.mark.parametrize("name", VITAL)
def test_what_is_vital_and_silent_stops_the_feeding(listener: Listener, name: str) -> None:
    dead = seen(workers=without(name))
    heard = told(listener, [seen(), dead])
    assert WATCHDOG not in heard
    assert any(f"not heard: {name}" in word for word in heard)
    assert silent(dead) == (name,)


OUTAGES = {
    "both feeds lost, no call answered": seen(
        workers=(worker(MAIN), worker(MARKET, healthy=False), worker(ACCOUNT)), feeds_lost=(MARKET, ACCOUNT), api=AWAY
    ),
    "a feed lost, calls answered": seen(workers=without(MARKET), feeds_lost=(MARKET,)),
    "silent without a word, no call answered": seen(workers=without(MARKET), api=AWAY),
    "not even tried": seen(workers=without(ACCOUNT), api=ApiView()),
    "a connection dead with the exchange": seen(
        link=LinkView(connections=(ConnectionView(name="public 1", state=DEAD),)), feeds_lost=(MARKET,), api=AWAY
    ),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_of_the_exchange_is_shown_and_never_starts_anything_anew(
    listener: Listener, outage: Snapshot
) -> None:
    heard = told(listener, [outage], seconds=7.0)
    assert heard.count(WATCHDOG) == 4
    assert f"not heard: {', '.join(silent(outage))}" in heard[1]


def test_a_connection_that_nothing_opens_again_is_our_own_fault(listener: Listener) -> None:
    dead = seen(link=LinkView(connections=(ConnectionView(name="public 1", state=DEAD),)))
    assert at_fault(dead) == ("public 1",)
    assert WATCHDOG not in told(listener, [dead])


def test_a_loop_that_does_nothing_is_our_own_fault_also_in_an_outage(listener: Listener) -> None:
    dead = seen(workers=without(MAIN), feeds_lost=(MARKET, ACCOUNT), api=AWAY)
    assert at_fault(dead) == (MAIN,)
    assert WATCHDOG not in told(listener, [dead])


def test_another_worker_is_no_reason_to_start_anew() -> None:
    assert not at_fault(seen(workers=(*seen().workers, worker("alerts", healthy=False))))


def test_a_shutdown_is_said_and_given_time_whatever_its_feeds_do(listener: Listener) -> None:
    ending = seen(stopping=StoppingView(asks=(Ask.SHUTDOWN,), since=0), workers=())
    heard = told(listener, [ending])
    assert heard[1:4] == [STOPPING, "EXTEND_TIMEOUT_USEC=30000000", WATCHDOG]
    assert READY not in heard


def test_a_stop_that_keeps_the_process_is_no_end(listener: Listener) -> None:
    heard = told(listener, [seen(stopping=StoppingView(asks=(Ask.STOP,), since=0))])
    assert heard.count(STOPPING) == 1  # the end of the flight itself


def test_ready_is_said_again_where_it_was_not_taken(tmp_path: Path) -> None:
    manager = ServiceManager(str(tmp_path / "notify"), 8.0)
    heard: list[str] = []

    async def flight() -> None:
        with informed(lambda: [seen()], manager):
            await asyncio.sleep(3.0)
            listener = Listener(tmp_path)
            await asyncio.sleep(3.0)
            heard.extend(listener.heard())
            listener.close()

    run_virtual(flight())
    assert heard[0] == READY


def test_a_loop_that_is_stuck_feeds_nobody(listener: Listener) -> None:
    async def flight(held: Callable[[float], None]) -> list[str]:
        with informed(lambda: [seen()], ServiceManager(listener.address, 0.2)):
            await asyncio.sleep(0.1)
            listener.heard()
            held(0.3)
            return listener.heard()

    assert asyncio.run(flight(time.sleep)) == []


def test_an_engine_that_cannot_be_seen_is_not_claimed_to_live_and_is_looked_at_again(listener: Listener) -> None:
    failing = [True, True]

    def look() -> list[Snapshot]:
        if failing and failing.pop():
            raise ValueError("torn")
        return [seen()]

    async def flight() -> list[str]:
        with informed(look, ServiceManager(listener.address, 8.0)):
            await asyncio.sleep(3.0)
            early = listener.heard()
            await asyncio.sleep(3.0)
            return early

    assert run_virtual(flight()) == []
    assert listener.heard()[0] == READY


def test_where_no_engine_is_left_nothing_is_claimed(listener: Listener) -> None:
    heard = told(listener, [])
    assert READY not in heard
    assert WATCHDOG not in heard


def test_without_a_manager_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)

    def look() -> list[Snapshot]:
        raise AssertionError

    async def flight() -> None:
        with informed(look):
            await asyncio.sleep(10.0)

    run_virtual(flight())


def test_several_engines_stand_in_one_line() -> None:
    line = summary([seen(), replace(seen(money=MoneyView()), bot="b")])
    assert line.count(" | ") == 1
    assert "b running; equity not read yet" in line
