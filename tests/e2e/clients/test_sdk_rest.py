"""The official client reads, trades and settles over REST; nothing of any answer is lost on the way into its types."""

from __future__ import annotations

import warnings
from itertools import count, pairwise
from typing import Any

import pytest
from serving import XBT, Served, until

pytest.importorskip("kucoin_universal_sdk", reason="the official client is not installed")

from official import WARNINGS, absent, ask, whole

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its models are declared the way of an older pydantic
    from kucoin_universal_sdk.generate.account import account as accounts
    from kucoin_universal_sdk.generate.account import fee as fees
    from kucoin_universal_sdk.generate.account import subaccount as subs
    from kucoin_universal_sdk.generate.account import transfer as transfers
    from kucoin_universal_sdk.generate.futures import fundingfees as funding
    from kucoin_universal_sdk.generate.futures import market, order, positions
    from kucoin_universal_sdk.model.common import RestError

pytestmark = [pytest.mark.xdist_group("clients-official"), *(pytest.mark.filterwarnings(one) for one in WARNINGS)]
_names = count(1)


@pytest.fixture(scope="module")
def rest(served: Served) -> Any:
    return served.official().rest_service()


@pytest.fixture(scope="module")
def trading(rest: Any) -> Any:
    return rest.get_futures_service().get_order_api()


@pytest.fixture(scope="module")
def reading(rest: Any) -> Any:
    return rest.get_futures_service().get_market_api()


@pytest.fixture(scope="module")
def holding(rest: Any) -> Any:
    return rest.get_futures_service().get_positions_api()


@pytest.fixture(autouse=True)
def _tidy(trading: Any, holding: Any) -> Any:
    """Take away what a test leaves behind."""
    yield
    trading.cancel_all_stop_orders(ask(order.CancelAllStopOrdersReqBuilder))
    for symbol in (XBT, "ETHUSDTM"):
        trading.cancel_all_orders_v3(ask(order.CancelAllOrdersV3ReqBuilder, symbol=symbol))
    for held in holding.get_position_list(ask(positions.GetPositionListReqBuilder)).data:
        place(trading, close_order=True, side=None, size=None, symbol=held.symbol, margin_mode=held.margin_mode.value)
    for symbol in (XBT, "ETHUSDTM"):
        holding.switch_margin_mode(ask(positions.SwitchMarginModeReqBuilder, symbol=symbol, margin_mode="ISOLATED"))


def place(trading: Any, **changed: object) -> str:
    """Place an order, one lot bought at the market unless changed, and return its id."""
    answer = whole(trading.add_order(ask(order.AddOrderReqBuilder, **wanted(**changed))))
    order_id: str = answer.order_id
    return order_id


def wanted(**changed: object) -> dict[str, object]:
    """Return the fields of an order."""
    fields = {
        "client_oid": f"official-{next(_names)}",
        "symbol": XBT,
        "side": "buy",
        "type": "market",
        "leverage": 5,
        "size": 1,
    } | changed
    return {name: value for name, value in fields.items() if value is not None}


def at(reading: Any, share: float, symbol: str = XBT) -> str:
    """Return a price at that share of the last one, on the tick of the contract."""
    last = float(reading.get_ticker(ask(market.GetTickerReqBuilder, symbol=symbol)).price)
    return format(last * share, ".1f")


