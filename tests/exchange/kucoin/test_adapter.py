import asyncio
from decimal import Decimal
from itertools import pairwise

import pytest

from radtui.core.account import AccountReport, PositionReport
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.order import Fill, MarginMode, OrderReport, OrderType, Side
from radtui.exchange.kucoin.feed.alarms import LineAlert
from radtui.exchange.port import Exchange, FeedBack, FeedLost
from radtui.resilience.failures import Ambiguous, BadCredentials, Refused, Transient, Unknown
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault
from tests.exchange.kucoin.rehearsal import EPOCH, SYMBOLS, Stage, below, closing, order, rehearse


def test_it_is_an_exchange_of_the_port():
    async def story(stage: Stage) -> None:
        port: Exchange = stage.exchange
        assert (port.name, port.speed) == ("kucoin", 1)
        assert [found.symbol for found in await port.instruments()] == list(SYMBOLS)
        assert abs(port.market_now() - stage.clock.now()) < SECOND

    rehearse(story)


def test_prices_and_candles_come_in_order_and_without_gaps():
    async def story(stage: Stage) -> None:
        await asyncio.sleep(300)
        for symbol in SYMBOLS:
            ticks = [tick.at for tick in stage.ticks() if tick.symbol == symbol]
            assert len(ticks) > 200
            assert ticks == sorted(set(ticks))
            told = stage.candles(symbol)
            assert len(told) in {4, 5}
            assert all(b.opened_at - a.opened_at == MINUTE for a, b in pairwise(told))
            truth = {candle.opened_at: candle for candle in stage.venue.candles(symbol, MINUTE, 30)}
            assert all(truth[candle.opened_at] == candle for candle in told)

    rehearse(story, turn=0.5)


def test_history_is_what_the_venue_has():
    async def story(stage: Stage) -> None:
        found = await stage.exchange.candles(SYMBOLS[0], MINUTE, 40)
        assert list(found) == list(stage.venue.candles(SYMBOLS[0], MINUTE, 40))

    rehearse(story)


def test_whoever_is_in_no_hurry_browses_what_is_listed_by_a_lane_of_its_own():
    async def story(stage: Stage) -> None:
        port: Exchange = stage.exchange
        listed = await port.listed()
        assert {each.instrument.symbol for each in listed} == set(SYMBOLS)
        assert all(each.turnover > 0 for each in listed)
        found = await port.browse(SYMBOLS[0], MINUTE, 40)
        assert list(found) == list(stage.venue.candles(SYMBOLS[0], MINUTE, 40))
        assert stage.heard.calls["klines.browse"] == 1
        assert not stage.heard.calls["klines"]

    rehearse(story)


def test_an_order_is_filled_reported_and_read_back():
    async def story(stage: Stage) -> None:
        order_id = await stage.exchange.place(order())
        took = await stage.until(lambda: stage.heard.of(Fill))
        assert took < 0.5, "a position must not wait for its stop"
        (fill,) = stage.heard.of(Fill)
        (truth,) = stage.venue.fills(0)
        assert (fill.client_id, fill.lots, fill.price, fill.fee) == ("b-1", 3, truth.price, truth.fee)
        assert fill.order_id == order_id
        await stage.until(lambda: any(not report.active for report in stage.heard.of(OrderReport)))
        report = await stage.exchange.order(SYMBOLS[0], "b-1")
        assert report is not None
        assert (report.active, report.cancelled, report.filled_lots) == (False, False, 3)
        assert report.filled_value == truth.price * 3 * Decimal("0.001")
        (read,) = await stage.exchange.fills(stage.clock.now() - HOUR)
        assert read == fill, "push and list name it alike, or it would count twice"
        (held,) = await stage.exchange.positions()
        assert (held.symbol, held.lots, held.entry, held.leverage) == (SYMBOLS[0], 3, truth.price, 3)
        assert stage.heard.of(PositionReport)[-1].lots == 3
        account = await stage.exchange.account()
        assert account.wallet == 10_000 - truth.fee == stage.heard.of(AccountReport)[-1].wallet

    rehearse(story)


def test_a_stop_rests_and_is_cancelled_though_its_push_names_no_client_id():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await stage.exchange.place(closing("b-2", stop=below(stage)))
        (resting,) = await stage.exchange.open_orders()
        assert (resting.client_id, resting.waits, resting.close_order) == ("b-2", True, True)
        found = await stage.exchange.order(SYMBOLS[0], "b-2")
        assert found is not None
        assert found.waits
        await stage.exchange.cancel(SYMBOLS[0], "b-2")
        assert not await stage.exchange.open_orders()
        await stage.until(lambda: any(r.client_id == "b-2" and r.cancelled for r in stage.heard.of(OrderReport)))
        with pytest.raises(Unknown):
            await stage.exchange.cancel(SYMBOLS[0], "b-2")

    rehearse(story)


