"""What is written down is what the code holds."""

import tomllib
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.document import defaults_toml, first_toml, secrets_env, settings_table, toml_value
from radtui.settings.keys import KEYS, environment_name
from radtui.settings.loading import load
from radtui.settings.sources import from_dotenv
from radtui.settings.tree import Settings

unhurried = hypothesis_settings(max_examples=40, deadline=None)


def test_the_defaults_read_back_are_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(defaults_toml())
    loaded = load(config=tmp_path / "c.toml", environ={}, folder=tmp_path)
    assert loaded.settings == Settings()


def test_every_setting_stands_in_the_file_and_in_the_table() -> None:
    text = defaults_toml()
    for key in KEYS.values():
        assert f"# {key.meaning}. Allowed: {key.allowed}" in text
    assert [key for key, _, _ in settings_table()] == list(KEYS)
    assert ("risk.leverage", "3", KEYS["risk.leverage"].meaning) in settings_table()
    assert ("kucoin.key", "not set", KEYS["kucoin.key"].meaning) in settings_table()


def test_every_default_is_written_where_there_is_one() -> None:
    tree = tomllib.loads(defaults_toml())
    for key in KEYS.values():
        section, name = key.name.split(".")
        assert (name in tree[section]) == (key.default is not None)


_SCALARS = st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_categories=["C"]))


@unhurried
@given(_SCALARS | st.lists(_SCALARS, max_size=4) | st.decimals(-1000, 1000, places=4))
def test_a_value_written_as_toml_reads_back(value: object) -> None:
    read = tomllib.loads(f"x = {toml_value(value)}", parse_float=Decimal)["x"]
    assert read == value


def test_a_first_file_sets_what_was_chosen_and_shows_all_else_as_comments(tmp_path: Path) -> None:
    text = first_toml({"bot.name": "alpha", "risk.leverage": 2})
    (tmp_path / "c.toml").write_text(text)
    loaded = load(config=tmp_path / "c.toml", environ={}, folder=tmp_path)
    assert {key: entry.value for key, entry in loaded.entries.items()} == {"bot.name": "alpha", "risk.leverage": 2}
    assert all(f"# {key.meaning}. Allowed: {key.allowed}" in text for key in KEYS.values())


def test_a_comment_of_a_first_file_that_loses_its_sign_sets_the_default(tmp_path: Path) -> None:
    commented = [line.removeprefix("# ") for line in first_toml({}).splitlines()]
    values = [
        line for line in commented if line.partition(" = ")[0].isidentifier() and " = " in line and " =   (" not in line
    ]
    assert set(values) <= set(defaults_toml().splitlines())
    assert len(values) > 50


def test_the_file_of_secrets_has_the_place_of_each_and_sets_none(tmp_path: Path) -> None:
    text = secrets_env()
    assert all(environment_name(key.name) in text for key in KEYS.values() if key.secret)
    (tmp_path / ".env").write_text(text)
    read = from_dotenv(tmp_path / ".env")
    assert (read.problems, [layer for layer in read.layers if layer.entries]) == ((), [])
