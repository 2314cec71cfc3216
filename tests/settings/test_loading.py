"""The strongest source wins for each key by itself, everything wrong is told at once, and no secret is ever shown."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.settings.document import toml_value
from radtui.settings.keys import KEYS, environment_name
from radtui.settings.layers import Entry, Layer
from radtui.settings.loading import Loaded, SettingsRefused, load

_ORDER = ("flag", "environment", "ancestor in environment", ".env", "ancestor in .env", "TOML")
_VALUES = {
    "risk.leverage": st.integers(1, 125),
    "risk.max_positions": st.integers(1, 100),
    "engine.position_update_interval": st.sampled_from([1.0, 1.5, 20.0]),
    "log.level": st.sampled_from(["debug", "info", "warning", "error"]),
    "risk.risk_per_trade": st.decimals("0.001", "0.1", places=3),
}
_ANCESTOR = {
    "risk.leverage": "LEVERAGE",
    "risk.max_positions": "MAX_OPEN_POSITIONS",
    "engine.position_update_interval": "POSITION_UPDATE_INTERVAL",
    "log.level": "LOG_LEVEL",
    "risk.risk_per_trade": "RISK_PER_TRADE",
}
_WRITTEN = st.fixed_dictionaries(
    {key: st.dictionaries(st.sampled_from(_ORDER), value) for key, value in _VALUES.items()}
)
_SECRETS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=6, max_size=40).map(
    lambda text: f"Zq{text}"
)


def value_of(loaded: Loaded, key: str) -> object:
    section, name = key.split(".")
    return getattr(getattr(loaded.settings, section), name)


def write(folder: Path, written: dict[str, dict[str, object]]) -> tuple[Layer, dict[str, str]]:
    """Write the values to their places; return the flags and the environment."""
    places: dict[str, dict[str, object]] = {place: {} for place in _ORDER}
    for key, values in written.items():
        for place, value in values.items():
            places[place][key] = value
    lines = [f"{environment_name(key)}={value}" for key, value in places[".env"].items()]
    lines += [f"{_ANCESTOR[key]}={value}" for key, value in places["ancestor in .env"].items()]
    (folder / ".env").write_text("\n".join(lines))
    (folder / "c.toml").write_text("\n".join(f"{key} = {toml_value(value)}" for key, value in places["TOML"].items()))
    environ = {environment_name(key): str(value) for key, value in places["environment"].items()}
    environ |= {_ANCESTOR[key]: str(value) for key, value in places["ancestor in environment"].items()}
    return Layer.of(Entry(key, value, "flag") for key, value in places["flag"].items()), environ


def says(where: str, place: str, key: str, folder: Path) -> bool:
    spelled = {
        "flag": "flag",
        "environment": f"environment {environment_name(key)}",
        "ancestor in environment": f"environment {_ANCESTOR[key]}",
        ".env": rf"{folder}/.env line \d+ \({environment_name(key)}\)",
        "ancestor in .env": rf"{folder}/.env line \d+ \({_ANCESTOR[key]}\)",
        "TOML": rf"{folder}/c.toml line \d+",
    }
    return re.fullmatch(spelled[place], where) is not None


@settings(max_examples=60, deadline=None)
@given(_WRITTEN)
def test_the_strongest_place_wins_for_each_key_by_itself(written: dict[str, dict[str, object]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        flags, environ = write(folder, written)
        loaded = load(flags, config=folder / "c.toml", environ=environ, folder=folder)
        for key, values in written.items():
            winner = next((place for place in _ORDER if place in values), None)
            if winner is None:
                assert loaded.where(key) == "default"
                assert value_of(loaded, key) == KEYS[key].default
            else:
                assert value_of(loaded, key) == values[winner]
                assert says(loaded.where(key), winner, key, folder)


@settings(max_examples=60, deadline=None)
@given(st.lists(_SECRETS, min_size=3, max_size=3), st.booleans(), st.booleans())
def test_no_secret_is_ever_shown(secrets: list[str], wrong: bool, by_file: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        values = dict(zip(("kucoin.key", "kucoin.secret", "kucoin.passphrase"), secrets, strict=True))
        (folder / "c.toml").write_text(
            "\n".join(f"{key} = {toml_value(text)}" for key, text in values.items() if by_file)
        )
        environ = {} if by_file else {environment_name(key): text for key, text in values.items()}
        if wrong:
            environ |= {"LOG_LEVEL": secrets[0], "RADTUI_KUCOIN__SECRTE": secrets[1], "CHECK_INTERVAL": secrets[2]}
        if wrong:
            with pytest.raises(SettingsRefused) as refused:
                load(config=folder / "c.toml", environ=environ, folder=folder)
            shown = f"{refused.value} {refused.value!r} {refused.value.problems}"
            assert refused.value.__context__ is None
        else:
            loaded = load(config=folder / "c.toml", environ=environ, folder=folder)
            held = loaded.settings.kucoin
            shown = (
                f"{loaded!r} {loaded.rows()} {loaded.settings!r} {loaded.settings} {loaded.settings.model_dump_json()}"
            )
            assert [value.get_secret_value() for value in (held.key, held.secret, held.passphrase) if value] == secrets
        assert not any(secret in shown for secret in secrets)


def test_a_secret_of_the_wrong_type_is_masked_too(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("kucoin.secret = 987654321")
    with pytest.raises(SettingsRefused, match=r"kucoin.secret = •••• \(.*line 1\)") as refused:
        load(config=tmp_path / "c.toml", environ={}, folder=tmp_path)
    assert "987654321" not in str(refused.value)


def test_everything_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[risk]\nleverage = 500\nlevrage = 3\n[bot]\nsymbols = ['x', 'y']\n")
    with pytest.raises(SettingsRefused) as refused:
        load(config=tmp_path / "c.toml", environ={"RADTUI_CYCLE__INTERVAL": "0"}, folder=tmp_path)
    where = tmp_path / "c.toml"
    symbols = "allowed is symbols such as XBTUSDTM, separated by commas, none of them twice"
    assert set(refused.value.problems) == {
        f"unknown key risk.levrage in {where} line 3; did you mean risk.leverage?",
        f"risk.leverage = 500 ({where} line 2): allowed is a whole number from 1 to 125",
        f"bot.symbols = x, y ({where} line 5): {symbols}",
        "cycle.interval = 0 (environment RADTUI_CYCLE__INTERVAL): allowed is a number from 1 to 86400",
    }


def test_a_true_is_no_figure(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("risk.leverage = true\n")
    with pytest.raises(SettingsRefused, match=r"risk.leverage = true .*whole number"):
        load(config=tmp_path / "c.toml", environ={}, folder=tmp_path)


def test_a_config_file_that_is_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match=r"none\.toml is not there.*check --config"):
        load(config=tmp_path / "none.toml", environ={}, folder=tmp_path)


def test_the_file_of_the_configuration_folder_is_read(tmp_path: Path, own_folders: Path) -> None:
    assert load(environ={}, folder=tmp_path).file is None
    (tmp_path / "config.toml").write_text("risk.leverage = 9\n")
    loaded = load(environ={"RADTUI_PATHS__CONFIG": str(tmp_path)}, folder=tmp_path)
    assert (loaded.settings.risk.leverage, loaded.file) == (9, tmp_path / "config.toml")
    usual = own_folders / "config" / "radtui"
    usual.mkdir(parents=True)
    (usual / "config.toml").write_text("risk.leverage = 8\n")
    assert load(environ={}, folder=tmp_path).settings.risk.leverage == 8
    (usual / "config.toml").unlink()


def test_contradictions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match=r"bot\.mode is live, but"):
        load(environ={"RADTUI_BOT__MODE": "live"}, folder=tmp_path)


def test_keys_of_a_table_merge_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[ui.keymap]\nstart = 'a'\n'pane.next' = 'b'\n")
    loaded = load(config=tmp_path / "c.toml", environ={"RADTUI_UI__KEYMAP__START": "z"}, folder=tmp_path)
    assert loaded.settings.ui.keymap == {"start": "z", "pane.next": "b"}
    rows = {row.key: (row.value, row.where) for row in loaded.rows() if row.key.startswith("ui.keymap")}
    assert rows == {
        "ui.keymap.start": ("z", "environment RADTUI_UI__KEYMAP__START"),
        "ui.keymap.pane.next": ("b", f"{tmp_path / 'c.toml'} line 3"),
    }


def test_what_a_service_manager_hands_over_and_a_dotenv_beside_the_file_are_read_in_their_order(tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("credentials", "here", "beside")}
    for place, folder in places.items():
        folder.mkdir()
        file = folder / ("radtui.env" if place == "credentials" else ".env")
        file.write_text(f"RADTUI_BOT__NAME={place}\n")
    (places["beside"] / "mine.toml").write_text('[bot]\nname = "toml"\n')
    environ = {"CREDENTIALS_DIRECTORY": str(places["credentials"])}

    def name() -> tuple[str, str]:
        found = load(config=places["beside"] / "mine.toml", environ=environ, folder=places["here"])
        return found.settings.bot.name, found.where("bot.name")

    found = []
    for each in ("credentials/radtui.env", "here/.env", "beside/.env"):
        said, where = name()
        assert where.startswith(str(tmp_path / each))
        found.append(said)
        (tmp_path / each).unlink()
    assert [*found, name()[0]] == ["credentials", "here", "beside", "toml"]


def test_a_dotenv_that_lies_beside_the_file_and_here_is_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("")
    (tmp_path / ".env").write_text("RADTUI_BOT__NAM=x\n")
    with pytest.raises(SettingsRefused) as refused:
        load(config=tmp_path / "mine.toml", environ={}, folder=tmp_path)
    assert len(refused.value.problems) == 1