def test_a_stop_of_an_earlier_run_is_cancelled_too():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await stage.exchange.place(closing("b-2", stop=below(stage)))
        later = Stage(stage.network, stage.clock)
        await later.open()
        await later.exchange.cancel(SYMBOLS[0], "b-2")
        assert not await later.exchange.open_orders()
        await later.close()

    rehearse(story)


def test_a_stop_that_fires_closes_the_position_and_says_so():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        order_id = await stage.exchange.place(closing("b-2", stop=below(stage, "0.9998")))
        await stage.until(lambda: any(fill.client_id == "b-2" for fill in stage.heard.of(Fill)), 600)
        (fill,) = [fill for fill in stage.heard.of(Fill) if fill.client_id == "b-2"]
        assert (fill.order_id, fill.lots, fill.side) == (order_id, 3, Side.SELL)
        await asyncio.sleep(1)
        last = [report for report in stage.heard.of(OrderReport) if report.client_id == "b-2"][-1]
        assert (last.active, last.triggered, last.cancelled, last.filled_lots) == (False, True, False, 3)
        read = await stage.exchange.order(SYMBOLS[0], "b-2")
        assert read is not None
        assert (read.active, read.triggered, read.filled_lots) == (False, True, 3)
        assert not await stage.exchange.positions()

    rehearse(story, turn=0.5)


def test_the_book_is_the_best_of_the_venue_s_and_an_order_of_anybody_goes_by_its_order_id():
    async def story(stage: Stage) -> None:
        shown, truth = await stage.exchange.book(SYMBOLS[0]), stage.venue.book(SYMBOLS[0])
        for mine, there in ((shown.bids, truth.bids), (shown.asks, truth.asks)):
            assert [(level.price, level.lots) for level in mine] == there[:20]
        order_id = await stage.exchange.place(order(type=OrderType.LIMIT, price=below(stage).price))
        await stage.exchange.cancel_by_id(SYMBOLS[0], order_id)
        assert not stage.venue.open_orders()
        with pytest.raises(Unknown):
            await stage.exchange.cancel_by_id(SYMBOLS[0], order_id)

    rehearse(story)


def test_the_latest_trades_are_the_venue_s_newest_first():
    async def story(stage: Stage) -> None:
        await asyncio.sleep(120)
        told, truth = await stage.exchange.trades(SYMBOLS[0]), stage.venue.trades(SYMBOLS[0], 100)
        assert len(told) == 100
        assert [(t.price, t.lots, t.side) for t in told] == [(p.price, p.lots, p.side) for p in truth]
        assert {t.symbol for t in told} == {SYMBOLS[0]}
        assert [t.at for t in told] == sorted((t.at for t in told), reverse=True)

    rehearse(story)


def test_a_limit_order_rests_and_is_cancelled():
    async def story(stage: Stage) -> None:
        price = below(stage).price
        await stage.exchange.place(order(type=OrderType.LIMIT, price=price, post_only=True))
        (resting,) = await stage.exchange.open_orders()
        assert (resting.price, resting.waits, resting.post_only) == (price, False, True)
        await stage.exchange.cancel(SYMBOLS[0], "b-1")
        report = await stage.exchange.order(SYMBOLS[0], "b-1")
        assert report is not None
        assert report.cancelled

    rehearse(story)


def test_a_close_leaves_nothing():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await stage.exchange.place(closing())
        await stage.until(lambda: len(stage.heard.of(Fill)) == 2)
        assert not await stage.exchange.positions()
        await stage.until(lambda: stage.heard.of(PositionReport)[-1].lots == 0)
        with pytest.raises(Refused):
            await stage.exchange.place(closing("b-10"))

    rehearse(story)


def test_a_client_id_is_never_taken_twice_and_a_repeat_is_looked_up():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        with pytest.raises(Ambiguous, match="before"):
            await stage.exchange.place(order())
        assert len(stage.venue.fills(0)) == 1

    rehearse(story)


