from decimal import Decimal

import pytest

from radtui.exchange.kucoin.wire.common import decode
from radtui.exchange.kucoin.wire.feed import (
    CandlePush,
    CrossLeverages,
    DepthPush,
    Frame,
    OrderAck,
    OrderChange,
    StopChange,
    WalletChange,
)


@pytest.mark.parametrize(
    ("raw", "kind", "number"),
    [
        (b'{"id":"h","type":"welcome"}', "welcome", "h"),
        (b'{"id":1545910660739,"type":"ack"}', "ack", "1545910660739"),
        (b'{"type":"pong","id":"7"}', "pong", "7"),
        (b'{"topic":"/x","subject":"s","data":{"a":1}}', "message", ""),
    ],
)
def test_a_frame_of_any_kind(raw: bytes, kind: str, number: str) -> None:
    found = decode(raw, Frame)
    assert (found.type, str(found.id)) == (kind, number)


def test_an_error_frame() -> None:
    found = decode(b'{"id":"1","type":"error","code":404,"data":"topic /x is not found"}', Frame)
    assert (found.code, bytes(found.data)) == (404, b'"topic /x is not found"')


def test_a_candle_in_the_exchanges_own_order() -> None:
    raw = b'{"symbol":"X","candles":["1731898200","1","2","3","0.5","21.0","21"],"time":1731898208357}'
    found = decode(raw, CandlePush)
    assert found.start == 1_731_898_200_000
    opened, closed, high, low = found.candles[1:5]
    assert (opened, closed, high, low) == (1, 2, 3, Decimal("0.5"))


def test_a_depth_with_sizes_as_text() -> None:
    found = decode(b'{"asks":[["9993","3"]],"bids":[["9988",56]],"ts":1590634672060667000}', DepthPush)
    assert (found.asks, found.bids) == ([(Decimal(9993), 3)], [(Decimal(9988), 56)])


def test_a_cancelled_order_tells_what_was_taken_away() -> None:
    raw = (
        b'{"symbol":"X","orderType":"limit","side":"buy","canceledSize":"1","orderId":"5","type":"canceled","size":"1",'
        b'"filledSize":"0","price":"32000","remainSize":"0","clientOid":"c","status":"done","ts":1758339087398000000}'
    )
    found = decode(raw, OrderChange)
    assert (found.size, found.canceled_size, found.remain_size, found.price) == (1, 1, 0, Decimal(32000))


def test_a_stop_that_becomes_a_market_order_and_fails() -> None:
    raw = (
        b'{"orderId":"5","symbol":"X","type":"triggered","side":"buy","size":1,"orderPrice":null,'
        b'"triggerSuccess":false,"error":"error.createOrder.accountBalanceInsufficient"}'
    )
    found = decode(raw, StopChange)
    assert (found.order_price, found.trigger_success) == (None, False)
    assert found.error is not None


def test_money_comes_as_text() -> None:
    raw = (
        b'{"currency":"USDT","walletBalance":"99.944536096","availableBalance":"61.4194160998","version":"37",'
        b'"timestamp":"1758421075976","crossUnPnl":"-0.01278"}'
    )
    found = decode(raw, WalletChange)
    assert (found.version, found.wallet_balance, found.cross_un_pnl) == (
        37,
        Decimal("99.944536096"),
        Decimal("-0.01278"),
    )


@pytest.mark.parametrize("spelling", ["5", '"5"', '"5.00"'])
def test_cross_leverages(spelling: str) -> None:
    found = decode(f'{{"ANTUSDTM":{{"leverage":{spelling}}}}}'.encode(), CrossLeverages)
    assert found["ANTUSDTM"].leverage == 5


def test_the_answer_to_an_order_over_the_socket() -> None:
    raw = b'{"id":"1","op":"futures.cancel","code":"100004","msg":"no","inTime":1,"outTime":2,"userRateLimit":{"remaining":1998,"limit":2000,"reset":24617}}'  # noqa: E501
    found = decode(raw, OrderAck)
    assert found.user_rate_limit is not None
    assert (found.code, found.user_rate_limit.remaining) == ("100004", 1998)
