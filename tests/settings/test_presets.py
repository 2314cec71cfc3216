"""One choice brings values along; what is written wins over them (rows C3, L6)."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.core.config import Limits
from radtui.core.exit_terms import ExitTerms
from radtui.core.market import MINUTE
from radtui.core.tiers import BY_BALANCE, tier_of
from radtui.settings.layers import Entry, Layer
from radtui.settings.loading import SettingsRefused, load
from radtui.settings.presets import DEV, PROFILES, presets
from radtui.settings.risk import NAMES
from radtui.settings.squad import of_bot

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_NOWHERE = Path("no-such-folder")


@unhurried
@given(st.sets(st.sampled_from(sorted(DEV))), st.sampled_from(["1", "true", "on", "0", "false", None]))
def test_development_sets_its_pace_where_nothing_else_does(written: set[str], dev: str | None) -> None:
    environ = {f"RADTUI_{key.replace('.', '__').upper()}": "77" for key in written}
    loaded = load(environ=environ | ({"RADTUI_BOT__DEV": dev} if dev else {}), folder=_NOWHERE)
    on = dev in {"1", "true", "on"}
    for key in DEV:
        value = getattr(loaded.settings.cycle, key.partition(".")[2])
        usual = {"cycle.interval": 300, "cycle.max_retries": 3, "cycle.retry_delay": 60}[key]
        assert value == (77 if key in written else DEV[key] if on else usual)
        assert (loaded.where(key) == "set by bot.dev") == (on and key not in written)


def test_the_pace_of_development() -> None:
    assert DEV == {"cycle.interval": 60, "cycle.max_retries": 3, "cycle.retry_delay": 10}


def test_a_profile_fills_what_is_not_set() -> None:
    loaded = load(environ={"RADTUI_RISK__PROFILE": "balanced", "RADTUI_RISK__LEVERAGE": "2"}, folder=_NOWHERE)
    assert (loaded.settings.risk.leverage, loaded.settings.risk.max_positions) == (2, 8)
    assert loaded.where("risk.max_positions") == "set by profile balanced"
    assert loaded.where("risk.leverage") == "environment RADTUI_RISK__LEVERAGE"


def test_a_switch_that_reads_as_nothing_brings_nothing() -> None:
    layers = presets([Layer.of([Entry("bot.dev", "perhaps", "here")])])
    assert not any(layer.entries for layer in layers)


def profiled(name: str, **environ: str) -> Limits:
    """Return the limits of a profile, with what is set besides."""
    named = {f"RADTUI_RISK__{key.upper()}": value for key, value in {"profile": name, **environ}.items()}
    return load(environ=named, folder=_NOWHERE).settings.limits


def test_every_profile_can_be_chosen_and_another_name_is_refused_with_those_there_are() -> None:
    assert set(PROFILES) == set(NAMES)
    assert all(profiled(name) for name in NAMES)
    with pytest.raises(SettingsRefused, match=r"risk\.profile = wild .*conservative, balanced, aggressive, own, none"):
        profiled("wild")


def test_conservative_is_what_holds_where_no_profile_is_chosen() -> None:
    chosen = profiled("conservative")
    assert chosen == load(environ={}, folder=_NOWHERE).settings.limits
    shares = (chosen.position_share, chosen.stop_share, chosen.daily_loss, chosen.drawdown, chosen.exposure_share)
    assert [str(share) for share in shares] == ["0.2", "0.05", "0.1", "0.05", "0.5"]
    assert (chosen.leverage, chosen.positions, chosen.losing_streak, chosen.cooldown) == (3, 5, 3, 60 * MINUTE)
    assert (chosen.confidence, chosen.entries_per_minute, chosen.risk_share) == (0.6, 10, None)
    assert [str(share) for share in (chosen.spread, chosen.volatility, chosen.group_share)] == ["0.01", "0.1", "0.4"]


@pytest.mark.parametrize(
    ("name", "shares", "counts"),
    [
        ("conservative", ["0.2", "None", "0.05", "0.1", "0.05"], (3, 5, 3)),
        ("balanced", ["0.3", "0.02", "0.05", "0.1", "0.1"], (5, 8, 4)),
        ("aggressive", ["0.5", "0.03", "0.08", "0.15", "0.2"], (10, 10, 5)),
    ],
)
def test_the_figures_of_the_profiles(name: str, shares: list[str], counts: tuple[int, int, int]) -> None:
    """Of the equity: size and risk of a trade; its farthest stop; losses of a day and since the highest equity."""
    held = profiled(name)
    found = (held.position_share, held.risk_share, held.stop_share, held.daily_loss, held.drawdown)
    assert list(map(str, found)) == shares
    assert (held.leverage, held.positions, held.losing_streak) == counts
    assert (held.cooldown, held.entries_per_minute, held.confidence) == (60 * MINUTE, 10, 0.6)


def test_the_farthest_stop_of_the_conservative_has_its_target_at_a_tenth() -> None:
    settings = load(environ={}, folder=_NOWHERE).settings
    reward = settings.exits.terms.reward
    assert reward is not None
    assert reward * settings.limits.stop_share == Decimal("0.1")


def test_each_profile_is_bolder_than_the_one_before() -> None:
    steps = [profiled(name) for name in ("conservative", "balanced", "aggressive")]
    for calm, bold in pairwise(steps):
        assert bold.leverage > calm.leverage
        assert bold.position_share > calm.position_share
        assert bold.positions > calm.positions
        assert bold.drawdown > calm.drawdown


@pytest.mark.parametrize(
    ("free", "leverage", "share", "risk"),
    [
        ("0", 5, "0.3", "0.01"),
        ("99.99", 5, "0.3", "0.01"),
        ("100", 7, "0.4", "0.015"),
        ("999.99", 7, "0.4", "0.015"),
        ("1000", 10, "0.5", "0.02"),
        ("9999.99", 10, "0.5", "0.02"),
        ("10000", 12, "0.6", "0.025"),
        ("99999.99", 12, "0.6", "0.025"),
        ("100000", 15, "0.6", "0.03"),
        ("1e9", 15, "0.6", "0.03"),
    ],
)
def test_with_a_profile_of_ones_own_the_free_balance_rules(free: str, leverage: int, share: str, risk: str) -> None:
    held = profiled("own").at(Decimal(free))
    assert (held.leverage, str(held.position_share), str(held.risk_share)) == (leverage, share, risk)


def test_what_is_set_wins_over_the_profile_and_the_profile_over_the_balance() -> None:
    rich = Decimal(1_000_000)
    assert profiled("conservative").at(rich).leverage == 3
    assert profiled("balanced", leverage="4").at(rich).leverage == 4
    assert profiled("aggressive").at(rich) == profiled("aggressive").at(Decimal(1))
    mixed = profiled("own", leverage="4", risk_per_trade="0.001").at(rich)
    assert (mixed.leverage, str(mixed.position_share), str(mixed.risk_share)) == (4, "0.6", "0.001")


@pytest.mark.parametrize(
    ("free", "risk"), [("99.99", "0.01"), ("100", "0.015"), ("1000", "0.02"), ("10000", "0.025"), ("100000", "0.03")]
)
def test_what_a_profile_leaves_open_follows_the_balance_and_nothing_else(free: str, risk: str) -> None:
    held = profiled("conservative").at(Decimal(free))
    assert (held.leverage, str(held.position_share), str(held.risk_share)) == (3, "0.2", risk)
    assert profiled("none").at(Decimal(free)) == profiled("none")


SET = {"leverage": 4, "position_share": Decimal("0.11"), "risk_per_trade": Decimal("0.007")}
USUAL = {"leverage": 3, "position_share": Decimal("0.2")}
"""What the conservative profile is made of; `none` leaves the size to it."""


@unhurried
@given(st.sampled_from(NAMES), st.sets(st.sampled_from(sorted(SET))), st.decimals(0, 10**6, places=2))
def test_a_set_value_then_the_profile_then_the_balance(name: str, written: set[str], free: Decimal) -> None:
    held = profiled(name, **{key: str(SET[key]) for key in written}).at(free)
    found: dict[str, Any] = {
        "leverage": held.leverage,
        "position_share": held.position_share,
        "risk_per_trade": held.risk_share,
    }
    tier = tier_of(free, BY_BALANCE)
    assert tier is not None
    by_balance = {"leverage": tier.leverage, "position_share": tier.position_share, "risk_per_trade": tier.risk_share}
    usual = {} if name == "own" else USUAL
    for key, value in found.items():
        profile = PROFILES[name].get(f"risk.{key}", usual.get(key))
        left = None if name == "none" else by_balance[key]
        wanted = SET[key] if key in written else left if profile is None else type(value)(profile)
        assert value == wanted, key


def test_a_bot_of_several_has_a_profile_of_its_own() -> None:
    named = {"SYMBOLS": "XBTUSDTM", "BUDGET": "0.4", "RISK__PROFILE": "aggressive", "RISK__MAX_POSITIONS": "2"}
    environ = {f"RADTUI_BOTS__A__{key}": value for key, value in named.items()}
    loaded = load(environ=environ, folder=_NOWHERE)
    (name,) = loaded.settings.bots
    limits = of_bot(loaded.settings, name).limits
    assert (limits.leverage, limits.positions, limits.cooldown) == (10, 2, 60 * MINUTE)
    assert loaded.settings.limits.leverage == 3, "the others keep theirs"


@pytest.mark.parametrize("name", ["conservative", "balanced", "aggressive", "own"])
@pytest.mark.parametrize("of_all", NAMES)
def test_nothing_of_the_profile_of_all_reaches_a_bot_that_has_its_own(name: str, of_all: str) -> None:
    named = {"SYMBOLS": "XBTUSDTM", "BUDGET": "0.4", "RISK__PROFILE": name}
    environ = {f"RADTUI_BOTS__A__{key}": value for key, value in named.items()}
    bold = load(environ={**environ, "RADTUI_RISK__PROFILE": of_all}, folder=_NOWHERE).settings
    assert of_bot(bold, next(iter(bold.bots))).limits == profiled(name)
    strict = load(
        environ={**environ, "RADTUI_RISK__PROFILE": of_all, "RADTUI_RISK__DAILY_LOSS": "0.01"}, folder=_NOWHERE
    )
    held = of_bot(strict.settings, next(iter(bold.bots))).limits
    assert held.daily_loss == (Decimal("0.15") if name == "aggressive" else Decimal("0.01"))


def test_no_limits_are_refused_with_real_money() -> None:
    live = {"RADTUI_BOT__EXCHANGE": "kucoin", "RADTUI_BOT__MODE": "live", "RADTUI_RISK__PROFILE": "none"}
    with pytest.raises(SettingsRefused, match=r"risk\.profile is none, and nothing would limit a loss of real money"):
        load(environ=live, folder=_NOWHERE)
    assert not profiled("none").volatility


def test_without_limits_no_rule_ends_a_position() -> None:
    settings = load(environ={"RADTUI_RISK__PROFILE": "none"}, folder=_NOWHERE).settings
    assert settings.exits.terms == ExitTerms()
    assert not settings.engine_config(boot=1, autostart=False, virtual=True).core.measures