def test_market_data(reading: Any) -> None:
    now = whole(reading.get_server_time()).data
    assert whole(reading.get_service_status()).status.value == "open"
    contracts = whole(reading.get_all_symbols()).data
    assert [one.symbol for one in contracts] == [XBT, "ETHUSDTM", "XBTUSDM", "XBTUSDCM"]
    xbt = whole(reading.get_symbol(ask(market.GetSymbolReqBuilder, symbol=XBT)))
    assert (xbt.tick_size, xbt.multiplier, xbt.lot_size, xbt.max_leverage) == (0.1, 0.001, 1, 125)
    assert (xbt.status.value, xbt.settle_currency, xbt.base_currency) == ("Open", "USDT", "XBT")
    assert xbt.low_price <= xbt.last_trade_price <= xbt.high_price
    assert int(xbt.open_interest) > 0
    assert absent(xbt) <= {"expire_date", "settle_date", "settlement_fee", "predicted_funding_fee_rate"}
    assert contracts[2].multiplier == -1
    assert contracts[2].is_inverse is True
    ticker = whole(reading.get_ticker(ask(market.GetTickerReqBuilder, symbol=XBT)))
    assert float(ticker.best_bid_price) < float(ticker.best_ask_price)
    assert absent(ticker) == set()
    assert abs(ticker.ts // 1_000_000 - now) < 10_000
    assert [one.symbol for one in whole(reading.get_all_tickers()).data] == [one.symbol for one in contracts]
    mark = whole(reading.get_mark_price(ask(market.GetMarkPriceReqBuilder, symbol=XBT)))
    assert abs(mark.value / mark.index_price - 1) < 0.01
    assert whole(reading.get24hr_stats()).turnover_of24h > 0


def test_books(reading: Any) -> None:
    book = whole(reading.get_full_order_book(ask(market.GetFullOrderBookReqBuilder, symbol=XBT)))
    for size in ("20", "100"):
        part = whole(reading.get_part_order_book(ask(market.GetPartOrderBookReqBuilder, symbol=XBT, size=size)))
        assert 0 < len(part.bids) <= int(size)
        assert part.bids[0][0] < part.asks[0][0]
        assert part.sequence >= book.sequence
    assert book.bids == sorted(book.bids, reverse=True)
    assert book.asks == sorted(book.asks)
    assert absent(book) == set()


def test_trades_and_candles(reading: Any) -> None:
    trades = whole(reading.get_trade_history(ask(market.GetTradeHistoryReqBuilder, symbol=XBT))).data
    assert len(trades) == 100
    assert all(absent(trade) == set() for trade in trades)
    assert [trade.sequence for trade in trades] == sorted((trade.sequence for trade in trades), reverse=True)
    now = reading.get_server_time().data
    for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440, 10080):
        span = minutes * 60_000
        asked = ask(
            market.GetKlinesReqBuilder, symbol=XBT, granularity=minutes, from_=now - 20 * span, to=now - 10 * span
        )
        rows = whole(reading.get_klines(asked)).data
        assert len(rows) == 10
        assert all(later[0] - row[0] == span for row, later in pairwise(rows))
        assert all(row[3] <= min(row[1], row[4]) <= max(row[1], row[4]) <= row[2] for row in rows)


def test_indices_and_funding(reading: Any, rest: Any) -> None:
    now = reading.get_server_time().data
    index = whole(
        reading.get_spot_index_price(ask(market.GetSpotIndexPriceReqBuilder, symbol=".KXBTUSDT", max_count=5))
    )
    assert 0 < len(index.data_list) <= 5
    assert index.data_list[0].value > 0
    assert index.data_list[0].decomposion_list[0].exchange
    interest = whole(reading.get_interest_rate_index(ask(market.GetInterestRateIndexReqBuilder, symbol=".XBTINT")))
    assert interest.data_list[0].time_point <= now
    premium = whole(reading.get_premium_index(ask(market.GetPremiumIndexReqBuilder, symbol=".XBTUSDTMPI")))
    assert premium.data_list
    api = rest.get_futures_service().get_funding_fees_api()
    rate = whole(api.get_current_funding_rate(ask(funding.GetCurrentFundingRateReqBuilder, symbol=XBT)))
    assert rate.granularity == 28_800_000
    assert rate.time_point % rate.granularity == 0
    assert absent(rate) == set()
    asked = ask(funding.GetPublicFundingHistoryReqBuilder, symbol=XBT, from_=now - 3 * 86_400_000, to=now)
    past = whole(api.get_public_funding_history(asked)).data
    assert len(past) == 9
    assert past[0].timepoint == rate.time_point
    assert whole(reading.get_public_token()).instance_servers[0].ping_interval == 18_000
    assert whole(reading.get_private_token()).token