def test_an_answer_that_is_lost_leaves_it_open_and_the_look_up_settles_it():
    async def story(stage: Stage) -> None:
        stage.faults[WireFault.LOST_AFTER] = 1.0
        with pytest.raises(Ambiguous):
            await stage.exchange.place(order())
        stage.faults.clear()
        assert await stage.exchange.order(SYMBOLS[0], "b-1") is not None
        assert await stage.exchange.order(SYMBOLS[0], "b-2") is None

    rehearse(story)


def test_a_network_that_is_down_has_certainly_placed_nothing():
    async def story(stage: Stage) -> None:
        stage.network.down = True
        with pytest.raises(Transient):
            await stage.exchange.place(order())
        stage.network.down = False
        await stage.until(lambda: stage.heard.of(FeedBack), within=60)
        assert await stage.exchange.order(SYMBOLS[0], "b-1") is None

    rehearse(story)


def test_after_a_lost_feed_everything_that_was_missed_is_told_before_it_is_back():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await stage.until(lambda: stage.heard.of(Fill))
        stage.network.down = True
        await stage.until(lambda: stage.heard.of(FeedLost))
        elsewhere = Stage(Loopback(stage.network.exchange), stage.clock)
        await elsewhere.exchange.place(order("b-5", 2))
        await elsewhere.exchange.close()
        await asyncio.sleep(30)
        assert not any(isinstance(message, FeedBack) for message in stage.heard.account)
        stage.network.down = False
        await stage.until(lambda: any(isinstance(m, FeedBack) for m in stage.heard.account), within=120)
        told = [type(message) for message in stage.heard.account]
        missed = [fill for fill in stage.heard.of(Fill) if fill.client_id == "b-5"]
        assert sum(fill.lots for fill in missed) == 2
        assert told.index(FeedBack) > max(at for at, kind in enumerate(told) if kind is Fill)
        assert stage.heard.of(PositionReport)[-1].lots == 5
        await stage.until(lambda: any(isinstance(m, FeedBack) for m in stage.heard.market), within=120)
        await asyncio.sleep(130)
        opened = [candle.opened_at for candle in stage.candles()]
        assert opened == list(range(opened[0], opened[-1] + 1, MINUTE)), "no candle is missing"

    rehearse(story, turn=0.5)


def test_a_full_reading_every_second_costs_less_than_25_of_weight():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await asyncio.sleep(31)
        (before,) = [pool for pool in stage.exchange.link().pools if pool.name == "futures"]
        used = 0
        for _ in range(29):
            since = stage.clock.now() - HOUR
            await stage.exchange.open_orders()
            await asyncio.gather(
                stage.exchange.fills(since),
                stage.exchange.funding(since),
                stage.exchange.positions(),
                stage.exchange.account(),
            )
            await asyncio.sleep(1)
        (after,) = [pool for pool in stage.exchange.link().pools if pool.name == "futures"]
        used = after.limit - after.remaining
        assert 29 * 15 < used <= 29 * 25, f"{used} in 29 s, {before.remaining} left before"

    rehearse(story)


def test_funding_is_told_once_and_equals_the_venues():
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order(lots=50))
        held = stage.exchange.funding
        for _ in range(200):
            await held(stage.clock.now() - HOUR)
            await asyncio.sleep(1)
        truth = stage.venue.funding(0)
        assert truth
        found = await stage.exchange.funding(stage.clock.now() - 9 * HOUR)
        assert [(paid.symbol, paid.amount) for paid in found] == [(paid.symbol, paid.amount) for paid in truth]
        assert stage.heard.calls["funding"] <= 12, "not at every reading"

    rehearse(story, turn=0.5, start=EPOCH + 8 * HOUR - 2 * MINUTE)


@pytest.mark.parametrize("fault", [WireFault.GAP, WireFault.DUPLICATE, WireFault.REORDER, WireFault.GARBAGE])
def test_candles_stay_whole_on_a_bad_wire(fault):
    async def story(stage: Stage) -> None:
        stage.faults[fault] = 0.05
        await asyncio.sleep(400)
        opened = [candle.opened_at for candle in stage.candles()]
        assert len(opened) >= 5
        assert opened == list(range(opened[0], opened[-1] + 1, MINUTE))

    rehearse(story, turn=0.5)


def test_an_accelerated_market_is_followed():
    async def story(stage: Stage) -> None:
        await asyncio.sleep(30)
        opened = [candle.opened_at for candle in stage.candles()]
        assert len(opened) > 20
        assert opened == list(range(opened[0], opened[-1] + 1, MINUTE))

    rehearse(story, speed=60.0, turn=0.5)


