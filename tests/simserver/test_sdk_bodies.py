"""The official client, its HTTP replaced by a call: nothing of an answer is lost on the way into its types."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from server_world import BEFORE_FUNDING, World

pytest.importorskip("kucoin_universal_sdk", reason="the official client is not installed")

import requests
from by_requests import Loopback

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its models are declared the way of an older pydantic
    from kucoin_universal_sdk.generate.futures.fundingfees import (
        GetCurrentFundingRateReqBuilder,
        GetPrivateFundingHistoryReqBuilder,
        GetPublicFundingHistoryReqBuilder,
    )
    from kucoin_universal_sdk.generate.futures.market import (
        GetFullOrderBookReqBuilder,
        GetInterestRateIndexReqBuilder,
        GetKlinesReqBuilder,
        GetMarkPriceReqBuilder,
        GetPartOrderBookReqBuilder,
        GetPremiumIndexReqBuilder,
        GetSpotIndexPriceReqBuilder,
        GetSymbolReqBuilder,
        GetTickerReqBuilder,
        GetTradeHistoryReqBuilder,
    )
    from kucoin_universal_sdk.generate.futures.order import (
        AddOrderReqBuilder,
        CancelAllOrdersV3ReqBuilder,
        CancelOrderByClientOidReqBuilder,
        CancelOrderByIdReqBuilder,
        GetOpenOrderValueReqBuilder,
        GetOrderByClientOidReqBuilder,
        GetOrderByOrderIdReqBuilder,
        GetOrderListReqBuilder,
        GetRecentClosedOrdersReqBuilder,
        GetRecentTradeHistoryReqBuilder,
        GetStopOrderListReqBuilder,
    )
    from kucoin_universal_sdk.generate.futures.order import (
        GetTradeHistoryReqBuilder as GetFillsReqBuilder,
    )
    from kucoin_universal_sdk.generate.futures.positions import (
        AddIsolatedMarginReqBuilder,
        BatchSwitchMarginModeReqBuilder,
        GetCrossMarginLeverageReqBuilder,
        GetCrossMarginRiskLimitReqBuilder,
        GetIsolatedMarginRiskLimitReqBuilder,
        GetMarginModeReqBuilder,
        GetMaxOpenSizeReqBuilder,
        GetMaxWithdrawMarginReqBuilder,
        GetPositionDetailsReqBuilder,
        GetPositionListReqBuilder,
        GetPositionsHistoryReqBuilder,
        ModifyMarginLeverageReqBuilder,
        RemoveIsolatedMarginReqBuilder,
        SwitchMarginModeReqBuilder,
    )
    from kucoin_universal_sdk.model import ClientOptionBuilder, TransportOptionBuilder
    from kucoin_universal_sdk.model.common import RestError


pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(start=BEFORE_FUNDING)
    monkeypatch.setattr("time.time", lambda: world.clock / 1e9)
    return world


@pytest.fixture
def futures(world: World) -> Any:
    """Return the official client's futures service, with its sessions led to the server's handler."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from kucoin_universal_sdk.api import DefaultClient  # all its services: two seconds that only this test spends

    transport = TransportOptionBuilder().build()
    option = (
        ClientOptionBuilder()
        .set_key(world.key.key)
        .set_secret(world.key.secret)
        .set_passphrase(world.key.passphrase)
        .set_spot_endpoint("http://sim")
        .set_futures_endpoint("http://sim")
        .set_transport_option(transport)
        .build()
    )
    service = DefaultClient(option).rest_service().get_futures_service()
    market = service.get_market_api()
    session: requests.Session = market.transport.http_client
    session.mount("http://", Loopback(world))
    return service


def full(answer: Any) -> Any:
    """Return an answer that the client could read: it is not empty, nor is any of its rows."""
    filled = answer.model_dump(exclude={"common_response"}, exclude_none=True)
    assert filled, type(answer).__name__
    return answer


