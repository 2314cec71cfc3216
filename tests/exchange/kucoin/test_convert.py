from decimal import Decimal

import pytest

from radtui.core.order import Cross, FillKind, MarginMode, OrderType, PositionSide, PriceType, Side, Trigger
from radtui.exchange.kucoin import convert
from radtui.exchange.kucoin.wire.account import Overview
from radtui.exchange.kucoin.wire.common import Page, decode
from radtui.exchange.kucoin.wire.feed import WalletChange
from radtui.exchange.kucoin.wire.market import Contract
from radtui.exchange.kucoin.wire.orders import Fill, Order
from radtui.exchange.kucoin.wire.positions import Position
from tests.exchange.kucoin.shared import FIXTURES, captured


def test_a_contract_is_traded_by_its_own_rules_and_fees():
    raw = (
        b'{"symbol":"XBTUSDTM","baseCurrency":"XBT","quoteCurrency":"USDT","settleCurrency":"USDT","tickSize":0.1,'
        b'"multiplier":0.001,"lotSize":1,"maxOrderQty":1000000,"marketMaxOrderQty":200000,"maxPrice":1000000.0,'
        b'"initialMargin":0.008,"maintainMargin":0.004,"maxLeverage":125,"makerFeeRate":0.0002,"takerFeeRate":0.0006}'
    )
    found = convert.instrument(decode(raw, Contract))
    assert (found.tick, found.multiplier, found.max_leverage) == (Decimal("0.1"), Decimal("0.001"), 125)
    assert found.max_lots == 200_000, "an entry is a market order: its own limit counts"
    assert (found.maker_fee, found.taker_fee) == (Decimal("0.0002"), Decimal("0.0006"))


@pytest.mark.parametrize(
    ("more", "active", "cancelled", "filled"),
    [
        ('"status":"open","isActive":true,"size":3,"filledSize":1', True, False, 1),
        ('"status":"done","isActive":false,"size":3,"filledSize":3', False, False, 3),
        ('"status":"done","isActive":false,"cancelExist":true,"size":3,"filledSize":2', False, True, 2),
        (
            '"status":"done","isActive":false,"cancelExist":true,"size":0,"filledSize":0,"closeOrder":true',
            False,
            True,
            0,
        ),
        ('"status":"done","isActive":false,"size":null,"dealSize":4,"closeOrder":true', False, False, 4),
    ],
)
def test_an_order_is_done_cancelled_or_active_by_what_is_filled(more, active, cancelled, filled):
    raw = f'{{"id":"7","symbol":"XBTUSDTM","side":"sell","type":"market","price":"0","clientOid":"b-1",{more}}}'
    report = convert.order_report(decode(raw.encode(), Order))
    assert (report.active, report.cancelled, report.filled_lots) == (active, cancelled, filled)
    assert (report.side, report.type, report.price, report.client_id) == (Side.SELL, OrderType.MARKET, None, "b-1")


def test_a_stop_waits_until_it_is_triggered():
    raw = (
        '{"id":"7","symbol":"XBTUSDTM","side":"sell","type":"limit","price":"9","size":3,"isActive":true,'
        '"stop":"down","stopPrice":"10.5","stopPriceType":"MP","stopTriggered":%s,"orderTime":1758379465838574219}'
    )
    waits = convert.order_report(decode((raw % "false").encode(), Order))
    assert waits.stop == Trigger(Cross.DOWN, Decimal("10.5"), PriceType.MARK)
    assert waits.waits
    assert waits.created_at == 1758379465838574219
    assert not convert.order_report(decode((raw % "true").encode(), Order)).waits


def test_both_sides_of_a_trade_with_oneself_have_a_name_of_their_own():
    assert convert.trade_id("17", "buy") != convert.trade_id("17", "sell")


@pytest.mark.parametrize("word", ["liquid", "adl"])
def test_a_forced_fill_says_so(word):
    raw = (
        '{"symbol":"X","tradeId":"1","orderId":"2","side":"buy","price":"5","size":2,"liquidity":"maker",'
        f'"openFeePay":"0.1","closeFeePay":"0.2","tradeTime":1756199639879000000,"tradeType":"{word}"}}'
    )
    fill = convert.fill(decode(raw.encode(), Fill), "")
    assert fill.kind is FillKind.LIQUIDATION
    assert fill.fee == Decimal("0.3"), "what was paid to open and to close"
    assert fill.maker
    assert fill.at == 1_756_199_639_879_000_000


def test_a_short_position_of_a_hedge_account_is_negative_whichever_sign_is_told():
    for quantity in (-4, 4):
        raw = f'{{"symbol":"X","currentQty":{quantity},"positionSide":"SHORT","marginMode":"CROSS","leverage":4.97}}'
        found = convert.position_report(decode(raw.encode(), Position))
        assert (found.lots, found.leverage, found.margin_mode) == (-4, 5, "cross")
        assert found.position_side is PositionSide.SHORT


def test_wallet_and_overview_mean_the_same_money():
    pushed = decode(
        b'{"currency":"USDT","walletBalance":"99.944536096","availableBalance":"61.4194160998","version":"37",'
        b'"timestamp":"1758421075976","equity":"99.931756096","crossUnPnl":"-0.01278","isolatedUnPnl":"0",'
        b'"crossPosMargin":"38.5123399962","isolatedPosMargin":"0"}',
        WalletChange,
    )
    read = decode(
        b'{"currency":"USDT","accountEquity":99.931756096,"unrealisedPNL":-0.01278,"availableBalance":61.4194160998,'
        b'"positionMargin":38.5123399962,"orderMargin":0}',
        Overview,
    )
    assert convert.wallet_report(pushed) == convert.account_report(read)


def test_what_is_left_out_is_what_it_was_before_it_existed():
    assert convert.margin_mode("") is MarginMode.ISOLATED
    assert convert.position_side("") is PositionSide.BOTH
    assert convert.trigger("", None, "") is None


def test_captured_answers_become_what_core_trades_with():
    order = captured(FIXTURES / "rest" / "roq_orders_ack_simple.json")["response"]["data"]
    fills = captured(FIXTURES / "rest" / "roq_fills_ack_simple.json")["response"]["data"]
    position = captured(FIXTURES / "rest" / "roq_positions_ack_simple.json")["response"]["data"][0]
    page = decode(_json(order), Page[Order])
    report = convert.order_report(page.items[0])
    assert (report.client_id, report.lots, report.price) == ("cAACI8I11DQAAQAAAAAA", 1, Decimal(32000))
    assert report.margin_mode is MarginMode.CROSS
    fill = convert.fill(decode(_json(fills[0]), Fill), "mine")
    assert (fill.fee, fill.lots, fill.at) == (Decimal("0.055463904"), 1, 1758421075974000000)
    held = convert.position_report(decode(_json(position), Position))
    assert (held.lots, held.entry, held.liquidation) == (1, Decimal("115549.8"), Decimal("15675.5"))
    assert held.fees == Decimal("0.055463904")


def _json(found: object) -> bytes:
    from radtui.exchange.kucoin.wire.common import encode

    return encode(found)