def test_an_order_reads_back_as_it_was_placed(trading: Any, reading: Any) -> None:
    price = at(reading, 0.96)
    name = f"official-{next(_names)}"
    placed = place(
        trading, client_oid=name, type="limit", price=price, size=20, leverage=7, remark="ÄÖ with blanks", stp="CN",
        time_in_force="GTC", iceberg=True, visible_size="2", margin_mode="ISOLATED", force_hold=True,
    )  # fmt: skip
    shown = whole(trading.get_order_by_order_id(ask(order.GetOrderByOrderIdReqBuilder, order_id=placed)))
    assert (shown.id, shown.client_oid, shown.symbol, shown.remark) == (placed, name, XBT, "ÄÖ with blanks")
    assert (shown.type.value, shown.side.value, shown.size, shown.leverage) == ("limit", "buy", 20, "7")
    assert float(shown.price) == float(price)
    assert (shown.status.value, shown.is_active, shown.cancel_exist, shown.filled_size) == ("open", True, False, 0)
    assert (shown.iceberg, shown.visible_size, shown.hidden, shown.force_hold) == (True, 2, False, True)
    assert (shown.margin_mode.value, shown.settle_currency, shown.reduce_only) == ("ISOLATED", "USDT", False)
    assert shown.order_time // 1_000_000 == shown.created_at
    assert absent(shown) <= {"stop_price", "end_at"}
    again = whole(trading.get_order_by_client_oid(ask(order.GetOrderByClientOidReqBuilder, client_oid=name)))
    assert again.id == placed
    listed = whole(trading.get_order_list(ask(order.GetOrderListReqBuilder, status="active", symbol=XBT)))
    assert [(one.id, one.size) for one in listed.items] == [(placed, 20)]
    assert (listed.current_page, listed.page_size, listed.total_num, listed.total_page) == (1, 50, 1, 1)
    sums = whole(trading.get_open_order_value(ask(order.GetOpenOrderValueReqBuilder, symbol=XBT)))
    assert (sums.open_order_buy_size, sums.open_order_sell_size) == (20, 0)
    assert float(sums.open_order_buy_cost) == pytest.approx(float(price) * 0.02)
    over = whole(
        trading.cancel_order_by_client_oid(ask(order.CancelOrderByClientOidReqBuilder, symbol=XBT, client_oid=name))
    )
    assert over.client_oid == name
    ended = trading.get_order_by_order_id(ask(order.GetOrderByOrderIdReqBuilder, order_id=placed))
    assert (ended.status.value, ended.cancel_exist, ended.is_active) == ("done", True, False)
    assert ended.end_at >= ended.created_at


def test_fills(trading: Any) -> None:
    placed = place(trading, size=4)
    shown = whole(trading.get_order_by_order_id(ask(order.GetOrderByOrderIdReqBuilder, order_id=placed)))
    assert (shown.status.value, shown.filled_size, shown.deal_size) == ("done", 4, 4)
    assert float(shown.filled_value) == pytest.approx(4 * 0.001 * float(shown.avg_deal_price))
    fills = whole(trading.get_trade_history(ask(order.GetTradeHistoryReqBuilder, symbol=XBT, order_id=placed)))
    assert sum(one.size for one in fills.items) == 4
    for one in fills.items:
        assert float(one.fee) == pytest.approx(float(one.value) * 0.0006)
        assert (one.liquidity.value, one.fee_rate, one.trade_type.value) == ("taker", "0.00060", "trade")
        assert absent(one) <= {"sub_trade_type"}
    recent = whole(trading.get_recent_trade_history(ask(order.GetRecentTradeHistoryReqBuilder, symbol=XBT))).data
    assert recent[0].order_id == placed
    closed = whole(trading.get_recent_closed_orders(ask(order.GetRecentClosedOrdersReqBuilder, symbol=XBT))).data
    assert closed[0].id == placed
    done = whole(trading.get_order_list(ask(order.GetOrderListReqBuilder, status="done", symbol=XBT, page_size=2)))
    assert done.items[0].id == placed
    for side, expected in (("buy", True), ("sell", False)):
        some = trading.get_order_list(ask(order.GetOrderListReqBuilder, status="done", symbol=XBT, side=side))
        assert (placed in {one.id for one in some.items}) is expected
    typed = trading.get_trade_history(ask(order.GetTradeHistoryReqBuilder, symbol=XBT, trade_types="liquid,adl"))
    assert typed.items == []


