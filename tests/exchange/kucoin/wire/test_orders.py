from decimal import Decimal

import pytest

from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.orders import CancelledItem, Fill, Order, PlacedItem


@pytest.mark.parametrize(
    ("fields", "active"),
    [
        ('"status":"open","isActive":true', True),
        ('"status":"done","isActive":false', False),
        ('"status":"open"', True),
        ('"status":"done"', False),
        ('"isActive":true', True),
    ],
)
def test_whether_an_order_is_active_by_whichever_field_says_so(fields: str, active: bool) -> None:
    assert decode(f'{{"id":"1","symbol":"X",{fields}}}'.encode(), Order).active is active


@pytest.mark.parametrize("fields", ['"filledSize":3', '"dealSize":3', '"dealSize":3,"filledSize":3'])
def test_lots_filled_under_either_name(fields: str) -> None:
    assert decode(f'{{"id":"1","symbol":"X",{fields}}}'.encode(), Order).filled == 3


def test_a_stop_at_the_market_that_waits() -> None:
    raw = (
        b'{"id":"1","symbol":"X","type":"market","side":"sell","price":null,"size":5,"stop":"down",'
        b'"stopPrice":3000,"stopPriceType":"MP","stopTriggered":null,"clientOid":null,"orderTime":null}'
    )
    found = decode(raw, Order)
    assert (found.price, found.stop_price, found.stop_price_type) == (None, Decimal(3000), "MP")
    assert (found.stop_triggered, found.client_oid, found.order_time) == (None, None, None)


def test_a_fill_is_exact_to_the_last_digit() -> None:
    raw = (
        b'{"symbol":"X","tradeId":1873921404162,"orderId":"5","side":"buy","price":"115549.8","size":1,'
        b'"value":"115.5498","feeRate":"0.00048","fee":"0.055463904","tradeTime":1758421075974000000}'
    )
    found = decode(raw, Fill)
    assert found.trade_id == "1873921404162"
    assert found.value is not None
    assert found.fee_rate is not None
    assert found.value * found.fee_rate == found.fee


def test_the_items_of_batches_succeed_by_either_code() -> None:
    assert decode(b'{"orderId":"1","code":"200000"}', PlacedItem).succeeded
    assert decode(b'{"orderId":"1","code":"200","msg":"success"}', CancelledItem).succeeded
    assert not decode(b'{"clientOid":"1","code":"100004","msg":"done"}', CancelledItem).succeeded
    assert not decode(b'{"clientOid":"1"}', PlacedItem).succeeded
