import asyncio
from decimal import Decimal

import pytest

from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.exchange.kucoin.funding import FundingReader
from radtui.exchange.kucoin.wire.market import Contract
from radtui.resilience.failures import Refused
from tests.exchange.kucoin.memory import EPOCH, World, no
from tests.exchange.kucoin.script import Script

FUNDING = "GET /api/v1/funding-history"


def entry(number: int, at: int, amount: str = "-0.5") -> dict[str, object]:
    return {
        "id": number, "symbol": "XBTUSDTM", "timePoint": at // 1_000_000, "fundingRate": "0.0001", "funding": amount,
        "positionQty": 3, "markPrice": "10", "positionCost": "30", "marginMode": "ISOLATED",
    }  # fmt: skip


class Listed:
    """A list of settlements that can grow."""

    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []
        self.script = Script()
        self.script.on(FUNDING, lambda _: {"dataList": self.entries[::-1], "hasMore": False})

    @property
    def looks(self) -> int:
        return self.script.count(FUNDING)


def reader(world: World) -> FundingReader:
    return FundingReader(world.rest.account, world.rest.time.now)


def test_nothing_is_asked_where_there_was_no_position():
    listed = Listed()

    async def story(world: World) -> None:
        assert await reader(world).since(EPOCH - HOUR) == []

    listed.script.live(story)
    assert listed.looks == 0


def test_an_hour_of_readings_every_second_costs_a_few_looks():
    listed = Listed()

    async def story(world: World) -> None:
        read = reader(world)
        read.held("XBTUSDTM")
        for _ in range(3600):
            await read.since(EPOCH - HOUR)
            await asyncio.sleep(1)

    listed.script.live(story)
    assert listed.looks <= 13


@pytest.mark.parametrize("named", ["XBTUSDTM", ""])
def test_a_settlement_that_is_announced_is_found_although_it_is_listed_late(named):
    listed = Listed()

    async def story(world: World) -> None:
        read = reader(world)
        read.held("XBTUSDTM")
        await read.since(EPOCH - HOUR)
        read.settled(named)
        await asyncio.sleep(3)
        listed.entries.append(entry(1, EPOCH))
        (paid,) = await read.since(EPOCH - HOUR)
        assert (paid.amount, paid.rate, paid.at) == (Decimal("-0.5"), Decimal("0.0001"), EPOCH)
        assert (paid.lots, paid.mark) == (3, Decimal(10))

    listed.script.live(story)


def test_the_hour_of_settlement_is_looked_at_by_itself():
    listed = Listed()
    at = EPOCH + 200 * SECOND
    contract = Contract(
        symbol="XBTUSDTM",
        tick_size=Decimal(1),
        multiplier=Decimal(1),
        next_funding_rate_date_time=at // 1_000_000,
        funding_rate_granularity=8 * 3_600_000,
    )

    async def story(world: World) -> None:
        read = reader(world)
        read.scheduled([contract])
        read.held("XBTUSDTM")
        await read.since(EPOCH - HOUR)
        await asyncio.sleep(201)
        assert await read.since(EPOCH - HOUR) == []
        listed.entries.append(entry(1, at))
        await asyncio.sleep(6)
        assert len(await read.since(EPOCH - HOUR)) == 1
        looks = listed.looks
        await asyncio.sleep(60)
        await read.since(EPOCH - HOUR)
        assert listed.looks == looks, "it was found: there is nothing to wait for"

    listed.script.live(story)


def test_what_is_long_is_read_to_its_end_and_told_once():
    entries = [entry(number, EPOCH - number * MINUTE) for number in range(1, 251)]
    told = Script()

    def part(query: dict[str, str]) -> object:
        start = int(query.get("offset", 0))
        rows = entries[start : start + 100]
        return {"dataList": rows, "hasMore": start + 100 < len(entries)}

    told.on(FUNDING, part)

    async def story(world: World) -> None:
        read = reader(world)
        read.held("XBTUSDTM")
        found = await read.since(EPOCH - 10 * HOUR)
        assert [paid.at for paid in found] == sorted({EPOCH - number * MINUTE for number in range(1, 251)})

    told.live(story)


def test_a_failed_look_is_made_again():
    listed = Listed()

    async def story(world: World) -> None:
        read = reader(world)
        read.held("XBTUSDTM")
        listed.script.on(FUNDING, no("100001", "no"))
        with pytest.raises(Refused):
            await read.since(EPOCH - HOUR)
        listed.script.on(FUNDING, {"dataList": [entry(1, EPOCH - MINUTE)], "hasMore": False})
        assert len(await read.since(EPOCH - HOUR)) == 1

    listed.script.live(story)