def test_market_data_arrives_whole(world: World, futures: Any) -> None:
    api, fees = futures.get_market_api(), futures.get_funding_fees_api()
    now = world.clock // 1_000_000
    assert full(api.get_server_time()).data == now
    assert full(api.get_service_status()).status.value == "open"
    contracts = full(api.get_all_symbols()).data
    assert [one.symbol for one in contracts] == list(world.floor.instruments)
    assert full(api.get_symbol(GetSymbolReqBuilder().set_symbol("XBTUSDTM").build())).multiplier == 0.001
    assert full(api.get_ticker(GetTickerReqBuilder().set_symbol("XBTUSDTM").build())).best_bid_price
    assert len(full(api.get_all_tickers()).data) == len(contracts)
    book = full(api.get_full_order_book(GetFullOrderBookReqBuilder().set_symbol("XBTUSDTM").build()))
    assert book.bids[0][0] < book.asks[0][0]
    depth = GetPartOrderBookReqBuilder().set_symbol("XBTUSDTM").set_size("20").build()
    assert len(full(api.get_part_order_book(depth)).bids) == 20
    assert full(api.get_trade_history(GetTradeHistoryReqBuilder().set_symbol("XBTUSDTM").build())).data[0].price
    klines = (
        GetKlinesReqBuilder().set_symbol("XBTUSDTM").set_granularity(1).set_from_(now - 600_000).set_to(now).build()
    )
    assert len(full(api.get_klines(klines)).data) == 10
    assert full(api.get_mark_price(GetMarkPriceReqBuilder().set_symbol("XBTUSDTM").build())).value
    index = GetSpotIndexPriceReqBuilder().set_symbol(".KXBTUSDT").build()
    assert full(api.get_spot_index_price(index)).data_list[0].decomposion_list[0].price
    assert full(api.get_interest_rate_index(GetInterestRateIndexReqBuilder().set_symbol(".XBTINT").build())).data_list
    assert full(api.get_premium_index(GetPremiumIndexReqBuilder().set_symbol(".XBTUSDTMPI").build())).data_list
    assert full(api.get24hr_stats()).turnover_of24h > 0
    assert full(api.get_public_token()).instance_servers[0].endpoint == world.floor.endpoint
    assert full(api.get_private_token()).token
    assert full(fees.get_current_funding_rate(GetCurrentFundingRateReqBuilder().set_symbol("XBTUSDTM").build())).value
    rates = GetPublicFundingHistoryReqBuilder().set_symbol("XBTUSDTM").set_from_(now - 10**8).set_to(now).build()
    assert full(fees.get_public_funding_history(rates)).data


def buy(world: World, builder: Any, **changed: object) -> Any:
    """Return the request of one lot bought at the market, unless changed."""
    for name, value in world.order(**changed).items():
        builder = builder.__getattribute__(f"set_{NAMES.get(name, name)}")(value)
    return builder.build()


NAMES = {
    "clientOid": "client_oid",
    "stopPrice": "stop_price",
    "stopPriceType": "stop_price_type",
    "reduceOnly": "reduce_only",
    "closeOrder": "close_order",
    "marginMode": "margin_mode",
}


def test_orders_and_fills_arrive_whole(world: World, futures: Any) -> None:
    api = futures.get_order_api()
    done = full(api.add_order(buy(world, AddOrderReqBuilder(), clientOid="first", remark="hello world")))
    limit = buy(world, AddOrderReqBuilder(), clientOid="second", type="limit", price=world.price(share="0.97"))
    resting = full(api.add_order(limit))
    stop = buy(
        world,
        AddOrderReqBuilder(),
        clientOid="third",
        side="sell",
        stop="down",
        stopPrice=world.price(share="0.9"),
        stopPriceType="MP",
        reduceOnly=True,
    )
    waiting = full(api.add_order(stop))
    shown = full(api.get_order_by_order_id(GetOrderByOrderIdReqBuilder().set_order_id(done.order_id).build()))
    assert (shown.remark, shown.status.value, shown.filled_size) == ("hello world", "done", 1)
    by_client = GetOrderByClientOidReqBuilder().set_client_oid("second").build()
    assert full(api.get_order_by_client_oid(by_client)).id == resting.order_id
    active = full(api.get_order_list(GetOrderListReqBuilder().set_status("active").build()))
    assert [one.id for one in active.items] == [resting.order_id]
    waits = full(api.get_stop_order_list(GetStopOrderListReqBuilder().build())).items
    assert [(one.id, one.stop_price) for one in waits] == [(waiting.order_id, world.price(share="0.9"))]
    closed = full(api.get_recent_closed_orders(GetRecentClosedOrdersReqBuilder().build()))
    assert [one.id for one in closed.data] == [done.order_id]
    assert (
        full(api.get_recent_trade_history(GetRecentTradeHistoryReqBuilder().build())).data[0].order_id == done.order_id
    )
    fills = full(api.get_trade_history(GetFillsReqBuilder().set_symbol("XBTUSDTM").build()))
    assert fills.items[0].fee_rate == "0.00060"
    value = GetOpenOrderValueReqBuilder().set_symbol("XBTUSDTM").build()
    assert full(api.get_open_order_value(value)).open_order_buy_size == 1
    cancelled = api.cancel_order_by_id(CancelOrderByIdReqBuilder().set_order_id(waiting.order_id).build())
    assert full(cancelled).cancelled_order_ids == [waiting.order_id]
    ended = full(api.get_order_list(GetOrderListReqBuilder().set_status("done").build()))
    assert [one.id for one in ended.items] == [waiting.order_id, done.order_id]
    everything = api.cancel_all_orders_v3(CancelAllOrdersV3ReqBuilder().set_symbol("XBTUSDTM").build())
    assert full(everything).cancelled_order_ids == [resting.order_id]
    again = CancelOrderByClientOidReqBuilder().set_symbol("XBTUSDTM").set_client_oid("second").build()
    with pytest.raises(RestError, match="100004"):
        api.cancel_order_by_client_oid(again)


