"""Alerts in the engine: judged of what is, kept over a restart, sent by channels that hold up nothing."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from radtui.core.alert_view import AlertView, Phase
from radtui.core.facts import Alerted, Instructed
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.market import HOUR, SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.alerting import Alerting
from radtui.engine.bulletin import Bulletin
from radtui.health.alerts.policy import Policy
from radtui.health.channels.by_apprise import AppriseCarrier
from radtui.health.channels.channel import Channel
from radtui.health.channels.outlet import Outlet
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.store.memory import MemoryJournal
from tests.engine.flights import Bot, Flight, Idle, fly
from tests.health.alerts import makers
from tests.health.channels.test_channel import QUICK, SOON, Carrier


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = makers.NOW

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


class Desk:
    """The alerting with everything round it, and what it sees."""

    def __init__(self, *channels: Channel, policy: Policy | None = None) -> None:
        self.clock = Hand()
        self.seen: Snapshot = makers.WELL
        self.journal = MemoryJournal(clock=self.clock)
        self.health = health = HealthMonitor(self.clock)
        health.heartbeats.register("alerts")
        self.bulletin = Bulletin("alpha", self.clock, self.journal, health, 0)
        self.outlet = Outlet(channels)
        self.alerting = Alerting(
            policy or Policy(),
            self.outlet,
            clock=self.clock,
            health=health,
            bulletin=self.bulletin,
            snapshot=lambda: self.seen,
            interval=0.01,
        )

    def look(self, seen: Snapshot, seconds: float = 1.0) -> None:
        self.seen, self.clock.at = seen, self.clock.at + round(seconds * SECOND)
        self.alerting.look()

    def kept(self) -> list[AlertView]:
        return [each.fact.alert for each in self.bulletin.after(0) if isinstance(each.fact, Alerted)]

    async def ask(self, ask: Ask, subject: str = "") -> Receipt:
        assert self.alerting.takes(Instruction(id=f"{ask}{subject}", ask=ask, who="key:alice", subject=subject))
        give_up = time.monotonic() + SOON
        while (receipt := self.bulletin.receipts.get(f"{ask}{subject}")) is None:
            assert time.monotonic() < give_up
            await asyncio.sleep(0.005)
        return receipt


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def desk(carrier: Carrier) -> Iterator[Desk]:
    made = Desk(Channel("phone", carrier, backoff=QUICK))
    made.outlet.open()
    yield made
    made.outlet.close()


async def until(true: Callable[[], Any]) -> None:
    give_up = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < give_up
        await asyncio.sleep(0.005)


async def test_it_fires_is_sent_acknowledged_and_resolved_and_each_step_is_kept(desk: Desk, carrier: Carrier) -> None:
    bare = makers.position(9.0)
    desk.look(bare)
    await until(lambda: len(carrier.delivered) == 1)
    assert carrier.delivered[0].title == "radtui alpha LIVE: ALARM: position-bare XBTUSDTM"
    receipt = await desk.ask(Ask.ACKNOWLEDGE, "1")
    assert (receipt.success, receipt.message) == (True, "acknowledged: 1 position-bare XBTUSDTM")
    for _ in range(40):
        desk.look(bare, 25.0)
    for _ in range(3):
        desk.look(makers.WELL, 25.0)
    await until(lambda: len(carrier.delivered) == 2)
    assert carrier.delivered[1].title == "radtui alpha LIVE: over: position-bare XBTUSDTM"
    assert [each.phase for each in desk.kept()] == [Phase.FIRING, Phase.ACKNOWLEDGED, Phase.RESOLVED]
    assert [each.rule for each in desk.alerting.history] == ["position-bare"]


async def test_who_acknowledged_is_on_record_and_survives_a_restart(desk: Desk) -> None:
    desk.look(makers.position(9.0))
    await desk.ask(Ask.ACKNOWLEDGE)
    asked = [each.fact.instruction.who for each in desk.bulletin.after(0) if isinstance(each.fact, Instructed)]
    assert asked == ["key:alice"]
    await desk.journal.durable()
    again = Desk()
    again.alerting.restore(desk.journal.reopen().known().alerts)
    again.look(makers.position(10.0))
    assert [(each.id, each.by) for each in again.alerting.view().open] == [("1", "key:alice")]
    assert again.kept() == [], "nothing new"


async def test_an_acknowledgement_of_nothing_is_answered(desk: Desk) -> None:
    assert (await desk.ask(Ask.ACKNOWLEDGE)).message == "nothing fires that nobody has seen"
    receipt = await desk.ask(Ask.ACKNOWLEDGE, "7")
    assert (receipt.success, receipt.message) == (False, "no open alert has the id 7; open are: none")


async def test_other_instructions_are_not_taken(desk: Desk) -> None:
    told = {ask: ask in {Ask.ACKNOWLEDGE, Ask.TEST_ALERTS} for ask in Ask}
    assert {ask: desk.alerting.takes(Instruction(id=ask, ask=ask, who="x")) for ask in Ask} == told
    await desk.alerting.stop()


async def test_a_test_names_what_is_dead_and_what_works(desk: Desk) -> None:
    assert (await desk.ask(Ask.TEST_ALERTS)).message == "sent by phone"
    unknown = await desk.ask(Ask.TEST_ALERTS, "fax")
    assert (unknown.success, unknown.message) == (False, "no channel is called fax; there are: phone")


async def test_a_test_with_a_dead_channel_fails_and_says_why() -> None:
    desk = Desk(Channel("mail", Carrier("wrong password"), backoff=QUICK), Channel("phone", Carrier(), backoff=QUICK))
    desk.outlet.open()
    receipt = await desk.ask(Ask.TEST_ALERTS)
    assert (receipt.success, receipt.message) == (False, "mail is dead: wrong password; sent by phone")
    desk.look(desk.seen)
    await desk.alerting.stop()


async def test_a_test_without_any_channel_says_so() -> None:
    receipt = await Desk().ask(Ask.TEST_ALERTS)
    assert not receipt.success
    assert "no channel is configured" in receipt.message


async def test_a_loop_that_stood_still_is_told_of_when_it_works_again(desk: Desk, carrier: Carrier) -> None:
    desk.look(makers.WELL)
    desk.look(makers.WELL, 29.0)
    assert desk.kept() == []
    desk.look(makers.WELL, 45.0)
    await until(lambda: bool(carrier.delivered))
    assert "stood still for 45 s" in carrier.delivered[0].body


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
async def test_a_dead_mail_server_delays_nothing_and_becomes_an_alert_of_its_own(mute: int) -> None:
    url = f"mailto://bob:hunter2hunter2@example.org:{mute}?smtp=127.0.0.1&from=b@example.org&to=x@example.org"
    mail, phone = Carrier(), Carrier()
    channels = (
        Channel("mail", AppriseCarrier(url), within=0.3, backoff=QUICK),
        Channel("phone", phone, backoff=QUICK),
    )
    desk = Desk(*channels)
    desk.outlet.open()
    longest = 0.0
    for number in range(200):
        began = time.monotonic()
        desk.look(makers.position(9.0 + number))
        longest = max(longest, time.monotonic() - began)
        await asyncio.sleep(0)
    assert longest < 0.25, "a look never waits"
    await until(lambda: bool(phone.delivered))
    await until(lambda: desk.outlet.views()[0].state == "dead")
    desk.look(makers.channel("dead"))
    assert desk.health.heartbeats.views(0)[0].note.startswith("mail is dead: ")
    await until(lambda: any("channel-dead" in f"{each.title}{each.body}" for each in phone.delivered))
    assert not mail.delivered
    began = time.monotonic()
    await desk.alerting.stop()
    assert time.monotonic() - began < 3.0
    assert "hunter2" not in f"{desk.kept()}{desk.outlet.views()}{[each.body for each in phone.delivered]}"


async def test_the_worker_looks_and_beats_until_it_is_cancelled(desk: Desk) -> None:
    desk.clock = SystemClock()  # type: ignore[assignment]
    desk.seen = makers.position(9.0)
    task: asyncio.Future[None] = asyncio.ensure_future(desk.alerting.worker().run())
    await until(lambda: desk.alerting.view().open)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_a_flight_whose_journal_fails_is_alarmed_and_ends_the_alarm_when_it_works_again() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.bot.journal.fail("the disk is full")
        await flight.until(lambda: flight.engine.snapshot().alerts.open, 120.0, every=0.5)
        [alarm] = flight.engine.snapshot().alerts.open
        assert (alarm.rule, alarm.severity.value) == ("journal-failing", "alarm")
        assert "the disk is full" in alarm.text
        flight.engine.tell(Ask.ACKNOWLEDGE, who="key:alice")
        assert flight.engine.snapshot().alerts.open[0].by == "key:alice"
        flight.bot.journal.heal()
        await flight.until(lambda: not flight.engine.snapshot().alerts.open, 300.0, every=0.5)
        assert flight.engine.snapshot().alert_history[0].rule == "journal-failing"

    fly(scenario, Idle)


def test_a_calm_flight_of_an_hour_fires_nothing() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(HOUR / SECOND)
        assert flight.facts(Alerted) == []

    fly(scenario, engine={"pulse": 5.0, "position_interval": 10.0})


def test_an_alert_outlives_a_crash_and_ends_in_the_next_life() -> None:
    bot = Bot(Idle)

    async def first(flight: Flight) -> None:
        await flight.ready()
        flight.health.heartbeats.register("stuck", 10.0)
        await flight.until(lambda: flight.engine.snapshot().alerts.open, 120.0, every=0.5)
        await asyncio.sleep(5.0)

    async def second(flight: Flight) -> None:
        await flight.ready()
        assert [each.id for each in flight.engine.snapshot().alerts.open] == ["1"]
        await flight.until(lambda: not flight.engine.snapshot().alerts.open, 300.0, every=0.5)
        assert [each.id for each in flight.engine.snapshot().alert_history] == ["1"]

    bot.live(first)
    bot.crash()
    bot.live(second)


def test_core_refuses_what_is_no_matter_of_it() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        receipt = await flight.ask(Ask.TEST_ALERTS)
        assert "no channel is configured" in receipt.message

    fly(scenario, Idle)