@pytest.mark.parametrize("on", ["TP", "MP", "IP"])
def test_stops(trading: Any, reading: Any, on: str) -> None:
    trigger = at(reading, 0.9)
    placed = place(trading, side="sell", stop="down", stop_price=trigger, stop_price_type=on, size=2)
    limit = place(
        trading, type="limit", price=at(reading, 1.04), stop="up", stop_price=at(reading, 1.035), stop_price_type=on
    )
    waiting = whole(trading.get_stop_order_list(ask(order.GetStopOrderListReqBuilder, symbol=XBT)))
    assert [one.id for one in waiting.items] == [limit, placed]
    stop = waiting.items[1]
    assert (stop.stop.value, stop.stop_price_type.value, float(stop.stop_price)) == ("down", on, float(trigger))
    assert (stop.stop_triggered, str(stop.status), str(stop.type)) == (False, "open", "market")
    assert trading.get_order_list(ask(order.GetOrderListReqBuilder, status="active")).items == []
    gone = whole(trading.cancel_all_stop_orders(ask(order.CancelAllStopOrdersReqBuilder, symbol=XBT)))
    assert set(gone.cancelled_order_ids) == {placed, limit}


def test_a_stop_that_fires_is_a_done_order(trading: Any, reading: Any) -> None:
    place(trading, size=2)
    beyond = at(reading, 1.03)
    fired = place(trading, side="sell", stop="down", stop_price=beyond, stop_price_type="TP", size=2, reduce_only=True)
    asked = ask(order.GetOrderByOrderIdReqBuilder, order_id=fired)
    until(lambda: trading.get_order_by_order_id(asked).status.value == "done")
    shown = whole(trading.get_order_by_order_id(asked))
    assert (shown.filled_size, shown.stop_triggered, shown.reduce_only) == (2, True, True)
    done = whole(trading.get_order_list(ask(order.GetOrderListReqBuilder, status="done", type="market_stop")))
    assert fired in {one.id for one in done.items}
    assert fired in {
        one.id for one in whole(trading.get_recent_closed_orders(ask(order.GetRecentClosedOrdersReqBuilder))).data
    }


def test_several_at_once(trading: Any, reading: Any) -> None:
    items = [
        ask(order.BatchAddOrdersItemBuilder, **wanted(type="limit", price=at(reading, 0.97), client_oid=name))
        for name in ("batch-1", "batch-2", "batch-1")
    ]
    rows = whole(trading.batch_add_orders(ask(order.BatchAddOrdersReqBuilder, items=items))).data
    assert [(row.client_oid, row.code, row.symbol) for row in rows] == [
        ("batch-1", "200000", XBT),
        ("batch-2", "200000", XBT),
        ("batch-1", "300018", XBT),
    ]
    gone = whole(
        trading.batch_cancel_orders(ask(order.BatchCancelOrdersReqBuilder, order_ids_list=[rows[0].order_id, "1"]))
    )
    assert [(one.order_id, one.code) for one in gone.data] == [(rows[0].order_id, "200"), ("1", "100001")]
    named = ask(order.BatchCancelOrdersClientOidsListBuilder, symbol=XBT, client_oid="batch-2")
    gone = whole(trading.batch_cancel_orders(ask(order.BatchCancelOrdersReqBuilder, client_oids_list=[named])))
    assert [(one.client_oid, one.code) for one in gone.data] == [("batch-2", "200")]
    tested = whole(trading.add_order_test(ask(order.AddOrderTestReqBuilder, **wanted())))
    assert tested.order_id
    assert trading.get_order_list(ask(order.GetOrderListReqBuilder, status="active")).items == []