def test_positions_and_money_arrive_whole(world: World, futures: Any) -> None:
    api, fees = futures.get_positions_api(), futures.get_funding_fees_api()
    world.place(size=5, leverage=3)
    world.sleep(20)
    details = full(api.get_position_details(GetPositionDetailsReqBuilder().set_symbol("XBTUSDTM").build()))
    assert (details.current_qty, details.is_open, details.margin_mode.value) == (5, True, "ISOLATED")
    assert full(api.get_position_list(GetPositionListReqBuilder().build())).data[0].id == details.id
    added = AddIsolatedMarginReqBuilder().set_symbol("XBTUSDTM").set_margin(2).set_biz_no("one").build()
    assert full(api.add_isolated_margin(added)).pos_cross == 2
    assert full(api.add_isolated_margin(added)).pos_cross == 2
    spare = GetMaxWithdrawMarginReqBuilder().set_symbol("XBTUSDTM").build()
    assert float(full(api.get_max_withdraw_margin(spare)).data) > 0
    less = RemoveIsolatedMarginReqBuilder().set_symbol("XBTUSDTM").set_withdraw_amount("1").build()
    assert full(api.remove_isolated_margin(less)).data == "1"
    assert full(api.get_margin_mode(GetMarginModeReqBuilder().set_symbol("XBTUSDTM").build())).margin_mode
    lever = GetCrossMarginLeverageReqBuilder().set_symbol("XBTUSDTM").build()
    assert full(api.get_cross_margin_leverage(lever)).leverage == "10"
    higher = ModifyMarginLeverageReqBuilder().set_symbol("XBTUSDTM").set_leverage("8").build()
    assert full(api.modify_margin_leverage(higher)).data is True
    cross = SwitchMarginModeReqBuilder().set_symbol("ETHUSDTM").set_margin_mode("CROSS").build()
    assert full(api.switch_margin_mode(cross)).margin_mode.value == "CROSS"
    both = BatchSwitchMarginModeReqBuilder().set_margin_mode("CROSS").set_symbols(["XBTUSDTM", "XRPUSDTM"]).build()
    changed = full(api.batch_switch_margin_mode(both))
    assert changed.margin_mode == {"XBTUSDTM": "ISOLATED", "XRPUSDTM": "CROSS"}
    assert [(one.code, one.symbol) for one in changed.errors] == [("50002", "XBTUSDTM")]
    room = GetMaxOpenSizeReqBuilder().set_symbol("XBTUSDTM").set_price("60000").set_leverage(5).build()
    assert full(api.get_max_open_size(room)).max_buy_open_size > 0
    limits = GetIsolatedMarginRiskLimitReqBuilder().set_symbol("XBTUSDTM").build()
    assert full(api.get_isolated_margin_risk_limit(limits)).data[0].level == 1
    crossed = GetCrossMarginRiskLimitReqBuilder().set_symbol("XBTUSDTM").set_total_margin("100").set_leverage(5).build()
    assert full(api.get_cross_margin_risk_limit(crossed)).data[0].max_open_size > 0
    paid = GetPrivateFundingHistoryReqBuilder().set_symbol("XBTUSDTM").build()
    assert full(fees.get_private_funding_history(paid)).data_list[0].funding < 0
    world.place(closeOrder=True, side=None, size=None)
    history = full(api.get_positions_history(GetPositionsHistoryReqBuilder().set_symbol("XBTUSDTM").build()))
    assert history.items[0].type == "CLOSE_LONG"
