from decimal import Decimal

import pytest

from radtui.exchange.kucoin.wire.account import FundingEntry, KeyInfo, Overview, Switch
from radtui.exchange.kucoin.wire.common import Unreadable, decode


def test_the_account_must_name_what_it_is_worth_and_what_is_free() -> None:
    raw = b'{"currency":"USDT","accountEquity":394.439280806,"availableBalance":290.326799096,"unrealisedPNL":20.15278}'
    found = decode(raw, Overview)
    assert (found.account_equity, found.unrealised_pnl) == (Decimal("394.439280806"), Decimal("20.15278"))
    for missing in (b"accountEquity", b"availableBalance"):
        with pytest.raises(Unreadable, match=missing.decode()):
            decode(raw.replace(missing, b"other"), Overview)


@pytest.mark.parametrize("spelling", ["-0.009825", '"-0.009825"'])
def test_funding_paid_as_number_and_as_text(spelling: str) -> None:
    raw = f'{{"symbol":"X","timePoint":1,"fundingRate":1.3e-05,"funding":{spelling},"id":36275152660006}}'.encode()
    assert decode(raw, FundingEntry).funding == Decimal("-0.009825")


@pytest.mark.parametrize("words", ["General,Futures", "General, Futures", " Futures ,General,"])
def test_the_permissions_of_a_key(words: str) -> None:
    found = decode(f'{{"permission":"{words}","apiKey":"64a1f0c2","ipWhitelist":""}}'.encode(), KeyInfo)
    assert found.permissions == {"General", "Futures"}
    assert "64a1f0c2" not in repr(found)


@pytest.mark.parametrize(("timeout", "armed"), [(5, True), (-1, False), (0, False)])
def test_whether_the_switch_is_armed(timeout: int, armed: bool) -> None:
    assert decode(f'{{"timeout":{timeout},"symbols":null}}'.encode(), Switch).is_armed is armed
