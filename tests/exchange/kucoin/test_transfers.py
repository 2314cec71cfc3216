"""The ledger's movements from outside, whatever stands between them."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from radtui.core.account import Transfer
from radtui.core.market import DAY, HOUR, SECOND
from radtui.exchange.kucoin.transfers import FIRST, SPAN, TransferReader
from tests.exchange.kucoin.memory import EPOCH, World
from tests.exchange.kucoin.rehearsal import Stage, order, rehearse
from tests.exchange.kucoin.script import Script

LEDGER = "GET /api/v1/transaction-history"
MS = 1_000_000


def row(offset: int, at: int, amount: str = "5", kind: str = "TransferIn") -> dict[str, Any]:
    return {
        "time": at // MS, "type": kind, "amount": amount, "fee": 0, "accountEquity": 1, "status": "Completed",
        "remark": "", "offset": offset, "currency": "USDT",
    }  # fmt: skip


class Ledger:
    """A ledger of rows, newest first, in pages of two."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = sorted(rows, key=lambda row: -row["offset"])
        self.script = Script()
        self.script.on(LEDGER, self._answer)

    def read(self, since: int) -> list[Transfer]:
        async def story(world: World) -> list[Transfer]:
            return await TransferReader(world.rest.account, world.rest.time.now).since(since)

        return self.script.live(story)

    def _answer(self, query: dict[str, str]) -> dict[str, Any]:
        assert int(query["endAt"]) - int(query["startAt"]) <= SPAN // MS
        assert query["currency"] == "USDT"
        fit = [row for row in self.rows if int(query["startAt"]) <= row["time"] <= int(query["endAt"])]
        if "offset" in query:
            fit = [row for row in fit if row["offset"] < int(query["offset"])]
        return {"dataList": fit[:2], "hasMore": len(fit) > 2}


def test_only_what_came_from_outside_is_told_oldest_first_with_its_direction() -> None:
    ledger = Ledger(
        row(1, EPOCH - 50 * SECOND, "100"),
        row(2, EPOCH - 40 * SECOND, "-3", "RealisedPNL"),
        row(3, EPOCH - 30 * SECOND, "7", "TransferOut"),
        row(4, EPOCH - 20 * SECOND, "-8", "Withdrawal"),
        row(5, EPOCH - 10 * SECOND, "9", "Rebate"),
        row(6, EPOCH - 5 * SECOND, "0", "TransferIn"),
    )
    told = ledger.read(EPOCH - HOUR)
    assert [(each.kind, int(each.amount)) for each in told] == [
        ("TransferIn", 100), ("TransferOut", -7), ("Withdrawal", -8), ("Rebate", 9),
    ]  # fmt: skip
    assert len({each.key for each in told}) == 4
    assert told[0].at == EPOCH - 50 * SECOND
    assert ledger.read(EPOCH - HOUR) == told, "the same keys whenever it is read"


def test_what_is_pending_is_no_movement() -> None:
    assert Ledger(row(-1, EPOCH - SECOND, "77", "RealisedPNL")).read(EPOCH - HOUR) == []
    assert Ledger(row(-1, EPOCH - SECOND, "77", "Deposit")).read(EPOCH - HOUR) == []


def test_a_month_away_is_read_in_parts_that_the_exchange_admits() -> None:
    rows = [row(number, EPOCH - 30 * DAY + number * DAY) for number in range(1, 30)]
    ledger = Ledger(*rows)
    assert [each.at for each in ledger.read(EPOCH - 30 * DAY)] == [row["time"] * MS for row in rows]


def test_a_first_reading_looks_back_a_little() -> None:
    ledger = Ledger(row(1, EPOCH - 2 * FIRST), row(2, EPOCH - FIRST // 2))
    assert [each.key for each in ledger.read(0)] == [f"USDT 2 {(EPOCH - FIRST // 2) // MS}"]


def test_what_the_server_lists_comes_through_the_whole_client() -> None:
    async def story(stage: Stage) -> None:
        await stage.exchange.place(order())
        await asyncio.sleep(2.0)
        began = stage.exchange.market_now()
        stage.venue.transfer("USDT", Decimal(250))
        stage.venue.transfer("USDT", Decimal(-40))
        await asyncio.sleep(1.0)
        told = await stage.exchange.transfers(began - HOUR)
        assert [(each.kind, int(each.amount)) for each in told] == [("TransferIn", 250), ("TransferOut", -40)]

    rehearse(story)