def test_an_entry_with_target_and_stop(trading: Any, reading: Any) -> None:
    up, down = at(reading, 1.1), at(reading, 0.9)
    fields = wanted(size=3, stop_price_type="MP", trigger_stop_up_price=up, trigger_stop_down_price=down)
    whole(trading.add_tpsl_order(ask(order.AddTpslOrderReqBuilder, **fields)))
    stops = until(lambda: trading.get_stop_order_list(ask(order.GetStopOrderListReqBuilder)).items)
    assert {(one.stop.value, float(one.stop_price), one.size) for one in stops} == {
        ("up", float(up), 3),
        ("down", float(down), 3),
    }


def test_an_isolated_position(trading: Any, holding: Any) -> None:
    place(trading, size=10, leverage=4)
    held = whole(holding.get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT)))
    assert (held.current_qty, held.is_open, held.cross_mode, held.position_side.value) == (10, True, False, "BOTH")
    cost = held.avg_entry_price * 0.01
    assert held.pos_cost == pytest.approx(cost)
    assert held.pos_init == pytest.approx(cost / 4)
    assert held.pos_comm == pytest.approx(0.0006 * cost * 1.25)
    assert held.pos_margin == pytest.approx(held.pos_init + held.pos_comm + held.pos_cross - held.pos_loss)
    assert held.maint_margin == pytest.approx(held.pos_margin + held.unrealised_pnl, abs=1e-6)
    assert held.mark_value == pytest.approx(held.mark_price * 0.01)
    assert held.unrealised_pnl == pytest.approx(0.01 * (held.mark_price - held.avg_entry_price), abs=1e-6)
    assert held.bankrupt_price == pytest.approx(held.avg_entry_price - held.pos_init / 0.01, rel=1e-4)
    assert held.realised_pnl == pytest.approx(-cost * 0.0006)
    assert held.bankrupt_price < held.liquidation_price < held.mark_price
    assert absent(held) == set()
    rows = whole(holding.get_position_list(ask(positions.GetPositionListReqBuilder, currency="USDT"))).data
    assert [(row.symbol, row.current_qty) for row in rows] == [(XBT, 10)]
    assert holding.get_position_list(ask(positions.GetPositionListReqBuilder, currency="XBT")).data == []
    added = whole(
        holding.add_isolated_margin(ask(positions.AddIsolatedMarginReqBuilder, symbol=XBT, margin=3, biz_no="a"))
    )
    assert added.pos_cross == 3
    holding.add_isolated_margin(ask(positions.AddIsolatedMarginReqBuilder, symbol=XBT, margin=3, biz_no="a"))
    spare = whole(holding.get_max_withdraw_margin(ask(positions.GetMaxWithdrawMarginReqBuilder, symbol=XBT))).data
    assert float(spare) > 0
    taken = holding.remove_isolated_margin(
        ask(positions.RemoveIsolatedMarginReqBuilder, symbol=XBT, withdraw_amount="1")
    )
    assert whole(taken).data == "1"
    after = holding.get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT))
    assert after.pos_margin == pytest.approx(held.pos_margin + 2)
    assert whole(holding.modify_auto_deposit_status(
        ask(positions.ModifyAutoDepositStatusReqBuilder, symbol=XBT, status=True)
    )).data is True  # fmt: skip
    assert holding.get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT)).auto_deposit is True
    place(trading, close_order=True, side=None, size=None, leverage=None)
    past = whole(holding.get_positions_history(ask(positions.GetPositionsHistoryReqBuilder, symbol=XBT, limit=1)))
    assert past.items[0].type == "CLOSE_LONG"
    assert past.items[0].open_time <= past.items[0].close_time
    assert float(past.items[0].open_price) == pytest.approx(held.avg_entry_price)
    flat = holding.get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT))
    assert (flat.current_qty, flat.is_open) == (0, False)


