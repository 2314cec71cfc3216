"""The one inner door: signed, guarded, recorded, and honest about what is not known."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.auth import sign
from radtui.exchange.kucoin.rest.endpoints import (
    BULLET_PRIVATE,
    CANCEL,
    CONTRACTS,
    ORDER_BY_CLIENT,
    PLACE,
    POSITION,
    POSITIONS,
    STATUS,
    TICKER,
)
from radtui.exchange.kucoin.rest.transport import Request, Response, Unanswered, Unsent
from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    BreakerOpen,
    ClockSkew,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
    Unknown,
)
from tests.exchange.kucoin.memory import EPOCH, KEY, PASSPHRASE, SECRET, SECRETS, Memory, World, fly, no, ok

OPEN = ok({"status": "open", "msg": ""})
PLACED = ok({"orderId": "5", "clientOid": "c"})
SKEWED = no("400002", "KC-API-TIMESTAMP Invalid", 400)


async def status(world: World) -> Any:
    return await world.door.call(STATUS)


async def place(world: World) -> Any:
    return await world.door.call(PLACE, body=b'{"clientOid":"c"}')


async def positions(world: World) -> Any:
    return await world.door.call(POSITIONS)


async def failing(world: World, work: Any) -> ExchangeFailure:
    with pytest.raises(ExchangeFailure) as caught:
        await work(world)
    return caught.value


def test_what_is_public_is_not_signed() -> None:
    memory = Memory(OPEN)
    assert fly(memory, status).status == "open"
    (sent,) = memory.sent
    assert (sent.method, sent.base, sent.target) == ("GET", "https://api-futures.kucoin.com", "/api/v1/status")
    assert not [name for name in sent.headers if name.startswith("KC-")]


def test_what_is_private_is_signed_as_it_is_sent_with_the_exchanges_time() -> None:
    memory = Memory(PLACED, skew=3.0)
    fly(memory, place)
    sent = memory.sent[-1]
    stamp = sent.headers["KC-API-TIMESTAMP"]
    assert abs(int(stamp) - (EPOCH // 10**6 + 3000)) <= 1
    assert sent.headers["KC-API-SIGN"] == sign(SECRET, stamp, "POST", "/api/v1/orders", sent.body)
    assert sent.headers["Content-Type"] == "application/json"
    assert memory.readings == 1


def test_a_query_that_needs_encoding_is_signed_without_it() -> None:
    memory = Memory(ok([]))

    async def story(world: World) -> None:
        await world.door.call(POSITIONS, query={"currency": "a b"})

    fly(memory, story)
    sent = memory.sent[-1]
    assert sent.target == "/api/v1/positions?currency=a%20b"
    plain = "/api/v1/positions?currency=a b"
    assert sent.headers["KC-API-SIGN"] == sign(SECRET, sent.headers["KC-API-TIMESTAMP"], "GET", plain)


def test_timestamps_rise_though_a_hundred_leave_at_once() -> None:
    memory = Memory(ok([]))

    async def story(world: World) -> None:
        await asyncio.gather(*(world.door.call(POSITIONS) for _ in range(100)))

    fly(memory, story)
    stamps = [int(sent.headers["KC-API-TIMESTAMP"]) for sent in memory.sent if "KC-API-TIMESTAMP" in sent.headers]
    assert len(stamps) == 100
    assert stamps == sorted(set(stamps))
    assert memory.readings == 1, "the first reading is made once"


def test_without_a_key_nothing_private_leaves() -> None:
    memory = Memory(PLACED)

    async def story(world: World) -> ExchangeFailure:
        return await failing(world, place)

    found = fly(memory, story, credentials=False)
    assert isinstance(found, BadCredentials)
    assert not memory.sent


def test_a_refused_timestamp_is_mended_and_the_request_repeated_once() -> None:
    memory = Memory(SKEWED, PLACED, skew=60.0)

    async def story(world: World) -> None:
        world.door.time.learn(0, 0, EPOCH // 10**6)
        await place(world)
        assert world.door.time.skew == pytest.approx(60.0, abs=0.01)
        assert world.recorded == [("orders.place", "clock skew"), ("orders.place", "")]

    fly(memory, story)
    assert memory.asked == ["POST /api/v1/orders"] * 2
    first, second = (int(sent.headers["KC-API-TIMESTAMP"]) for sent in memory.sent if sent.method == "POST")
    assert 59_000 < second - first < 61_000
    assert memory.readings == 1


def test_a_timestamp_refused_twice_is_a_failure_and_no_loop() -> None:
    memory = Memory(SKEWED)

    async def story(world: World) -> ExchangeFailure:
        return await failing(world, place)

    assert isinstance(fly(memory, story), ClockSkew)
    assert memory.asked == ["POST /api/v1/orders"] * 2


def test_where_the_clock_cannot_be_read_the_refusal_of_the_timestamp_stands() -> None:
    class Deaf(Memory):
        async def _time(self) -> Response:
            raise Unanswered("silence")

    memory = Deaf(SKEWED)

    async def story(world: World) -> ExchangeFailure:
        return await failing(world, place)

    assert isinstance(fly(memory, story), ClockSkew)
    assert memory.asked == ["POST /api/v1/orders"]


def test_ten_refused_timestamps_at_once_read_the_clock_once() -> None:
    late = {"left": 10}

    def answer(request: Request) -> Response:
        late["left"] -= 1
        return SKEWED if late["left"] >= 0 else ok([])

    memory = Memory(answer, travel=0.1)

    async def story(world: World) -> None:
        world.door.time.learn(0, 0, EPOCH // 10**6)
        await asyncio.gather(*(world.door.call(POSITIONS) for _ in range(10)))

    fly(memory, story)
    assert memory.readings == 1


def test_a_first_reading_that_fails_does_not_hold_the_request_up() -> None:
    class Deaf(Memory):
        async def _time(self) -> Response:
            raise Unsent("no way")

    memory = Deaf(PLACED)

    async def story(world: World) -> None:
        assert (await place(world)).order_id == "5"
        assert not world.door.time.is_known

    fly(memory, story)


def test_a_cancel_does_not_wait_for_the_clock() -> None:
    memory = Memory(ok({"cancelledOrderIds": ["5"]}))

    async def story(world: World) -> None:
        await world.door.call(CANCEL, path={"order_id": "5"})

    fly(memory, story)
    assert [sent.target for sent in memory.sent] == ["/api/v1/orders/5"]


@pytest.mark.parametrize(
    ("answer", "reading", "changing"),
    [
        (Unsent("connection refused"), Transient, Transient),
        (Unanswered("reset by peer"), Transient, Ambiguous),
        (no("500000", "", 500), Transient, Ambiguous),
        (Response(503, b"closed"), Maintenance, Ambiguous),
        (Response(200, b"<html>"), Transient, Ambiguous),
        (ok(None), Transient, Ambiguous),
        (ok({"status": []}), Transient, Ambiguous),
        (no("400005", "Invalid KC-API-SIGN", 401), BadCredentials, BadCredentials),
        (no("300003", "Balance insufficient"), Refused, Refused),
        (no("300018", "clientOid parameter repeated"), Ambiguous, Ambiguous),
        (no("300002", "suspended"), Maintenance, Maintenance),
        (no("429000", "Too many requests", 429, {"gw-ratelimit-reset": "1000"}), RateLimited, RateLimited),
    ],
)
def test_a_failure_has_its_type_and_is_recorded_by_it(answer: Any, reading: Any, changing: Any) -> None:
    async def story(world: World) -> None:
        read, changed = await failing(world, status), await failing(world, place)
        assert (type(read), type(changed)) == (reading, changing)
        assert world.recorded == [("status", read.kind), ("orders.place", changed.kind)]

    fly(Memory(answer), story)


def test_a_placement_is_never_repeated_and_a_read_is() -> None:
    memory = Memory(Unsent("refused"), Unsent("refused"), OPEN)

    async def story(world: World) -> None:
        assert (await status(world)).status == "open"
        assert world.recorded == [("status", "transient"), ("status", "transient"), ("status", "")]
        world.memory.answers.append(Unsent("refused"))
        world.memory.answers.popleft()
        assert isinstance(await failing(world, place), Transient)

    fly(memory, story, retries=5)
    assert memory.asked.count("POST /api/v1/orders") == 1


def test_silence_ends_though_the_transport_does_not_keep_its_deadline() -> None:
    class Silent(Memory):
        async def send(self, request: Request, deadline: float) -> Response:
            self.sent.append(request)
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits so long")

    async def story(world: World) -> float:
        began = asyncio.get_running_loop().time()
        assert isinstance(await failing(world, place), Ambiguous)
        return asyncio.get_running_loop().time() - began

    assert fly(Silent(), story, deadline=2.0) <= 6.01  # the reading of the clock, then the order


def test_a_cancelled_call_is_recorded_and_gives_its_place_back() -> None:
    class Silent(Memory):
        async def send(self, request: Request, deadline: float) -> Response:
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits so long")

    async def story(world: World) -> None:
        task = asyncio.create_task(status(world))
        await asyncio.sleep(1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert world.record.calls == [("status", "cancelled")]
        assert world.record.took == [10**9]
        assert all(view.waiting == 0 for view in world.rest.rates)

    fly(Silent(), story)


def test_what_the_answers_say_of_the_budget_is_followed() -> None:
    headers = {"gw-ratelimit-limit": "4000", "gw-ratelimit-remaining": "3210", "gw-ratelimit-reset": "12000"}
    memory = Memory(Response(200, OPEN.body, headers), Response(200, OPEN.body, {"gw-ratelimit-limit": "many"}))

    async def story(world: World) -> None:
        await status(world)
        await status(world)
        public = next(view for view in world.rest.rates if view.pool == "public")
        assert (public.limit, public.remaining) == (4000, 3206)

    fly(memory, story)


def test_an_open_breaker_stops_reads_and_entries_and_no_cancel() -> None:
    memory = Memory(Unanswered("silence"))

    async def story(world: World) -> None:
        for _ in range(5):
            await failing(world, status)
        assert isinstance(await failing(world, status), BreakerOpen)
        assert isinstance(await failing(world, place), BreakerOpen)
        memory.answers[0] = ok({"cancelledOrderIds": ["5"]})
        assert (await world.door.call(CANCEL, path={"order_id": "5"})).cancelled_order_ids == ("5",)

    fly(memory, story)


def test_what_a_start_or_a_flatten_waits_for_passes_an_open_breaker() -> None:
    memory = Memory(Unanswered("silence"))

    async def story(world: World) -> None:
        for _ in range(5):
            await failing(world, status)
        assert isinstance(await failing(world, positions), BreakerOpen)
        world.door.pressing = lambda: True
        assert not isinstance(await failing(world, positions), BreakerOpen), "it was sent"
        assert isinstance(await failing(world, status), BreakerOpen), "nobody waits for that"
        memory.answers[0] = ok([])
        assert await positions(world) == []
        assert not isinstance(await failing(world, status), BreakerOpen), "the answer has closed the breaker"

    fly(memory, story)


def test_none_is_an_answer_where_it_is_asked_for_and_a_failure_where_it_is_not() -> None:
    nothing = ok(None, msg="Position does not exist")

    async def story(world: World) -> None:
        assert await world.door.find(POSITION, query={"symbol": "X"}) is None
        with pytest.raises(Refused, match="Position does not exist"):
            await world.door.call(POSITION, query={"symbol": "X"})

    fly(Memory(nothing), story)


def test_an_unknown_order_is_unknown() -> None:
    async def story(world: World) -> None:
        with pytest.raises(Unknown):
            await world.door.find(ORDER_BY_CLIENT, query={"clientOid": "c"})

    fly(Memory(no("100001", "error.getOrder.orderNotExist")), story)


def test_a_long_list_is_read_whole() -> None:
    row = {"symbol": "X", "tickSize": 0.1, "multiplier": 0.001}

    async def story(world: World) -> int:
        return len(await world.door.call(CONTRACTS))

    assert fly(Memory(ok([row] * 500)), story) == 500


@pytest.mark.parametrize(
    "answer", [no("400004", f"Invalid {PASSPHRASE} of {KEY}: {SECRET}"), Unanswered(SECRET), Unsent(KEY)]
)
def test_no_secret_shows_in_what_goes_wrong(answer: Any) -> None:
    async def story(world: World) -> None:
        failure = await failing(world, place)
        shown = [str(failure), repr(failure), repr(world.door), repr(world.memory.sent), str(world.record.calls)]
        assert not [secret for secret in SECRETS for text in shown if secret in text]
        assert not [secret for secret in (SECRET, PASSPHRASE) for sent in memory.sent if secret in str(sent.headers)]

    memory = Memory(answer)
    fly(memory, story)


def test_the_token_of_the_feed_shows_in_no_failure() -> None:
    async def story(world: World) -> None:
        failure = await failing(world, lambda w: w.door.call(BULLET_PRIVATE))
        assert "very-secret" not in "".join(traceback.format_exception(failure))

    fly(Memory(ok({"token": "very-secret", "instanceServers": "none"})), story)


def test_time_is_kept_and_a_failed_reading_leaves_the_last() -> None:
    memory = Memory(skew=2.0)

    async def story(world: World) -> None:
        keeping = asyncio.create_task(world.rest.keep_time(60.0))
        await asyncio.sleep(150)
        assert memory.readings == 3
        assert world.rest.time.skew == pytest.approx(2.0, abs=0.01)
        await world.breaker.force_open()
        memory.skew = 9.0
        await asyncio.sleep(100)
        assert world.rest.time.skew == pytest.approx(2.0, abs=0.01)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)

    fly(memory, story)


def test_round_trip_and_skew_are_figures() -> None:
    async def story(world: World) -> None:
        await world.rest.sync_time()
        assert world.rest.time.round_trip == pytest.approx(0.2)
        assert world.rest.time.skew == pytest.approx(-4.0, abs=0.01)

    fly(Memory(skew=-4.0, travel=0.2), story)


@given(st.binary(max_size=60), st.integers(100, 599), st.booleans())
def test_whatever_comes_back_only_typed_failures_come_out(body: bytes, status_code: int, signed: bool) -> None:
    async def story(world: World) -> None:
        kinds = [Refused, Ambiguous, BadCredentials, ClockSkew, RateLimited, Maintenance]
        with suppress(*kinds, *([] if signed else [Transient])):  # a placement has an outcome, or an open one
            await (place(world) if signed else world.door.call(TICKER, query={"symbol": "X"}))

    fly(Memory(Response(status_code, body)), story)
