"""The ancestors' names keep working, or say that nothing uses them yet (row C2)."""

from decimal import Decimal
from pathlib import Path

import pytest

from radtui.settings.ancestors import ANCESTORS, IDLE, idle
from radtui.settings.keys import KEYS
from radtui.settings.loading import SettingsRefused, load

_SAMPLES = {
    "KUCOIN_API_KEY": "kkkkkk", "KUCOIN_API_SECRET": "ssssss", "KUCOIN_API_PASSPHRASE": "pppppp",
    "POSITION_UPDATE_INTERVAL": "2.5", "MAX_OPEN_POSITIONS": "3", "LEVERAGE": "10", "MAX_POSITION_SIZE": "50",
    "RISK_PER_TRADE": "0.02", "TRAILING_STOP_PERCENTAGE": "0.03", "LOG_LEVEL": "DEBUG",
    "CHECK_INTERVAL": "90",
}  # fmt: skip


@pytest.mark.parametrize(("name", "key"), ANCESTORS.items())
def test_each_name_sets_its_setting_and_ours_wins(name: str, key: str, tmp_path: Path) -> None:
    theirs = load(environ={name: _SAMPLES[name]}, folder=tmp_path)
    assert theirs.where(key) == f"environment {name}"
    ours = f"RADTUI_{key.replace('.', '__').upper()}"
    both = load(environ={name: _SAMPLES[name], ours: _SAMPLES[name]}, folder=tmp_path)
    assert both.where(key) == f"environment {ours}"


def test_the_values_arrive(tmp_path: Path) -> None:
    settings = load(environ=_SAMPLES, folder=tmp_path).settings
    assert settings.kucoin.passphrase is not None
    assert settings.kucoin.passphrase.get_secret_value() == "pppppp"
    assert (settings.engine.position_update_interval, settings.risk.max_positions, settings.risk.leverage) == (
        2.5,
        3,
        10,
    )
    assert (settings.risk.position_notional, str(settings.risk.risk_per_trade), settings.log.level) == (
        Decimal(50),
        "0.02",
        "debug",
    )
    assert str(settings.exits.trailing) == "0.03"
    assert (settings.scanner.interval, settings.cycle.interval) == (90, 300), "it is the scanner's, not the cycle's"


def test_the_environment_is_stronger_than_our_name_in_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("RADTUI_RISK__LEVERAGE=5\nLEVERAGE=6\n")
    assert load(environ={"LEVERAGE": "7"}, folder=tmp_path).settings.risk.leverage == 7
    assert load(environ={}, folder=tmp_path).settings.risk.leverage == 5


@pytest.mark.parametrize("value", ["9", "50001", "many", "-1", "nan"])
def test_the_size_of_a_position_has_its_old_bounds(value: str, tmp_path: Path) -> None:
    with pytest.raises(
        SettingsRefused, match=r"risk\.position_notional .*environment MAX_POSITION_SIZE.*from 10 to 50000"
    ):
        load(environ={"MAX_POSITION_SIZE": value}, folder=tmp_path)


@pytest.mark.parametrize(("name", "value"), [("LIVE_LOOP_INTERVAL", "0.05")])
def test_names_without_a_use_are_kept_and_change_nothing(name: str, value: str, tmp_path: Path) -> None:
    loaded = load(environ={name: value}, folder=tmp_path)
    assert [(one.name, one.value, one.where) for one in loaded.idle] == [(name, value, f"environment {name}")]
    assert loaded.settings == load(environ={}, folder=tmp_path).settings
    (tmp_path / ".env").write_text(f"{name}=1\n")
    assert load(environ={name: value}, folder=tmp_path).idle == loaded.idle


@pytest.mark.parametrize("name", IDLE)
def test_names_without_a_use_are_checked(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a number above 0"):
        idle(name, "0", "here")
    with pytest.raises(SettingsRefused, match=rf"{name} = -1 \(environment {name}\): allowed is a number above 0"):
        load(environ={name: "-1"}, folder=tmp_path)


def test_each_name_means_a_setting_that_exists() -> None:
    assert set(ANCESTORS.values()) <= set(KEYS)
    assert set(_SAMPLES) == set(ANCESTORS)