def test_cross_margin(trading: Any, holding: Any) -> None:
    asked = ask(positions.BatchSwitchMarginModeReqBuilder, margin_mode="CROSS", symbols=[XBT, "ETHUSDTM"])
    assert whole(holding.batch_switch_margin_mode(asked)).margin_mode == {XBT: "CROSS", "ETHUSDTM": "CROSS"}
    mode = whole(holding.get_margin_mode(ask(positions.GetMarginModeReqBuilder, symbol=XBT)))
    assert mode.margin_mode.value == "CROSS"
    lever = ask(positions.ModifyMarginLeverageReqBuilder, symbol=XBT, leverage="12")
    assert whole(holding.modify_margin_leverage(lever)).data is True
    read = whole(holding.get_cross_margin_leverage(ask(positions.GetCrossMarginLeverageReqBuilder, symbol=XBT)))
    assert read.leverage == "12"
    place(trading, side="sell", size=6, margin_mode="CROSS")
    held = whole(holding.get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT)))
    assert (held.current_qty, held.cross_mode, held.margin_mode.value, held.leverage) == (-6, True, "CROSS", 12)
    assert held.pos_init == pytest.approx(held.pos_cost / 12) or held.pos_init == pytest.approx(-held.pos_cost / 12)
    assert held.liquidation_price > held.mark_price
    with pytest.raises(RestError, match="330005"):
        trading.add_order(ask(order.AddOrderReqBuilder, **wanted()))
    again = ask(positions.BatchSwitchMarginModeReqBuilder, margin_mode="ISOLATED", symbols=[XBT, "ETHUSDTM"])
    changed = whole(holding.batch_switch_margin_mode(again))
    assert changed.margin_mode == {XBT: "CROSS", "ETHUSDTM": "ISOLATED"}
    assert [(one.code, one.msg, one.symbol) for one in changed.errors] == [("50002", "exist.order.or.position", XBT)]


def test_limits(holding: Any) -> None:
    asked = ask(positions.GetMaxOpenSizeReqBuilder, symbol=XBT, price="60000", leverage=5)
    room = whole(holding.get_max_open_size(asked))
    assert 700 < room.max_buy_open_size < 834
    levels = whole(
        holding.get_isolated_margin_risk_limit(ask(positions.GetIsolatedMarginRiskLimitReqBuilder, symbol=XBT))
    ).data
    assert [one.level for one in levels] == list(range(1, len(levels) + 1))
    assert absent(levels[0]) == set()
    cross = ask(positions.GetCrossMarginRiskLimitReqBuilder, symbol=f"{XBT},ETHUSDTM", total_margin="100", leverage=5)
    rows = whole(holding.get_cross_margin_risk_limit(cross)).data
    assert [row.symbol for row in rows] == [XBT, "ETHUSDTM"]
    assert absent(rows[0]) == set()
    risk = ask(positions.ModifyIsolatedMarginRiskLimtReqBuilder, symbol=XBT, level=2)
    assert whole(holding.modify_isolated_margin_risk_limt(risk)).data is True
    with pytest.raises(RestError):
        holding.modify_isolated_margin_risk_limt(
            ask(positions.ModifyIsolatedMarginRiskLimtReqBuilder, symbol=XBT, level=99)
        )
    holding.modify_isolated_margin_risk_limt(ask(positions.ModifyIsolatedMarginRiskLimtReqBuilder, symbol=XBT, level=1))


