from decimal import Decimal

import pytest

from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.positions import AccountMode, ClosedPosition, Position, SymbolModes


@pytest.mark.parametrize(
    ("fields", "cross"),
    [
        ('"marginMode":"CROSS","crossMode":true', True),
        ('"marginMode":"ISOLATED","crossMode":false', False),
        ('"crossMode":true', True),
        ('"crossMode":false', False),
        ('"marginMode":"ISOLATED"', False),
    ],
)
def test_how_a_position_is_held_by_whichever_field_says_so(fields: str, cross: bool) -> None:
    assert decode(f'{{"symbol":"X","currentQty":1,{fields}}}'.encode(), Position).is_cross is cross


def test_what_a_cross_position_lacks_is_none_and_not_zero() -> None:
    found = decode(
        b'{"symbol":"X","currentQty":-1,"marginMode":"CROSS","posMargin":4.07478E-5,"leverage":10}', Position
    )
    assert (found.pos_margin, found.leverage) == (Decimal("0.0000407478"), 10)
    assert [found.auto_deposit, found.real_leverage, found.pos_comm, found.maint_margin, found.risk_limit] == [None] * 5


@pytest.mark.parametrize(("mode", "hedged"), [("0", False), ("1", True), ('"0"', False), ('"1"', True)])
def test_the_position_mode_as_number_and_as_text(mode: str, hedged: bool) -> None:
    assert decode(f'{{"positionMode":{mode}}}'.encode(), AccountMode).hedged is hedged


def test_a_closed_position_with_much_left_out() -> None:
    raw = b'{"symbol":"X","closeId":300000000000000030,"leverage":"0.0","type":"LIQUID_LONG","side":null,"pnl":"-1.0000003793999999"}'  # noqa: E501
    found = decode(raw, ClosedPosition)
    assert (found.close_id, found.pnl, found.side) == ("300000000000000030", Decimal("-1.0000003793999999"), None)


def test_a_change_of_many_modes_without_a_complaint() -> None:
    assert decode(b'{"marginMode":{"X":"CROSS"}}', SymbolModes).errors == ()
