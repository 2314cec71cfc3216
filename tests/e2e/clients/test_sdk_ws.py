"""The official client subscribes everything there is for futures; each push arrives whole, and says what REST says."""

from __future__ import annotations

import queue
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from serving import XBT, Served

pytest.importorskip("kucoin_universal_sdk", reason="the official client is not installed")

from official import WARNINGS, absent, ask, same

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its models are declared the way of an older pydantic
    from kucoin_universal_sdk.generate.account import transfer as transfers
    from kucoin_universal_sdk.generate.futures import market, order, positions

pytestmark = [pytest.mark.xdist_group("clients-official"), *(pytest.mark.filterwarnings(one) for one in WARNINGS)]
DEADLINE = 30
KLINES = (
    *(
        "1min",
        "3min",
        "5min",
        "15min",
        "30min",
        "1hour",
        "2hour",
        "4hour",
        "8hour",
        "12hour",
        "1day",
        "1week",
        "1month",
    ),
)


class Ear:
    """Hears what one subscription is told; its methods are called in the client's own thread."""

    def __init__(self) -> None:
        self._told: queue.Queue[tuple[str, str, Any]] = queue.Queue()

    def __call__(self, topic: str, subject: str, data: Any) -> None:
        self._told.put((topic, subject, data))

    def hears(self, wanted: Callable[[Any], bool] = bool, subject: str | None = None) -> Any:
        """Return the first push of a subject that is as wanted; what comes before is dropped."""
        give_up = time.monotonic() + DEADLINE
        while True:
            _, named, data = self._told.get(timeout=max(0.001, give_up - time.monotonic()))
            if subject in {None, named} and wanted(data):
                same(data, data.common_response.raw_data, named)
                return data

    def all(self) -> list[Any]:
        """Return what has arrived and was not looked at."""
        told = []
        while not self._told.empty():
            told.append(self._told.get_nowait()[2])
        return told


@pytest.fixture(scope="module")
def official(served: Served) -> Any:
    return served.official()


def leave(feed: Any) -> None:
    """Stop a feed without waiting: the client may take ten seconds to see that its own socket is closed."""
    threading.Thread(target=feed.stop, daemon=True).start()


@pytest.fixture(scope="module")
def public(official: Any) -> Iterator[Any]:
    feed = official.ws_service().new_futures_public_ws()
    feed.start()
    yield feed
    leave(feed)


@pytest.fixture(scope="module")
def private(official: Any) -> Iterator[Any]:
    feed = official.ws_service().new_futures_private_ws()
    feed.start()
    yield feed
    leave(feed)


@pytest.fixture(scope="module")
def futures(official: Any) -> Any:
    return official.rest_service().get_futures_service()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture(autouse=True)
def _tidy(public: Any, private: Any, futures: Any) -> Iterator[None]:
    """Take away what a test leaves behind: subscriptions too, which the client takes ten seconds to stop without."""
    yield
    for feed in (public, private):
        for name in subscriptions(feed):
            feed.unsubscribe(name)
    if futures.get_positions_api().get_position_list(ask(positions.GetPositionListReqBuilder)).data:
        place(futures, close_order=True, side=None, size=None)


def subscriptions(feed: Any) -> list[str]:
    """Return what a feed is subscribed to."""
    names: list[str] = []

    def note(_: str, manager: Any) -> bool:
        names.extend(info.to_id() for info in manager.get_sub_info())
        return True

    feed.transport.topic_manager.range(note)
    return names


def place(futures: Any, **changed: object) -> str:
    """Place an order, one lot bought at the market unless changed, and return its id."""
    fields = {"symbol": XBT, "side": "buy", "type": "market", "leverage": 5, "size": 1} | changed
    name = f"pushed-{time.monotonic_ns()}"
    made = ask(
        order.AddOrderReqBuilder, client_oid=name, **{key: one for key, one in fields.items() if one is not None}
    )
    order_id: str = futures.get_order_api().add_order(made).order_id
    return order_id


def last(futures: Any) -> float:
    """Return the last price."""
    return float(futures.get_market_api().get_ticker(ask(market.GetTickerReqBuilder, symbol=XBT)).price)


