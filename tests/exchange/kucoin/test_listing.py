import asyncio
from decimal import Decimal
from typing import Any

import pytest

from radtui.exchange.kucoin.listing import GOOD_FOR, Listing
from radtui.resilience.failures import Refused
from tests.exchange.kucoin.memory import World, no
from tests.exchange.kucoin.script import Script

CONTRACTS = "GET /api/v1/contracts/active"
FEES = "GET /api/v1/trade-fees"


def contract(symbol: str, **told: Any) -> dict[str, Any]:
    return {
        "symbol": symbol, "tickSize": 0.1, "multiplier": 0.001, "lotSize": 1, "settleCurrency": "USDT",
        "quoteCurrency": "USDT", "baseCurrency": "XBT", "type": "FFWCSX", "status": "Open", "maxOrderQty": 1000,
        "maxLeverage": 50, "makerFeeRate": 0.0002, "takerFeeRate": 0.0006, **told,
    }  # fmt: skip


def script() -> Script:
    told = Script()
    told.on(CONTRACTS, [contract("XBTUSDTM"), contract("ETHUSDTM")])
    told.on(FEES, lambda query: {**query, "makerFeeRate": "0.0001", "takerFeeRate": "0.0004"})
    return told


def test_contracts_are_read_once_with_the_accounts_fees_and_again_later():
    told = script()

    async def story(world: World) -> None:
        listing = Listing(world.rest, ("XBTUSDTM",), world.clock)
        for _ in range(5):
            (found,) = await listing.fresh()
        assert (found.symbol, found.taker_fee) == ("XBTUSDTM", Decimal("0.0004"))
        await asyncio.sleep(GOOD_FOR / 1e9 + 1)
        told.on(CONTRACTS, [contract("XBTUSDTM", maxLeverage=20)])
        (found,) = await listing.fresh()
        assert found.max_leverage == 20

    told.live(story)
    assert (told.count(CONTRACTS), told.count(FEES)) == (2, 1)


def test_a_contract_that_is_settled_later_stays_for_its_position_to_be_closed():
    told = script()

    async def story(world: World) -> None:
        listing = Listing(world.rest, ("XBTUSDTM",), world.clock)
        before = await listing.fresh()
        told.on(CONTRACTS, [contract("XBTUSDTM", status="Settled")])
        await asyncio.sleep(GOOD_FOR / 1e9 + 1)
        assert await listing.fresh() == before
        assert "Settled" in listing.missing["XBTUSDTM"]
        told.on(CONTRACTS, [contract("XBTUSDTM")])
        await listing.read()
        assert not listing.missing

    told.live(story)


def test_one_that_is_missing_keeps_nobody_from_the_others():
    told = script()

    async def story(world: World) -> None:
        listing = Listing(world.rest, ("XBTUSDTM", "LUNAUSDTM"), world.clock)
        assert [found.symbol for found in await listing.fresh()] == ["XBTUSDTM"]
        assert listing.missing.keys() == {"LUNAUSDTM"}
        with pytest.raises(Refused, match="LUNAUSDTM"):
            await Listing(world.rest, ("LUNAUSDTM",), world.clock).read()

    told.live(story)


def test_any_contract_that_is_listed_can_be_described():
    told = script()
    told.on("GET /api/v1/contracts/SOLUSDTM", contract("SOLUSDTM", status="Paused"))
    told.on("GET /api/v1/contracts/NOPE", no("300003", "The contract does not exist"))

    async def story(world: World) -> None:
        listing = Listing(world.rest, ("XBTUSDTM",), world.clock)
        assert (await listing.describe("ETHUSDTM")).taker_fee == Decimal("0.0004")
        assert (await listing.describe("SOLUSDTM")).symbol == "SOLUSDTM", "the list may leave out what is paused"
        with pytest.raises(Refused):
            await listing.describe("NOPE")
        assert not listing.traded

    told.live(story)


def test_where_the_accounts_fees_are_not_told_the_contracts_own_stand():
    told = script()
    told.on(FEES, no("404000", "gone", 404))

    async def story(world: World) -> None:
        (found,) = await Listing(world.rest, ("XBTUSDTM",), world.clock).fresh()
        assert found.taker_fee == Decimal("0.0006")

    told.live(story)
