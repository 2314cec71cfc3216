"""One choice brings values along; what is written wins over them (rows C3, L6)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.layers import Entry, Layer
from radtui.settings.loading import SettingsRefused, load
from radtui.settings.presets import DEV, PROFILES, presets

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


@pytest.mark.parametrize("name", ["balanced", "aggressive", "own"])
def test_profiles_that_do_not_exist_yet_are_refused_with_a_reason(name: str) -> None:
    with pytest.raises(SettingsRefused, match=f"risk.profile = {name} .*conservative.*not there yet"):
        load(environ={"RADTUI_RISK__PROFILE": name}, folder=_NOWHERE)


def test_a_profile_fills_what_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "radtui.settings.presets.PROFILES", {"conservative": {"risk.leverage": 2, "risk.max_positions": 4}}
    )
    environ = {"RADTUI_RISK__PROFILE": "conservative", "RADTUI_RISK__LEVERAGE": "8"}
    loaded = load(environ=environ, folder=_NOWHERE)
    assert (loaded.settings.risk.leverage, loaded.settings.risk.max_positions) == (8, 4)
    assert loaded.where("risk.max_positions") == "set by profile conservative"


def test_a_switch_that_reads_as_nothing_brings_nothing() -> None:
    layers = presets([Layer.of([Entry("bot.dev", "perhaps", "here")])])
    assert not any(layer.entries for layer in layers)
    assert set(PROFILES) == {"conservative"}
