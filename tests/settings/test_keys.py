"""Keys are found by name, by environment name, and by a name with a slip in it."""

import pytest
from hypothesis import assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.keys import KEYS, MASK, Key, environment_name, lookup, nearest, written

unhurried = hypothesis_settings(max_examples=40, deadline=None)


@unhurried
@given(st.sampled_from([key for key in KEYS if len(key.partition(".")[2]) >= 5]), st.data())
def test_a_slip_of_one_letter_is_understood(key: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(key.index(".") + 1, len(key) - 1))
    slipped = key[:at] + key[at + 1 :]
    assume(slipped not in KEYS)
    assert nearest(slipped) == key


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("risk.levrage", "risk.leverage"),
        ("leverage", "risk.leverage"),
        ("rsk.leverage", "risk.leverage"),
        ("Radtui_bot__name", "bot.name"),
    ],
)
def test_the_nearest_key(typed: str, meant: str) -> None:
    assert nearest(typed) == meant


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest("zzzzqqqq") is None


def test_an_entry_of_a_table_is_known_and_below_a_value_there_is_none() -> None:
    assert lookup("ui.keymap.start") is KEYS["ui.keymap"]
    assert lookup("risk.leverage.x") is None
    assert lookup("risk") is None


@pytest.mark.parametrize("name", ["key", "secret", "passphrase"])
def test_secrets_are_masked_and_their_absence_is_not(name: str) -> None:
    key = KEYS[f"kucoin.{name}"]
    assert key.secret
    assert key.shown("anything") == MASK
    assert key.shown(None) == "not set"


@pytest.mark.parametrize("key", [key for key in KEYS.values() if key.default is not None], ids=lambda key: key.name)
def test_every_default_is_admitted_and_an_object_is_not(key: Key) -> None:
    assert key.admits(key.default)
    assert not key.admits(object())


PACES = [key for key in KEYS.values() if key.meaning.startswith("seconds") and key.name != "guard.silence"]


@pytest.mark.parametrize("key", PACES, ids=lambda key: key.name)
@pytest.mark.parametrize("least", ["1e-300", "0.001", "-1", "nan"])
def test_no_pace_is_so_fast_that_nothing_else_is_done(key: Key, least: str) -> None:
    assert len(PACES) > 10
    assert not key.admits(least)
    assert key.admits("60")


def test_only_the_credentials_are_secret() -> None:
    credentials = {"kucoin.key", "kucoin.secret", "kucoin.passphrase", "api.token", "api.tokens", "alerts.channels"}
    assert {key.name for key in KEYS.values() if key.secret} == credentials


def test_how_values_are_shown() -> None:
    assert written((True, "a", 1)) == "true, a, 1"
    assert KEYS["kucoin.url"].shown("https://me:hunter2@x/") == f"https://{MASK}@x/"
    assert len(KEYS["bot.name"].shown("x" * 1000)) == 120
    assert environment_name("risk.max_positions") == "RADTUI_RISK__MAX_POSITIONS"