def test_tickers(public: Any, futures: Any, ear: Ear) -> None:
    name = public.ticker_v2(XBT, ear)
    first = ear.hears()
    assert (first.symbol, absent(first)) == (XBT, set())
    assert float(first.best_bid_price) < float(first.best_ask_price)
    later = ear.hears(lambda told: told.sequence > first.sequence)
    assert later.ts > first.ts
    public.unsubscribe(name)
    older = Ear()
    name = public.ticker_v1(XBT, older)
    told = older.hears()
    assert absent(told) == set()
    assert float(told.price) == pytest.approx(last(futures), rel=0.01)


def test_nothing_is_told_after_unsubscribing(public: Any, ear: Ear) -> None:
    name = public.orderbook_increment(XBT, ear)
    ear.hears()
    public.unsubscribe(name)
    ear.all()
    other = Ear()
    name = public.execution(XBT, other)
    other.hears()
    public.unsubscribe(name)
    assert ear.all() == []


def test_a_book_from_snapshot_and_changes(public: Any, futures: Any, ear: Ear) -> None:
    public.orderbook_increment(XBT, ear)
    ear.hears()
    asked = ask(market.GetFullOrderBookReqBuilder, symbol=XBT)
    read = futures.get_market_api().get_full_order_book(asked)
    sides = {"buy": {row[0]: row[1] for row in read.bids}, "sell": {row[0]: row[1] for row in read.asks}}
    sequence = read.sequence
    for _ in range(3):
        aim = None
        while aim is None or sequence < aim.sequence:
            told = ear.hears(lambda told, last=sequence: told.sequence > last)
            assert told.sequence == sequence + 1
            sequence = told.sequence
            price, side, lots = told.change.split(",")
            sides[side][float(price)] = float(lots)
            if lots == "0":
                del sides[side][float(price)]
            aim = aim or futures.get_market_api().get_full_order_book(asked)
        assert sequence == aim.sequence
        assert sides["buy"] == {row[0]: row[1] for row in aim.bids}
        assert sides["sell"] == {row[0]: row[1] for row in aim.asks}


@pytest.mark.parametrize(("kind", "levels"), [("orderbook_level5", 5), ("orderbook_level50", 50)])
def test_books_of_some_levels(public: Any, ear: Ear, kind: str, levels: int) -> None:
    getattr(public, kind)(XBT, ear)
    first = ear.hears()
    assert absent(first) == set()
    assert 5 <= len(first.bids) <= levels
    assert [float(row[0]) for row in first.bids] == sorted((float(row[0]) for row in first.bids), reverse=True)
    assert float(first.bids[0][0]) < float(first.asks[0][0])
    assert ear.hears(lambda told: told.sequence > first.sequence).timestamp > first.timestamp


def test_executions(public: Any, futures: Any, ear: Ear) -> None:
    public.execution(XBT, ear)
    told = ear.hears()
    assert absent(told) == set()
    assert told.trade_id == str(told.sequence)
    placed = place(futures, size=3)
    ours = ear.hears(lambda told: told.taker_order_id == placed)
    assert (ours.size, str(ours.side)) == (3, "buy")
    trades = futures.get_market_api().get_trade_history(ask(market.GetTradeHistoryReqBuilder, symbol=XBT)).data
    read = next(trade for trade in trades if trade.trade_id == ours.trade_id)
    assert (read.price, read.size, read.ts, read.sequence) == (ours.price, ours.size, ours.ts, ours.sequence)
    place(futures, close_order=True, side=None, size=None)


def test_instrument_and_snapshot(public: Any, futures: Any, ear: Ear) -> None:
    name = public.instrument(XBT, ear)
    marked = ear.hears(subject="mark.index.price")
    assert (marked.granularity, absent(marked)) == (1000, {"funding_rate"})
    assert abs(marked.mark_price / marked.index_price - 1) < 0.01
    assert ear.hears(subject="mark.index.price").timestamp > marked.timestamp
    public.unsubscribe(name)
    rate_ear, day_ear = Ear(), Ear()
    name = public.instrument(XBT, rate_ear)
    rate = rate_ear.hears(subject="funding.rate")
    assert (rate.granularity, absent(rate)) == (60_000, {"mark_price", "index_price"})
    public.unsubscribe(name)
    name = public.symbol_snapshot(XBT, day_ear)
    day = day_ear.hears()
    assert absent(day) == set()
    assert day.low_price <= day.last_price <= day.high_price
    contract = futures.get_market_api().get_symbol(ask(market.GetSymbolReqBuilder, symbol=XBT))
    assert day.volume == pytest.approx(contract.volume_of24h, rel=0.01)
    assert day.price24_hours_before == pytest.approx(contract.last_trade_price - contract.price_chg, rel=0.01)
    public.unsubscribe(name)
    name = public.announcement(XBT, ear)


