"""Nothing trades live by accident (row C5)."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radtui.settings.layers import Entry, Layer
from radtui.settings.live import account_of, contradictions, is_real_money, is_rehearsal, lacking
from radtui.settings.tree import Settings

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_KEYS = {"kucoin.key": "kkkkkk", "kucoin.secret": "ssssss", "kucoin.passphrase": "pppppp"}


def of(values: Mapping[str, object]) -> Settings:
    return Settings.of([Layer.of(Entry(key, value, "test") for key, value in values.items())])


LOCAL = ("http://127.0.0.1:8000", "http://localhost:1", "https://[::1]:4711")
REAL = ("https://api-futures.kucoin.com", "https://api-futures.kucoin.eu", "https://127.0.0.1.example.com")


@unhurried
@given(st.sets(st.sampled_from(sorted(_KEYS))), st.booleans(), st.sampled_from([*LOCAL, *REAL]))
def test_kucoin_needs_every_credential_and_real_money_the_mode(given: set[str], live: bool, url: str) -> None:
    settings = of(
        {key: _KEYS[key] for key in given}
        | {"bot.exchange": "kucoin", "bot.mode": "live" if live else "paper", "kucoin.url": url}
    )
    missing = lacking(settings)
    needs_mode = not live and url in REAL
    assert (missing == ()) == (given == set(_KEYS) and not needs_mode)
    assert len(missing) == len(_KEYS) - len(given) + needs_mode
    assert not any(secret in text for secret in _KEYS.values() for text in missing)


@unhurried
@given(st.sampled_from(["paper", "kucoin"]), st.sampled_from(["paper", "live"]), st.sampled_from([*LOCAL, *REAL]))
def test_only_play_money_on_this_machine_is_a_rehearsal(exchange: str, mode: str, url: str) -> None:
    settings = of({"bot.exchange": exchange, "bot.mode": mode, "kucoin.url": url})
    assert is_rehearsal(settings) == (exchange == "kucoin" and mode == "paper" and url in LOCAL)
    assert not (is_rehearsal(settings) and is_real_money(settings))
    assert (is_rehearsal(settings) or is_real_money(settings)) == (exchange == "kucoin")


@unhurried
@given(st.sampled_from(["paper", "kucoin"]), st.sampled_from(["paper", "live"]), st.sampled_from([*LOCAL, *REAL]))
def test_an_account_is_named_by_its_exchange_and_by_whose_money_it_is(exchange: str, mode: str, url: str) -> None:
    settings = of({"bot.exchange": exchange, "bot.mode": mode, "kucoin.url": url})
    assert account_of(settings) == f"{exchange} {'live' if is_real_money(settings) else 'paper'}"


def test_settings_that_exclude_each_other() -> None:
    assert contradictions(of({})) == []
    assert "real money" in contradictions(of({"bot.mode": "live"}))[0]
    assert "simulated exchange only" in contradictions(of({"bot.exchange": "kucoin", "bot.dev": True}))[0]
    rehearsal = {"bot.exchange": "kucoin", "bot.dev": True, "kucoin.url": LOCAL[0]}
    assert contradictions(of(rehearsal)) == []
    assert contradictions(of({**rehearsal, "bot.mode": "live"})) != []
