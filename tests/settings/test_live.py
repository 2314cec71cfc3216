"""Nothing trades live by accident (row C5)."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.layers import Entry, Layer
from radtui.settings.live import contradictions, lacking
from radtui.settings.tree import Settings

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_KEYS = {"kucoin.key": "kkkkkk", "kucoin.secret": "ssssss", "kucoin.passphrase": "pppppp"}


def of(values: Mapping[str, object]) -> Settings:
    return Settings.of([Layer.of(Entry(key, value, "test") for key, value in values.items())])


@unhurried
@given(st.sets(st.sampled_from(sorted(_KEYS))), st.booleans(), st.sampled_from(["", "other", "radtui"]))
def test_live_needs_every_credential_the_mode_and_the_word(given: set[str], live: bool, confirmed: str) -> None:
    settings = of(
        {key: _KEYS[key] for key in given} | {"bot.exchange": "kucoin", "bot.mode": "live" if live else "paper"}
    )
    missing = lacking(settings, confirmed=confirmed)
    assert (missing == ()) == (given == set(_KEYS) and live and confirmed == "radtui")
    assert len(missing) == (len(_KEYS) - len(given)) + (not live) + (confirmed != "radtui")
    assert not any(secret in text for secret in _KEYS.values() for text in missing)


def test_settings_that_exclude_each_other() -> None:
    assert contradictions(of({})) == []
    assert "real money" in contradictions(of({"bot.mode": "live"}))[0]
    assert "simulated exchange only" in contradictions(of({"bot.exchange": "kucoin", "bot.dev": True}))[0]