def test_the_account(rest: Any, trading: Any) -> None:
    service = rest.get_account_service()
    api = service.get_account_api()
    money = whole(api.get_futures_account(ask(accounts.GetFuturesAccountReqBuilder, currency="USDT")))
    assert 9_990 < money.account_equity <= 10_000
    assert money.available_balance <= money.margin_balance
    assert absent(money) == set()
    assert whole(api.get_futures_account(ask(accounts.GetFuturesAccountReqBuilder))).currency == "XBT"
    place(trading, size=2)
    open_now = api.get_futures_account(ask(accounts.GetFuturesAccountReqBuilder, currency="USDT"))
    assert open_now.position_margin > 0
    assert open_now.account_equity == pytest.approx(open_now.margin_balance + open_now.unrealised_pnl)
    rows = whole(api.get_futures_ledger(ask(accounts.GetFuturesLedgerReqBuilder, currency="USDT", max_count=10)))
    assert rows.data_list[0].status == "Pending"
    assert rows.data_list[1].status == "Completed"
    assert rows.data_list[1].remark == XBT
    key = whole(api.get_apikey_info())
    assert "Futures" in key.permission
    fee = whole(service.get_fee_api().get_futures_actual_fee(ask(fees.GetFuturesActualFeeReqBuilder, symbol=XBT)))
    assert (fee.maker_fee_rate, fee.taker_fee_rate) == ("0.0002", "0.0006")
    summary = whole(
        service.get_sub_account_api().get_futures_sub_account_list_v2(
            ask(subs.GetFuturesSubAccountListV2ReqBuilder, currency="USDT")
        )
    )
    assert summary.summary.account_equity_total == pytest.approx(open_now.account_equity, abs=1)


def test_transfers(rest: Any) -> None:
    service = rest.get_account_service()
    api, account = service.get_transfer_api(), service.get_account_api()

    def equity() -> float:
        read: float = account.get_futures_account(
            ask(accounts.GetFuturesAccountReqBuilder, currency="USDT")
        ).account_equity
        return read

    before = equity()
    out = ask(transfers.FuturesAccountTransferOutReqBuilder, currency="USDT", amount=7, rec_account_type="MAIN")
    moved = whole(api.futures_account_transfer_out(out))
    assert (moved.amount, moved.status, moved.currency) == ("7", "PROCESSING", "USDT")
    assert equity() == pytest.approx(before - 7)
    back = ask(transfers.FuturesAccountTransferInReqBuilder, currency="USDT", amount=7, pay_account_type="MAIN")
    api.futures_account_transfer_in(back)
    assert equity() == pytest.approx(before)
    asked = ask(transfers.GetFuturesAccountTransferOutLedgerReqBuilder, currency="USDT", type="MAIN")
    listed = whole(api.get_futures_account_transfer_out_ledger(asked))
    assert (listed.items[0].amount, listed.items[0].status.value) == ("7", "SUCCESS")


def test_every_answer_tells_what_is_left(reading: Any, trading: Any) -> None:
    first = reading.get_server_time().common_response.rate_limit
    second = reading.get_server_time().common_response.rate_limit
    assert first.limit == 2000
    assert first.remaining - second.remaining == 2
    assert 0 < second.reset <= first.reset <= 30_000
    asked = ask(order.GetRecentClosedOrdersReqBuilder)
    before = trading.get_recent_closed_orders(asked).common_response.rate_limit
    after = trading.get_recent_closed_orders(asked).common_response.rate_limit
    assert before.remaining - after.remaining == 5


def test_refusals(served: Served, trading: Any, reading: Any) -> None:
    for changed, code in (
        ({"symbol": "NOSUCHM"}, "100003"),
        ({"leverage": 126}, "300016"),
        ({"size": 10_000, "leverage": 1}, "300003"),
        ({"type": "limit", "price": at(reading, 1.3)}, "300011"),
        ({"close_order": True, "side": None, "size": None}, "300009"),
        ({"margin_mode": "CROSS"}, "330005"),
    ):
        with pytest.raises(RestError, match=code):
            trading.add_order(ask(order.AddOrderReqBuilder, **wanted(**changed)))
    with pytest.raises(RestError, match="orderNotExist"):
        trading.get_order_by_order_id(ask(order.GetOrderByOrderIdReqBuilder, order_id="5"))
    placed = place(trading)
    with pytest.raises(RestError, match="100004"):
        trading.cancel_order_by_id(ask(order.CancelOrderByIdReqBuilder, order_id=placed))
    served.secret, right = "another", served.secret
    try:
        stranger = served.official().rest_service().get_futures_service().get_positions_api()
    finally:
        served.secret = right
    with pytest.raises(RestError, match=r"401.*400005"):
        stranger.get_position_list(ask(positions.GetPositionListReqBuilder))
