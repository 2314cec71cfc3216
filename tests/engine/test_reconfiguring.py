"""A flying bot gets other settings: all of them or none, in order, with who; and a recording tells the same again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from threading import Event
from typing import Any

import msgspec
import pytest

from radtui.core.config import Limits
from radtui.core.configuration_view import Change, SettingView
from radtui.core.facts import Instructed, Receipted
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.portfolio_view import WeightView
from radtui.engine import reconfiguring
from radtui.engine.adjustment import Adjustment
from radtui.engine.bulletin import Bulletin
from radtui.engine.config import EngineConfig
from radtui.engine.reconfiguring import Reconfiguring
from radtui.engine.sources import Proposal, Unusable
from radtui.health.alerts.policy import Policy
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.store.memory import MemoryJournal
from radtui.store.recording import Segment
from radtui.store.rerun import rerun
from tests.engine.flights import UNCHECKED, Buyer, Flight, Idle, core_config, fly
from tests.engine.test_tap import Taped

INTERVAL = Change(key="cycle.interval", before="300.0", after="30.0", where="x.toml line 2", live=True)
NAME = Change(key="bot.name", before="a", after="b", where="x.toml line 3", live=False)


class Written:
    """Sources that a test writes."""

    def __init__(self, flight: Flight, **tuning: Any) -> None:
        self.was = Adjustment.of(flight.engine.config)
        self.wants = msgspec.structs.replace(self.was, tuning=msgspec.structs.replace(self.was.tuning, **tuning))
        self.changes: tuple[Change, ...] = (INTERVAL,)
        self.waiting: tuple[Change, ...] = ()
        self.taken: list[Proposal] = []
        self.problem = self.broken = ""
        self.asked: list[tuple[dict[str, str | None], str]] = []
        flight.engine.read_settings_from(self)

    @property
    def file(self) -> str:
        return "x.toml"

    def settings(self) -> Sequence[SettingView]:
        return [SettingView(key="cycle.interval", value=str(len(self.taken)), where="x.toml line 2", live=True)]

    def read(self) -> Proposal:
        if self.problem:
            raise Unusable(self.problem)
        return Proposal(changes=self.changes, waiting=self.waiting, adjustment=self.wants)

    def change(self, values: Mapping[str, str | None], who: str) -> Proposal:
        self.asked.append((dict(values), who))
        return self.read()

    def before(self) -> Proposal | None:
        return Proposal(changes=(INTERVAL,), waiting=(), adjustment=self.was) if self.taken else None

    def describe(self, values: Mapping[str, str | None]) -> str:
        return ", ".join(values)

    def take(self, proposal: Proposal) -> None:
        if self.broken:
            raise OSError(self.broken)
        self.taken.append(proposal)


async def ask(flight: Flight, what: Ask, subject: str = "", who: str = "test") -> Receipt:
    id_ = flight.engine.tell(what, who=who, subject=subject)
    await flight.until(lambda: id_ in flight.engine.bulletin.receipts)
    return flight.engine.bulletin.receipts[id_]


def kept(flight: Flight) -> list[str]:
    facts = (*flight.facts(Instructed), *flight.facts(Receipted))
    named = (fact.instruction.ask if isinstance(fact, Instructed) else fact.receipt.ask for fact in facts)
    return [each for each in named if each.endswith("config")]


def test_a_flying_bot_goes_by_the_new_settings_and_says_who_wanted_them() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight, cycle_interval=2 * SECOND, limits=msgspec.structs.replace(UNCHECKED, positions=1))
        before = flight.core.cycle_count
        receipt = await ask(flight, Ask.RELOAD_CONFIG, who="cli:lena")
        assert (receipt.success, receipt.changes) == (True, (INTERVAL,))
        assert receipt.message == "changed: cycle.interval 300.0 → 30.0"
        seen = flight.engine.snapshot()
        assert (seen.status.cycle_interval, seen.positions_limit) == (2.0, 1)
        assert (seen.configuration.revision, seen.configuration.who) == (1, "cli:lena")
        assert seen.configuration.undo == (INTERVAL,)
        assert seen.configuration.settings[0].value == "1"
        await asyncio.sleep(11)
        assert flight.core.cycle_count - before >= 5, "cycles come at the new pace"
        assert len(written.taken) == 1
        assert kept(flight) == ["reload-config", "reload-config"]

    fly(scenario, Idle)


def test_one_position_at_most_from_now_on() -> None:
    async def scenario(flight: Flight) -> int:
        await flight.ready()
        Written(flight, limits=msgspec.structs.replace(UNCHECKED, positions=1))
        await ask(flight, Ask.RELOAD_CONFIG)
        await asyncio.sleep(300)
        return len(flight.core.trading.positions.open)

    assert fly(scenario, Buyer) == 1


def test_a_cycle_that_takes_longer_than_the_new_deadline_fails() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        assert flight.engine.config.core.cycle_deadline == 30 * SECOND
        Written(flight, cycle_deadline=1, cycle_interval=5 * SECOND)
        await ask(flight, Ask.RELOAD_CONFIG)
        await flight.until(lambda: flight.core.failures >= 1)

    fly(scenario, Idle)


def test_the_report_and_the_alerts_follow() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight)
        muted = Policy(muted=("error",))
        written.wants = msgspec.structs.replace(written.was, report_interval=7.0, alerts=muted)
        await ask(flight, Ask.RELOAD_CONFIG)
        assert flight.engine.config.report_interval == 7.0
        assert flight.engine._digest._interval == 7 * SECOND
        assert flight.engine._alerting._book.policy == muted

    fly(scenario, Idle)


def test_looking_changes_nothing_and_is_not_kept() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight, max_retries=9)
        written.waiting = (NAME,)
        receipt = await ask(flight, Ask.CHECK_CONFIG)
        assert receipt.changes == (INTERVAL, NAME)
        assert receipt.message == "would change: cycle.interval 300.0 → 30.0; waits for a restart: bot.name a → b"
        assert flight.core.config.max_retries == 3
        assert (written.taken, kept(flight)) == ([], [])

    fly(scenario, Idle)


@pytest.mark.parametrize("ask_for", [Ask.RELOAD_CONFIG, Ask.CHANGE_CONFIG])
def test_where_the_last_step_fails_everything_is_as_before(ask_for: Ask) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight, max_retries=9, cycle_interval=SECOND)
        config, view = flight.engine.config, flight.engine.snapshot().configuration
        written.broken = "the log cannot be told"
        receipt = await ask(flight, ask_for, '{"cycle.interval": "1"}')
        assert (receipt.success, receipt.refused) == (False, True)
        assert "the log cannot be told; nothing was changed" in receipt.message
        assert flight.engine.config == config
        assert flight.core.config == flight.core.desk.config == config.core
        assert flight.engine.snapshot().configuration == view
        written.broken = ""
        assert (await ask(flight, Ask.RELOAD_CONFIG)).success

    fly(scenario, Idle)


def test_what_cannot_be_used_is_told_and_changes_nothing() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight, max_retries=9)
        written.problem = "risk.leverage = 1000 (x.toml line 4): allowed is a whole number from 1 to 125"
        receipt = await ask(flight, Ask.RELOAD_CONFIG)
        assert receipt.message == f"{written.problem}; nothing was changed"
        assert flight.core.config.max_retries == 3
        for subject in ("", "nonsense", "[]", "{}", '{"a": 1}', '{"a": "' + "x" * 9_000 + '"}'):
            receipt = await ask(flight, Ask.CHANGE_CONFIG, subject)
            assert receipt.refused, subject
        assert written.asked == []

    fly(scenario, Idle)


def test_a_rollback_and_a_rollback_of_nothing() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        assert (await ask(flight, Ask.ROLLBACK_CONFIG)).refused, "there are no sources yet"
        written = Written(flight, max_retries=9)
        assert "nothing to roll back" in (await ask(flight, Ask.ROLLBACK_CONFIG)).message
        await ask(flight, Ask.RELOAD_CONFIG)
        assert flight.core.config.max_retries == 9
        assert (await ask(flight, Ask.ROLLBACK_CONFIG)).success
        assert flight.core.config.max_retries == 3
        assert flight.engine.snapshot().configuration.revision == 2
        assert len(written.taken) == 2

    fly(scenario, Idle)


def test_a_change_is_kept_in_words_and_never_as_it_was_typed() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight)
        await ask(flight, Ask.CHANGE_CONFIG, '{"kucoin.secret": "marker-5ecret"}', who="api:phone")
        await ask(flight, Ask.CHANGE_CONFIG, "marker-5ecret")
        await ask(flight, Ask.RELOAD_CONFIG, "marker-5ecret")
        assert written.asked[0] == ({"kucoin.secret": "marker-5ecret"}, "api:phone")
        said = [
            fact.instruction.subject for fact in flight.facts(Instructed) if fact.instruction.ask.endswith("config")
        ]
        assert said == ["kucoin.secret", "what cannot be read", ""]
        assert b"marker-5ecret" not in msgspec.json.encode([each.fact for each in flight.bot.facts])

    fly(scenario, Idle)


def test_two_at_once_are_served_one_after_the_other() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight, max_retries=9)
        ids = [flight.engine.tell(Ask.RELOAD_CONFIG, who=f"w{number}") for number in range(5)]
        receipts = flight.engine.bulletin.receipts
        await flight.until(lambda: all(id_ in receipts for id_ in ids))
        assert [receipts[id_].who for id_ in ids] == [f"w{number}" for number in range(5)]
        assert len(written.taken) == 5

    fly(scenario, Idle)


def test_an_engine_that_ends_amid_a_reading_leaves_nothing_behind() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        Written(flight, max_retries=9)
        flight.engine.tell(Ask.RELOAD_CONFIG, who="late")
        flight.task.cancel()
        await asyncio.gather(flight.task, return_exceptions=True)
        assert not flight.engine._reconfiguring._chores

    fly(scenario, Idle)


def test_a_recording_of_it_is_replayed_to_the_byte_from_the_start_and_from_the_middle() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        Written(
            flight, cycle_interval=20 * SECOND, protect_within=3 * SECOND,
            limits=Limits(positions=1, losing_streak=50, daily_loss=UNCHECKED.daily_loss, drawdown=UNCHECKED.drawdown),
        )  # fmt: skip
        await asyncio.sleep(120)
        assert (await ask(flight, Ask.RELOAD_CONFIG)).success
        await asyncio.sleep(1200)

    bot = Taped(engine={"pulse": 0.5})
    bot.live(scenario)
    contents = [bytes(content) for content in bot.shelves[0].segments]
    whole = rerun(Segment(content) for content in contents)
    assert whole.diverged is None
    assert whole.kinds["Configured"] == 1
    assert len(contents) > 1, "there is a segment that begins after it"
    last = rerun([Segment(contents[-1])])
    assert last.diverged is None
    assert last.snapshot is not None
    assert last.snapshot.positions_limit == 1


def test_a_disk_that_hangs_holds_up_neither_the_loop_nor_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconfiguring, "READ_WITHIN", 0.2)
    hanging = Event()

    async def scenario() -> Receipt:
        clock = SystemClock()
        bulletin = Bulletin("t", clock, MemoryJournal(), HealthMonitor(clock), 0)
        was, answered = Adjustment.of(EngineConfig(core=core_config())), asyncio.Event()
        bulletin.watch(lambda envelope: answered.set() if isinstance(envelope.fact, Receipted) else None)
        served = Reconfiguring(
            clock=clock,
            bulletin=bulletin,
            now=lambda: was,
            adjust=lambda _: None,
            state=lambda: "running",
            threaded=True,
        )
        served.read_from(Hanging(hanging))
        served.takes(Instruction(id="1", ask=Ask.RELOAD_CONFIG, who="test"))
        async with asyncio.timeout(5):
            await answered.wait()
        for number in range(30):
            served.takes(Instruction(id=f"n{number}", ask=Ask.CHECK_CONFIG, who="flood"))
        assert "too many" in bulletin.receipts["n29"].message
        served.takes(Instruction(id="2", ask=Ask.RELOAD_CONFIG, who="test"))
        await served.stop()
        return bulletin.receipts["1"]

    receipt = asyncio.run(scenario())
    hanging.set()
    assert "could not be read within" in receipt.message
    assert receipt.refused


class Hanging(Written):
    """Sources on a disk that is gone."""

    def __init__(self, hanging: Event) -> None:
        self.hanging, self.taken = hanging, []

    def settings(self) -> Sequence[SettingView]:
        return ()

    def read(self) -> Proposal:
        self.hanging.wait(10)
        raise Unusable("late")


def test_strategies_are_told_something_else_in_flight_and_again_what_they_were() -> None:
    made: list[dict[str, object]] = []

    def maker(instrument: Instrument, settings: Mapping[str, object] | None = None) -> Idle:
        made.append(dict(settings or {}))
        return Idle(instrument)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        written = Written(flight)
        weights = (WeightView("ema_cross", 0.7, 0.5),)
        written.wants = msgspec.structs.replace(written.wants, parameters={"fast": 9}, strategies=weights)
        before = len(made)
        assert (await ask(flight, Ask.CHANGE_CONFIG, '{"strategies.x.fast": "9"}')).success
        timeframe = flight.engine.config.core.timeframe
        assert made[before:] == [{"fast": 9, "timeframe": timeframe}] * before, "one a contract"
        assert flight.engine.snapshot().portfolio.strategies == weights
        assert (await ask(flight, Ask.ROLLBACK_CONFIG)).success
        assert made[-1] == {"timeframe": timeframe}
        assert flight.engine.config.parameters == {}

    fly(scenario, maker)
