"""From settings to what the client of KuCoin is given."""

from __future__ import annotations

import pytest

from radtui.cli.failures import Failure
from radtui.cli.kucoin import credentials, hosts, margin_mode, wanted
from radtui.core.order import MarginMode
from radtui.settings.layers import Entry, Layer
from radtui.settings.tree import Settings


def of(**values: object) -> Settings:
    entries = (Entry(name.replace("__", "."), value, "test") for name, value in values.items())
    return Settings.of([Layer.of(entries)])


def test_the_unified_accounts_host_stands_beside_the_futures_host() -> None:
    found = hosts(of())
    assert (found.futures, found.spot) == ("https://api-futures.kucoin.com", "https://api.kucoin.com")


def test_a_simulated_exchange_is_all_of_it() -> None:
    found = hosts(of(kucoin__url="http://127.0.0.1:8000/"))
    assert found.futures == found.spot == "http://127.0.0.1:8000"


def test_an_address_with_a_path_is_refused() -> None:
    with pytest.raises(Failure, match=r"kucoin\.url.*has a path") as failure:
        hosts(of(kucoin__url="https://api-futures.kucoin.com/api/v1"))
    assert failure.value.code == 2


@pytest.mark.parametrize("lost", ["key", "secret", "passphrase"])
def test_a_key_of_which_a_part_is_missing_is_refused_without_showing_the_rest(lost: str) -> None:
    parts = {"key": "kkkkkk", "secret": "ssssss", "passphrase": "pppppp"}
    given = {f"kucoin__{name}": value for name, value in parts.items() if name != lost}
    with pytest.raises(Failure, match="cannot be used") as failure:
        credentials(of(**given))
    assert f"API {lost} is missing" in failure.value.means
    assert "KUCOIN_API_KEY" in failure.value.todo
    assert not any(value in failure.value.text() for value in parts.values())


def test_the_bots_limits_and_modes_are_what_is_looked_at() -> None:
    settings = of(kucoin__margin_mode="cross", bot__symbols="XBTUSDTM", risk__leverage=7)
    assert margin_mode(settings) is MarginMode.CROSS
    assert wanted(settings).limits.leverage == 7
    assert wanted(settings).symbols == ("XBTUSDTM",)
    assert margin_mode(of()) is MarginMode.ISOLATED
