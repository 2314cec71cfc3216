"""What is typed becomes the strongest layer, and only what is typed."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.cli.app import app
from radtui.cli.flags import _SETS, Flags
from radtui.settings.keys import KEYS

_HERE_ONLY = {"set_", "config", "fresh", "i_know_this_is_real_money"}


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(_SETS)), st.text(min_size=1)))
def test_only_what_is_typed_is_set(typed: dict[str, str]) -> None:
    entries = Flags(**typed).layer().entries  # type: ignore[arg-type]
    assert {key: entry.value for key, entry in entries.items()} == {_SETS[name]: value for name, value in typed.items()}
    assert all(entry.where == f"flag --{name.replace('_', '-')}" for name in typed for entry in [entries[_SETS[name]]])


def test_every_flag_sets_a_setting_or_holds_for_this_start_only() -> None:
    assert {field.name for field in fields(Flags)} == set(_SETS) | _HERE_ONLY
    assert set(_SETS.values()) <= set(KEYS)


@pytest.mark.parametrize(("typed", "dev"), [(["--dev"], True), (["--no-dev"], False), ([], None)])
def test_flags_are_read_from_a_command_line(typed: list[str], dev: bool | None) -> None:
    _, bound, _ = app.parse_args(
        [*typed, "--seed", "-1", "--market", "a.csv", "--fresh"], print_error=False, exit_on_error=False
    )
    flags = bound.arguments["flags"]
    assert flags == Flags(dev=dev, seed="-1", market=Path("a.csv"), fresh=True)


def test_no_flag_takes_a_secret() -> None:
    assert not any(KEYS[key].secret for key in _SETS.values())


def test_the_word_for_real_money_is_false_unless_it_is_typed() -> None:
    def typed(*words: str) -> Flags:
        _, bound, _ = app.parse_args(["--seed", "1", *words], print_error=False, exit_on_error=False)
        flags: Flags = bound.arguments["flags"]
        return flags

    assert not typed().i_know_this_is_real_money
    assert typed("--i-know-this-is-real-money").i_know_this_is_real_money
