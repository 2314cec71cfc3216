import asyncio
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE, Candle, Ticked
from radtui.exchange.outbox import Outbox
from radtui.exchange.port import FeedBack, FeedLost, MarketMessage
from radtui.resilience.clock import LoopClock
from radtui.resilience.virtual import run_virtual

ONE = Decimal(1)


class Lost:
    """Notes what a feed lost."""

    def __init__(self) -> None:
        self.why: list[str] = []

    def topic(self, name: str, at: int) -> None:
        raise AssertionError("an outbox hears no topics")

    def reconnect(self, at: int, why: str) -> None:
        self.why.append(why)


def tick(symbol: str, at: int) -> Ticked:
    return Ticked(symbol, ONE, at)


def candle(number: int) -> Candle:
    return Candle("X", number * MINUTE, MINUTE, ONE, ONE, ONE, ONE, ONE)


def outbox(limit: int = 10_000) -> tuple[Outbox[MarketMessage], Lost]:
    lost = Lost()
    return Outbox(LoopClock(asyncio.get_running_loop(), 0), lost, "market feed", limit), lost


async def rest(box: Outbox[MarketMessage]) -> list[MarketMessage]:
    box.close()
    return [message async for message in box]


messages = st.lists(
    st.one_of(st.builds(tick, st.sampled_from("ABC"), st.integers(0, 99)), st.builds(candle, st.integers(0, 99)))
)


@settings(deadline=None, max_examples=60)
@given(messages)
def test_candles_are_all_kept_in_order_and_of_ticks_the_last(put: list[MarketMessage]) -> None:
    async def main() -> list[MarketMessage]:
        box, _ = outbox()
        for message in put:
            box.put(message)
        return await rest(box)

    last = {message.symbol: place for place, message in enumerate(put) if isinstance(message, Ticked)}
    kept = [m for place, m in enumerate(put) if isinstance(m, Candle) or last.get(m.symbol) == place]  # type: ignore[union-attr]
    assert run_virtual(main()) == kept


def test_a_consumer_that_waits_hears_at_once() -> None:
    async def main() -> tuple[MarketMessage, float]:
        box, _ = outbox()
        asyncio.get_running_loop().call_later(5, box.put, candle(1))
        return await anext(box), asyncio.get_running_loop().time()

    assert run_virtual(main()) == (candle(1), 5.0)


def test_silence_makes_everything_late_and_loses_nothing() -> None:
    async def main() -> list[float]:
        box, _ = outbox()
        heard = []
        box.silence(3.0)
        for number in range(2):
            box.put(candle(number))
            await asyncio.sleep(1)
        speaks = [box.speaks]
        for number in range(2):
            assert await anext(box) == candle(number)
            heard.append(asyncio.get_running_loop().time())
        assert [*speaks, box.speaks] == [False, True]
        return heard

    assert run_virtual(main()) == [3.0, 3.0]


def test_an_interruption_loses_what_was_said_and_says_so() -> None:
    async def main() -> None:
        box, lost = outbox()
        box.put(candle(0))
        assert await anext(box) == candle(0)
        box.interrupt(2.0, "cut")
        box.put(candle(1))
        await asyncio.sleep(1)
        box.interrupt(2.0, "cut again")
        box.put(candle(2))
        assert await anext(box) == FeedLost("cut")
        assert asyncio.get_running_loop().time() == 3.0
        box.put(candle(3))
        assert await anext(box) == FeedBack()
        assert await anext(box) == candle(3)
        assert lost.why == ["cut"]

    run_virtual(main())


def test_a_consumer_that_never_comes_costs_no_memory_and_is_told() -> None:
    async def main() -> list[MarketMessage]:
        box, lost = outbox(limit=5)
        for number in range(8):
            box.put(candle(number))
        assert len(box) == 5
        assert lost.why == ["the market feed was not read: 5 messages were given up"]
        return await rest(box)

    [lost, back, *kept] = run_virtual(main())
    assert isinstance(lost, FeedLost)
    assert back == FeedBack()
    assert kept == [candle(5), candle(6), candle(7)]


def test_closing_ends_a_waiting_consumer_even_in_silence() -> None:
    async def main() -> tuple[list[MarketMessage], float]:
        box, _ = outbox()
        box.silence(1_000.0)
        box.put(candle(1))
        asyncio.get_running_loop().call_later(2, box.close)
        heard = [message async for message in box]
        box.put(candle(2))
        box.interrupt(1.0, "too late")
        assert len(box) == 0
        return heard, asyncio.get_running_loop().time()

    assert run_virtual(main()) == ([candle(1)], 2.0)


def test_a_failure_reaches_the_consumer_after_what_was_said_before() -> None:
    async def main() -> None:
        box, _ = outbox()
        box.put(candle(1))
        box.close(ConnectionError("broken"))
        box.close()
        assert await anext(box) == candle(1)
        with pytest.raises(ConnectionError, match="broken"):
            await anext(box)

    run_virtual(main())


def test_a_consumer_that_gives_up_waiting_loses_nothing() -> None:
    async def main() -> None:
        box, _ = outbox()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(box), 1)
        box.put(candle(1))
        assert await anext(box) == candle(1)

    run_virtual(main())


def test_a_coarse_clock_does_not_keep_a_consumer_busy() -> None:
    async def main() -> MarketMessage:
        box, _ = outbox()
        box.silence(1.000_000_001)
        box.put(candle(1))
        return await anext(box)

    assert run_virtual(main(), start=1.7e9) == candle(1)
