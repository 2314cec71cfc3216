"""A new configuration holds from its event on: for the next entry, the next tick, the next cycle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radtui.core.breaker_rules import Trip
from radtui.core.commands import Schedule
from radtui.core.config import CoreConfig, Limits
from radtui.core.core import Core
from radtui.core.events import Configured, CycleBegan, CycleFinished, Passed, SignalGiven
from radtui.core.instruction import ExitPolicy
from radtui.core.market import MINUTE, SECOND
from radtui.core.snapshot import Snapshot
from radtui.core.tuning import Tuning
from radtui.core.view import snapshot
from tests.core.makers import NOW, XBT, signal
from tests.store.recordings import CONFIG, story


def tuned(config: CoreConfig, **changed: Any) -> Tuning:
    return msgspec.structs.replace(Tuning.of(config), **changed)


def told(core: Core, **changed: Any) -> list[Any]:
    return core.handle(Configured(core.desk.at, tuned(core.config, **changed)))


def running() -> Core:
    core = Core(CONFIG)
    for event in story(5)[:5]:
        core.handle(event)
    return core


def seen(core: Core) -> Snapshot:
    return snapshot(core, 1, core.desk.at, ())


def test_the_same_configuration_again_changes_nothing_and_asks_for_nothing() -> None:
    core = running()
    before = core.config
    assert told(core) == []
    assert core.config == core.desk.config == before


def test_everything_that_may_change_is_shown_at_once() -> None:
    core = running()
    limits = Limits(positions=1, leverage=2)
    told(core, limits=limits, protect_within=2 * SECOND, cycle_interval=60 * SECOND, max_retries=7)
    shown = seen(core)
    assert shown.positions_limit == 1
    assert shown.protection.limit == 2.0
    assert (shown.status.cycle_interval, shown.status.max_retries) == (60.0, 7)
    assert core.desk.config.limits.leverage == 2


def test_who_the_bot_is_cannot_be_changed() -> None:
    free = set(CoreConfig.__struct_fields__) - set(Tuning.__struct_fields__)
    assert {"bot", "boot", "mode", "speed", "strategy", "timeframe", "symbols", "quiet_time", "stale_after"} <= free
    core = running()
    told(core, hold_grace=9 * SECOND, exits=ExitPolicy.FLATTEN)
    assert all(getattr(core.config, name) == getattr(CONFIG, name) for name in free)


@pytest.mark.parametrize(("confidence", "trades"), [(0.6, True), (0.99, False)])
def test_the_next_entry_goes_by_the_new_limits(confidence: float, trades: bool) -> None:
    core = running()
    told(core, limits=Limits(confidence=confidence))
    core.handle(SignalGiven(NOW, XBT.symbol, signal(), Decimal(60_000), NOW))
    assert bool(list(core.trading.orders.live())) is trades


def test_a_shorter_interval_brings_the_next_cycle_forward_and_a_longer_one_leaves_it() -> None:
    core = running()
    core.handle(CycleBegan(core.desk.at))
    core.handle(CycleFinished(core.desk.at, 0.1))
    due = core.desk.next_cycle_at
    assert due == core.desk.at + CONFIG.cycle_interval
    assert told(core, cycle_interval=2 * CONFIG.cycle_interval) == []
    assert core.desk.next_cycle_at == due
    assert told(core, cycle_interval=30 * SECOND) == [Schedule(core.desk.at + 30 * SECOND)]


def test_the_wait_after_a_failed_cycle_stays_as_it_is() -> None:
    core = running()
    core.handle(CycleBegan(core.desk.at))
    core.handle(CycleFinished(core.desk.at, 0.1, "exchange away"))
    due = core.desk.next_cycle_at
    told(core, cycle_interval=SECOND)
    assert core.desk.next_cycle_at == due


def test_no_cycle_is_made_where_none_was_due() -> None:
    core = Core(CONFIG)
    assert told(core, cycle_interval=SECOND) == []
    assert core.desk.next_cycle_at is None


def test_a_breaker_that_is_tripped_stays_so_under_other_limits() -> None:
    core = running()
    breakers = core.trading.breakers
    breakers.kept.trips["drawdown"] = Trip(core.desk.market_at, "on purpose")
    told(core, limits=Limits(drawdown=Decimal("0.5"), losing_streak=9, cooldown=MINUTE))
    assert set(breakers.tripped) == {"drawdown"}
    limits = {view.name: view.limit for view in breakers.views()}
    assert limits["drawdown"] == "50.00 %"
    assert limits["losing streak"] == "9 in a row"


def test_a_limit_below_what_is_counted_trips_at_the_next_tick() -> None:
    core = running()
    core.trading.breakers.kept.streak = 2
    told(core, limits=Limits(losing_streak=2))
    assert "losing streak" not in core.trading.breakers.tripped
    core.handle(Passed(core.desk.at, core.desk.at))
    assert "losing streak" in core.trading.breakers.tripped


def test_a_position_that_was_long_enough_without_a_stop_is_closed_by_a_shorter_limit() -> None:
    core = Core(CONFIG)
    for event in story(1):
        core.handle(event)
    (held,) = core.trading.positions.open.values()
    assert held.bare_since is not None, "its stop is on the way"
    told(core, protect_within=SECOND)
    core.handle(Passed(NOW + 3 * SECOND, NOW + 3 * SECOND))
    assert core.trading.protection.view(core.desk.at).breaches == 1
