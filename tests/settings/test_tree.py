"""The tree becomes what the engine is told."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.core.instruction import ExitPolicy
from radtui.core.market import SECOND
from radtui.settings.layers import Entry, Layer
from radtui.settings.tree import Settings

unhurried = hypothesis_settings(max_examples=40, deadline=None)


def of(**values: object) -> Settings:
    """Settings of ``section__name=value``."""
    return Settings.of([Layer.of(Entry(key.replace("__", ".", 1), value, "test") for key, value in values.items())])


@unhurried
@given(st.integers(1_000, 86_400_000), st.integers(100, 86_400_000))
def test_seconds_become_whole_nanoseconds(interval: int, within: int) -> None:
    told = of(cycle__interval=interval / 1000, protection__within=within / 1000).engine_config(
        boot=5, autostart=False, virtual=False
    )
    assert told.core.cycle_interval == interval * SECOND // 1000
    assert told.core.protect_within == within * SECOND // 1000


def test_every_value_reaches_the_engine() -> None:
    settings = of(
        bot__name="b1", bot__strategy="mine.py:Mine", bot__timeframe="1h", bot__symbols="XBTUSDTM", bot__dev=True,
        cycle__max_retries=4, cycle__retry_delay=7, cycle__deadline=8, engine__position_update_interval=2,
        engine__heartbeat_limit=11, engine__warmup=12, engine__report_interval=13, risk__position_share="0.1",
        risk__position_notional="50", risk__risk_per_trade="0.02", risk__leverage=9, risk__stop_share="0.03",
        risk__max_positions=2, risk__min_confidence=0.7, risk__exposure_share="0.4", protection__quiet_time=14,
        risk__daily_loss="0.2", risk__drawdown="0.3", risk__losing_streak=18, risk__cooldown=19,
        risk__entries_per_minute=20,
        protection__stale_after=15, shutdown__exits="flatten", shutdown__grace=16, paper__speed=17,
    )  # fmt: skip
    told = settings.engine_config(boot=3, autostart=True, virtual=False)
    core, limits = told.core, told.core.limits
    assert (core.bot, core.boot, core.strategy, core.timeframe, core.symbols) == (
        "b1",
        3,
        "mine.py:Mine",
        "1h",
        ("XBTUSDTM",),
    )
    assert (core.mode, core.dev_mode, core.max_retries, core.speed, core.exits) == (
        "paper",
        True,
        4,
        17,
        ExitPolicy.FLATTEN,
    )
    seconds = (core.retry_delay, core.cycle_deadline, core.quiet_time, core.stale_after, core.hold_grace)
    assert seconds == tuple(n * SECOND for n in (7, 8, 14, 15, 16))
    assert (told.position_interval, told.heartbeat_limit, told.warmup, told.report_interval) == (2, 11, 12, 13)
    assert told.autostart
    assert (limits.position_share, limits.position_notional, limits.risk_share) == (
        Decimal("0.1"),
        Decimal(50),
        Decimal("0.02"),
    )
    assert (limits.leverage, limits.stop_share, limits.positions) == (9, Decimal("0.03"), 2)
    assert (limits.confidence, limits.exposure_share) == (0.7, Decimal("0.4"))
    assert (limits.daily_loss, limits.drawdown) == (Decimal("0.2"), Decimal("0.3"))
    assert (limits.losing_streak, limits.cooldown, limits.entries_per_minute) == (18, 19 * SECOND, 20)


def test_the_two_clocks_are_one_under_virtual_time_and_on_an_exchange() -> None:
    assert of().engine_config(boot=1, autostart=False, virtual=True).core.speed == 1
    assert of(bot__exchange="kucoin").engine_config(boot=1, autostart=False, virtual=False).core.speed == 1


def test_bare_settings_read_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISK", '{"leverage": 9}')
    monkeypatch.setenv("RADTUI_RISK__LEVERAGE", "9")
    assert Settings().risk.leverage == 3


def test_layers_end_with_their_block() -> None:
    assert of(risk__leverage=9).risk.leverage == 9
    assert Settings().risk.leverage == 3