@pytest.mark.parametrize("kind", KLINES)
def test_candles(public: Any, ear: Ear, kind: str) -> None:
    public.klines(XBT, kind, ear)
    told = ear.hears()
    assert (told.symbol, absent(told)) == (XBT, set())
    at, begun, closed, high, low, amount, volume = told.candles
    assert float(low) <= min(float(begun), float(closed)) <= max(float(begun), float(closed)) <= float(high)
    assert float(amount) == float(volume)
    assert int(at) * 1000 <= told.time


def test_the_life_of_orders(private: Any, futures: Any, ear: Ear) -> None:
    alone = Ear()
    private.all_order(ear)
    private.order(XBT, alone)
    price = format(last(futures) * 0.96, ".1f")
    resting = place(futures, type="limit", price=price, size=4)
    for one in (ear, alone):
        told = one.hears(lambda told: told.order_id == resting)
        assert (told.type.value, told.status.value, told.size, told.remain_size) == ("open", "open", "4", "4")
        assert (float(told.price), told.side.value, told.symbol) == (float(price), "buy", XBT)
        assert absent(told) <= {"old_size", "fee_type", "match_price", "match_size", "trade_id"}
    futures.get_order_api().cancel_order_by_id(ask(order.CancelOrderByIdReqBuilder, order_id=resting))
    for one in (ear, alone):
        told = one.hears(lambda told: told.order_id == resting)
        assert (told.type.value, told.status.value, told.canceled_size, told.remain_size) == (
            "canceled",
            "done",
            "4",
            "0",
        )
    filled = place(futures, size=3)
    kinds = []
    while not kinds or kinds[-1] != "filled":
        told = ear.hears(lambda told: told.order_id == filled)
        kinds.append(told.type.value)
        if kinds[-1] == "match":
            assert told.liquidity.value == "taker"
            assert absent(told) == {"old_size"}
            fills = (
                futures.get_order_api().get_trade_history(ask(order.GetTradeHistoryReqBuilder, order_id=filled)).items
            )
            fill = next(one for one in fills if one.trade_id == told.trade_id)
            assert (fill.price, str(fill.size)) == (told.match_price, told.match_size)
    assert kinds == ["match"] * (len(kinds) - 1) + ["filled"]
    assert (told.filled_size, told.remain_size, told.status.value) == ("3", "0", "done")
    place(futures, close_order=True, side=None, size=None)


def test_stops(private: Any, futures: Any, ear: Ear) -> None:
    private.stop_orders(ear)
    far, near = format(last(futures) * 0.9, ".1f"), format(last(futures) * 1.03, ".1f")
    waits = place(futures, side="sell", stop="down", stop_price=far, stop_price_type="MP", size=2)
    told = ear.hears()
    assert (told.order_id, told.type.value, told.order_type.value, told.side.value) == (waits, "open", "stop", "sell")
    assert (told.stop.value, float(told.stop_price), told.stop_price_type, told.size) == ("down", float(far), "MP", 2)
    futures.get_order_api().cancel_order_by_id(ask(order.CancelOrderByIdReqBuilder, order_id=waits))
    assert ear.hears(lambda told: told.order_id == waits).type.value == "cancel"
    fires = place(futures, stop="down", stop_price=near, stop_price_type="TP", size=2)
    assert ear.hears(lambda told: told.order_id == fires).type.value == "open"
    fired = ear.hears(lambda told: told.order_id == fires)
    assert fired.type.value == "triggered"
    assert fired.common_response.raw_data["triggerSuccess"] is True
    place(futures, close_order=True, side=None, size=None)