def test_a_wrong_secret_says_what_to_do():
    async def story(stage: Stage) -> None:
        with pytest.raises(BadCredentials, match="secret"):
            await stage.exchange.open()

    rehearse(story, opened=False, secret="x" * 36)


def test_an_unknown_symbol_is_refused_with_the_nearest_names():
    async def story(stage: Stage) -> None:
        with pytest.raises(Refused, match="XBTUSDTM"):
            await stage.exchange.open()

    rehearse(story, opened=False, symbols=("BTCUSDT",))


def test_open_is_tried_again_until_the_network_is_there():
    async def story(stage: Stage) -> None:
        stage.network.down = True
        with pytest.raises(Transient):
            await stage.exchange.open()
        stage.network.down = False
        await stage.open()
        assert (await stage.exchange.account()).wallet == 10_000

    rehearse(story, opened=False)


def test_a_skewed_clock_is_measured_and_survived():
    async def story(stage: Stage) -> None:
        link = stage.exchange.link()
        assert link.skew == pytest.approx(8.0, abs=0.1)
        assert link.round_trip is not None
        assert (await stage.exchange.account()).wallet == 10_000

    rehearse(story, faults={WireFault.SKEW: 8000})


def test_a_lost_connection_is_told_to_who_asked():
    async def story(stage: Stage) -> None:
        said: list[LineAlert] = []
        stage.exchange.on_alert = said.append
        stage.network.sockets[0].cut("the line broke")
        await stage.until(lambda: said)
        assert said[0].kind == "disconnect"
        assert "the line broke" in said[0].text

    rehearse(story)


def test_a_breaker_that_opens_is_told():
    async def story(stage: Stage) -> None:
        said: list[LineAlert] = []
        stage.exchange.on_alert = said.append
        stage.network.down = True
        while not any(alert.kind == "breaker" for alert in said):
            with pytest.raises(Transient):
                await stage.exchange.account()
            await asyncio.sleep(1)
        assert any("closed → open" in alert.text for alert in said)

    rehearse(story)


def test_the_line_is_shown():
    async def story(stage: Stage) -> None:
        link = stage.exchange.link()
        assert {pool.name for pool in link.pools} >= {"futures", "public"}
        assert any(connection.state == "open" and connection.topics for connection in link.connections)
        assert {breaker.state for breaker in link.breakers} == {"closed"}

    rehearse(story)


@pytest.mark.parametrize("mode", [MarginMode.ISOLATED, MarginMode.CROSS])
@pytest.mark.parametrize("hedged", [False, True])
def test_every_account_mode_opens_protects_and_closes(mode, hedged):
    async def story(stage: Stage) -> None:
        await stage.exchange.rest.positions.set_hedged(hedged)
        await stage.exchange.rest.positions.set_margin_mode(SYMBOLS[0], mode)
        await stage.open()
        for side in Side:
            await stage.exchange.place(order(f"b-{side}", side=side))
            (held,) = await stage.exchange.positions()
            assert held.lots == 3 * side.sign
            assert held.margin_mode == mode.lower()
            assert held.leverage == 3
            await stage.exchange.place(closing(f"c-{side}", side.opposite))
            assert not await stage.exchange.positions()

    rehearse(story, opened=False, margin_mode=mode)


def test_both_sides_at_once_are_shown():
    async def story(stage: Stage) -> None:
        await stage.exchange.rest.positions.set_hedged(True)
        await stage.open()
        await stage.exchange.place(order())
        await stage.exchange.place(order("b-2", side=Side.SELL))
        assert sorted(each.lots for each in await stage.exchange.positions()) == [-3, 3]

    rehearse(story, opened=False)


def test_what_is_configured_and_not_traded_is_told_once_and_the_others_fly():
    async def story(stage: Stage) -> None:
        told: list[str] = []
        stage.exchange.on_alert = lambda alert: told.append(f"{alert.kind} {alert.connection}: {alert.text}")
        await stage.open()
        await stage.exchange.open()
        assert [found.symbol for found in await stage.exchange.instruments()] == [SYMBOLS[0]]
        (text,) = told
        assert text.startswith("contract LUNAUSDTM: The exchange lists no contract 'LUNAUSDTM'.")
        assert (await stage.exchange.contract(SYMBOLS[1])).symbol == SYMBOLS[1]
        with pytest.raises(Refused):
            await stage.exchange.contract("LUNAUSDTM")

    rehearse(story, opened=False, symbols=(SYMBOLS[0], "LUNAUSDTM"))
