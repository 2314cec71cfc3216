"""What each mode has, and which words of ``--mode`` go together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.cli.app import app
from radtui.cli.failures import Failure
from radtui.cli.modes import PARTS, RunMode, Word, sorted_words
from radtui.core.config import Policy, Remit
from radtui.core.instruction import ExitPolicy
from radtui.health.alerts.rules import RULES
from radtui.settings.layers import Entry, Layer
from radtui.settings.tree import Settings

WORDS: tuple[Word, ...] = ("paper", "live", "full", "api", "feeds", "minimal")
RISKY = Settings.of(
    [
        Layer.of(
            Entry(key, value, "test")
            for key, value in {
                "recovery.foreign_positions": "adopt",
                "shutdown.exits": "flatten",
                "guard.start": "on",
                "guard.exchange_switch": True,
                "alerts.channels.night": "json://127.0.0.1/x",
            }.items()
        )
    ]
)


@given(st.lists(st.sampled_from(WORDS), max_size=4))
def test_words_of_one_kind_exclude_each_other_and_those_of_two_do_not(words: list[Word]) -> None:
    money = {word for word in words if word in {"paper", "live"}}
    runs = set(words) - money
    if max(len(money), len(runs)) > 1:
        with pytest.raises(Failure, match="at once") as failure:
            sorted_words(tuple(words))
        assert failure.value.code == 2
    else:
        assert sorted_words(tuple(words)) == (next(iter(money), None), RunMode(next(iter(runs), "full")))


def test_the_flag_takes_both_kinds_on_one_command_line() -> None:
    _, bound, _ = app.parse_args(
        ["run", "--headless", "--mode", "live", "--mode", "api"], print_error=False, exit_on_error=False
    )
    assert bound.arguments["mode"] == ("live", "api")


def test_every_mode_is_known_and_full_leaves_everything_as_it_is() -> None:
    assert set(PARTS) == set(RunMode)
    assert PARTS[RunMode.FULL].settings(RISKY) == RISKY


def test_without_trading_all_else_stays() -> None:
    parts = PARTS[RunMode.API]
    assert (parts.remit, parts.settings(RISKY)) == (Remit.PROTECT, RISKY)
    assert parts.journal
    assert parts.answers


def test_who_only_watches_adopts_nothing_closes_nothing_and_leaves_no_trace() -> None:
    parts, fitted = PARTS[RunMode.FEEDS], PARTS[RunMode.FEEDS].settings(RISKY)
    assert (parts.remit, parts.journal, parts.answers) == (Remit.WATCH, False, True)
    assert fitted.recovery.foreign_positions is Policy.LEAVE
    assert fitted.shutdown.exits is ExitPolicy.KEEP
    assert (fitted.guard.start, fitted.guard.exchange_switch) == ("off", False)
    assert not fitted.recorder.enabled
    assert fitted.alerts == RISKY.alerts


def test_the_engine_alone_tells_nobody_and_records_nothing_but_keeps_its_guardian() -> None:
    parts, fitted = PARTS[RunMode.MINIMAL], PARTS[RunMode.MINIMAL].settings(RISKY)
    assert (parts.remit, parts.journal, parts.answers) == (Remit.TRADE, True, False)
    assert fitted.alerts.channels == {}
    assert set(fitted.alerts.muted) == set(RULES)
    assert not fitted.recorder.enabled
    assert fitted.guard == RISKY.guard


@pytest.mark.parametrize("mode", RunMode)
def test_the_engine_is_told_what_it_may_do(mode: RunMode) -> None:
    config = PARTS[mode].config(Settings().engine_config(boot=1, autostart=True, virtual=False))
    assert config.core.remit is PARTS[mode].remit
    assert config.core.watches is (mode is RunMode.FEEDS)