def because(reason: str) -> Callable[[Any], bool]:
    """Return what picks a position's push of one reason; the client's type has no field for it."""
    return lambda told: bool(told.common_response.raw_data.get("changeReason") == reason)


def test_positions(private: Any, futures: Any, ear: Ear) -> None:
    alone = Ear()
    private.all_position(ear)
    private.position(XBT, alone)
    place(futures, size=5)
    read = futures.get_positions_api().get_position_details(ask(positions.GetPositionDetailsReqBuilder, symbol=XBT))
    for one in (ear, alone):
        told = one.hears(because("positionChange"))
        assert (told.symbol, told.current_qty, told.is_open, told.cross_mode) == (XBT, 5, True, False)
        assert told.avg_entry_price == read.avg_entry_price
        assert told.pos_margin == read.pos_margin
        assert told.liquidation_price == read.liquidation_price
        assert absent(told) <= {"funding_time", "qty", "funding_rate", "funding_fee", "ts", "success", "msg"}
    marked = alone.hears(because("markPriceChange"))
    assert marked.symbol is None
    assert marked.mark_price > 0
    more = ask(positions.AddIsolatedMarginReqBuilder, symbol=XBT, margin=4, biz_no="pushed")
    futures.get_positions_api().add_isolated_margin(more)
    told = alone.hears(because("marginChange"))
    assert told.pos_margin == pytest.approx(read.pos_margin + 4)
    futures.get_positions_api().modify_isolated_margin_risk_limt(
        ask(positions.ModifyIsolatedMarginRiskLimtReqBuilder, symbol=XBT, level=2)
    )
    risk = alone.hears(subject="position.adjustRiskLimit")
    assert (risk.success, risk.common_response.raw_data["riskLimitLevel"]) == (True, 2)
    place(futures, close_order=True, side=None, size=None)
    flat = alone.hears(because("positionChange"))
    assert (flat.current_qty, flat.is_open) == (0, False)


def test_the_wallet(private: Any, official: Any, futures: Any, ear: Ear) -> None:
    private.balance(ear)
    price = format(last(futures) * 0.96, ".1f")
    resting = place(futures, type="limit", price=price, size=10, leverage=1)
    held = float(price) * 0.01
    told = ear.hears(lambda told: float(told.isolated_order_margin) > 0, subject="walletBalance.change")
    assert float(told.isolated_order_margin) == pytest.approx(held, rel=0.01)
    assert absent(told) == set()
    assert int(told.version) >= 1
    assert float(told.available_balance) == pytest.approx(
        float(told.wallet_balance) - float(told.isolated_order_margin)
    )
    futures.get_order_api().cancel_order_by_id(ask(order.CancelOrderByIdReqBuilder, order_id=resting))
    freed = ear.hears(lambda told: float(told.isolated_order_margin) == 0, subject="walletBalance.change")
    assert int(freed.version) > int(told.version)
    api = official.rest_service().get_account_service().get_transfer_api()
    out = ask(transfers.FuturesAccountTransferOutReqBuilder, currency="USDT", amount=5, rec_account_type="MAIN")
    api.futures_account_transfer_out(out)
    less = ear.hears(subject="walletBalance.change")
    assert float(less.wallet_balance) == pytest.approx(float(freed.wallet_balance) - 5)


def test_settings(private: Any, futures: Any, ear: Ear) -> None:
    modes = Ear()
    private.cross_leverage(ear)
    private.margin_mode(modes)
    api = futures.get_positions_api()
    api.modify_margin_leverage(ask(positions.ModifyMarginLeverageReqBuilder, symbol="ETHUSDTM", leverage="9"))
    assert ear.hears().data["ETHUSDTM"].leverage == "9"
    api.switch_margin_mode(ask(positions.SwitchMarginModeReqBuilder, symbol="ETHUSDTM", margin_mode="CROSS"))
    assert modes.hears().data == {"ETHUSDTM": "CROSS"}


def test_a_topic_that_does_not_exist(public: Any, ear: Ear) -> None:
    with pytest.raises(TypeError, match="exceptions must derive"):  # it raises the error frame's text itself
        public.ticker_v2("NOSUCHM", ear)
    name = public.ticker_v2("ETHUSDTM", ear)
    assert ear.hears().symbol == "ETHUSDTM"
    public.unsubscribe(name)
