import asyncio
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.account import AccountReport, PositionReport
from radtui.core.market import SECOND
from radtui.core.order import Fill, OrderReport, Side
from radtui.exchange.kucoin.account_feed import MARK_EVERY, Account, Fills
from radtui.exchange.kucoin.blotter import Blotter
from radtui.exchange.kucoin.wire.feed import OrderChange, PositionChange, WalletChange
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from radtui.venue.contracts import CONTRACTS

EPOCH = 1_767_225_600 * SECOND


def match(number: int = 1, **told: Any) -> OrderChange:
    usual: dict[str, Any] = {
        "order_id": "7", "symbol": "XBTUSDTM", "type": "match", "status": "match", "side": "buy", "size": 10,
        "filled_size": number, "client_oid": "b-1", "match_price": Decimal(50_000), "match_size": 1,
        "trade_id": str(number), "liquidity": "taker", "ts": EPOCH + number,
    }  # fmt: skip
    return OrderChange(**{**usual, **told})


def listed(number: int = 1, fee: str = "0.024") -> Fill:
    return Fill(
        trade_id=f"{number}-buy", order_id="7", client_id="b-1", symbol="XBTUSDTM", side=Side.BUY, lots=1,
        price=Decimal(50_000), fee=Decimal(fee), maker=False, at=EPOCH + number,
    )  # fmt: skip


class World:
    """The account's side, with a list of fills that can grow and fail."""

    def __init__(self) -> None:
        self.clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        self.told: list[Any] = []
        self.unclear = self.looks = 0
        self.list: list[Fill] = []
        self.broken = False
        self.fills = Fills(self.recent, CONTRACTS, clock=self.clock, put=self.told.append, draw=lambda: 0.0)
        self.account = Account(Blotter(), self.fills, put=self.told.append, unclear=self.note)
        self.task = asyncio.create_task(self.fills.run())

    def note(self) -> None:
        self.unclear += 1

    async def recent(self) -> list[Fill]:
        self.looks += 1
        await asyncio.sleep(0.01)
        if self.broken:
            raise Transient("not now")
        return list(self.list)

    def heard(self, kind: type[Any]) -> list[Any]:
        return [message for message in self.told if isinstance(message, kind)]

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def test_a_fill_goes_out_with_the_fee_that_is_listed():
    async def main() -> None:
        world = World()
        world.list.append(listed())
        world.account.order(match())
        await asyncio.sleep(0.1)
        assert world.heard(Fill) == [listed()]
        assert [report.filled_lots for report in world.heard(OrderReport)] == [1]
        world.account.order(match())
        await asyncio.sleep(5)
        assert len(world.heard(Fill)) == 1, "a push that comes twice is one fill"
        assert world.looks == 1
        await world.stop()

    run_virtual(main())


def test_one_that_is_not_listed_in_time_goes_out_with_the_contracts_fee():
    async def main() -> None:
        world = World()
        world.broken = True
        world.account.order(match())
        await asyncio.sleep(2.8)
        assert world.heard(Fill) == []
        await asyncio.sleep(0.5)
        (fill,) = world.heard(Fill)
        assert fill.fee == Decimal(50_000) * Decimal("0.001") * CONTRACTS["XBTUSDTM"].taker_fee
        assert (fill.client_id, fill.lots, fill.trade_id, fill.maker) == ("b-1", 1, "1-buy", False)
        world.broken = False
        world.list.append(listed())
        world.fills.tell(world.list)
        assert len(world.heard(Fill)) == 1
        await world.stop()

    run_virtual(main())


def test_a_burst_of_matches_is_one_look():
    async def main() -> None:
        world = World()
        world.list = [listed(number) for number in range(1, 51)]
        for number in range(1, 51):
            world.account.order(match(number))
        await asyncio.sleep(1)
        assert len(world.heard(Fill)) == 50
        assert world.looks == 1
        await world.stop()

    run_virtual(main())


def test_a_push_that_cannot_be_understood_is_read_over_rest():
    async def main() -> None:
        world = World()
        world.account.order(match(client_oid=None))
        assert world.unclear == 1
        await world.stop()

    run_virtual(main())


def test_a_mark_price_moves_its_position_and_is_told_now_and_then():
    async def main() -> None:
        world = World()
        world.account.position(
            PositionChange(symbol="XBTUSDTM", current_qty=3, mark_price=Decimal(10), settle_currency="USDT")
        )
        for second in range(40):
            short = PositionChange(
                symbol="XBTUSDTM",
                mark_price=Decimal(11 + second),
                unrealised_pnl=Decimal(3),
                change_reason="markPriceChange",
                current_timestamp=1_767_225_600_000 + second * 1000,
            )
            assert world.account.position(short) == "XBTUSDTM"
        reports = world.heard(PositionReport)
        assert len(reports) == 1 + 40_000 // MARK_EVERY
        assert all(report.lots == 3 for report in reports)
        assert reports[-1].mark > 11
        await world.stop()

    run_virtual(main())


def test_which_position_moved_is_not_guessed_and_one_that_is_gone_is_closed():
    async def main() -> None:
        world = World()
        for symbol in ("XBTUSDTM", "ETHUSDTM"):
            world.account.position(PositionChange(symbol=symbol, current_qty=3, mark_price=Decimal(10)))
        world.account.position(PositionChange(mark_price=Decimal(99)))
        assert {report.mark for report in world.heard(PositionReport)} == {Decimal(10)}
        world.account.all_shown([world.told[0]])
        assert [(report.symbol, report.lots) for report in world.heard(PositionReport)[-2:]] == [
            ("ETHUSDTM", 0),
            ("XBTUSDTM", 3),
        ]
        await world.stop()

    run_virtual(main())


def wallet(version: int, balance: int, currency: str = "USDT") -> WalletChange:
    return WalletChange(
        currency=currency, wallet_balance=Decimal(balance), available_balance=Decimal(balance), version=version,
        timestamp=0,
    )  # fmt: skip


@given(st.permutations(range(1, 7)))
@settings(max_examples=30)
def test_the_newest_money_is_told_last(versions: list[int]) -> None:
    async def main() -> None:
        world = World()
        for version in versions:
            world.account.wallet(wallet(version, version))
            world.account.wallet(wallet(100, 0, "XBT"))
        assert world.heard(AccountReport)[-1].wallet == 6
        await world.stop()

    run_virtual(main())


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_every_fill_is_told_once_in_whatever_order_pushes_and_answers_come(data: st.DataObject) -> None:
    acts = data.draw(st.permutations([("push", n % 5 + 1) for n in range(10)] + [("list", n + 1) for n in range(5)]))
    broken = data.draw(st.sets(st.integers(0, len(acts))))

    async def main() -> None:
        world = World()
        for step, (act, number) in enumerate(acts):
            world.broken = step in broken
            world.account.order(match(number)) if act == "push" else world.list.append(listed(number))
            await asyncio.sleep(0.07)
        world.broken = False
        await asyncio.sleep(5)
        told = [fill.trade_id for fill in world.heard(Fill)]
        assert sorted(told) == sorted({f"{n}-buy" for n in range(1, 6)})
        assert {fill.fee for fill in world.heard(Fill)} == {Decimal("0.024")}, "each was listed in time"
        await world.stop()

    run_virtual(main())
