"""The whole engine on accounts that are not as one would like them: it reads on, protects, and stops with a receipt."""

from __future__ import annotations

import asyncio

from radtui.core.facts import Trouble
from radtui.core.instruction import Ask
from radtui.core.order import OrderRequest, OrderType, PositionSide, Side
from radtui.core.orders import Purpose
from radtui.simserver.loopback import Loopback
from radtui.venue.modes import PositionMode
from tests.exchange.kucoin.test_flight import SYMBOLS, Flight, fly

XBT, ETH = SYMBOLS


def troubles(flight: Flight, kind: str) -> list[str]:
    said = [envelope.fact for envelope in flight.facts]
    return [fact.message for fact in said if isinstance(fact, Trouble) and fact.kind == kind]


def by_hand(flight: Flight, symbol: str, side: Side, lots: int, held: PositionSide = PositionSide.BOTH) -> None:
    """Let somebody else trade on the same account."""
    flight.alone = False
    number = len(flight.venue.done_orders())
    leverage = 0 if held.sign * side.sign < 0 else 3
    flight.venue.place(
        OrderRequest(
            client_id=f"hand-{number}", symbol=symbol, side=side, type=OrderType.MARKET, lots=lots, leverage=leverage,
            position_side=held,
        )
    )  # fmt: skip


def hedged(network: Loopback) -> None:
    network.venue.set_position_mode(PositionMode.HEDGE)


def test_both_sides_of_a_contract_are_open():
    async def story(flight: Flight) -> Flight:
        await flight.until(lambda: flight.venue.positions() and not flight.core.trading.exposed(), 600)
        ours = flight.venue.positions()[0]
        other = PositionSide.SHORT if ours.lots > 0 else PositionSide.LONG
        opening = Side.SELL if ours.lots > 0 else Side.BUY
        by_hand(flight, ours.symbol, opening, 7, other)
        await flight.until(lambda: troubles(flight, "hedge mode"))
        readings = flight.core.trading.reconciler.readings
        stopped = await flight.ask(Ask.STOP)
        assert stopped.success
        assert [line.split()[:3] for line in stopped.foreign] == [[ours.symbol, str(other).lower(), "7"]]
        assert sorted(line.split()[0] for line in stopped.positions_left) == own(flight, other)
        assert flight.core.trading.reconciler.readings > readings
        flat = await flight.ask(Ask.EMERGENCY_STOP)
        assert flat.success
        assert not flat.positions_left
        assert len(flat.foreign) == 1
        await asyncio.sleep(30)
        assert [(each.position_side, abs(each.lots)) for each in flight.venue.positions()] == [(other, 7)]
        assert not flight.venue.open_orders()
        by_hand(flight, ours.symbol, opening.opposite, 7, other)
        await flight.until(lambda: not flight.core.trading.positions.strangers())
        return flight

    flight = fly(story, before=hedged)
    assert len(troubles(flight, "hedge mode")) == 1


def own(flight: Flight, other: PositionSide) -> list[str]:
    held = flight.venue.positions()
    return sorted(each.symbol for each in held if abs(each.lots) != 7 or each.position_side is not other)


def test_a_configured_contract_does_not_exist():
    async def story(flight: Flight) -> Flight:
        await flight.until(lambda: flight.venue.positions() and not flight.core.trading.exposed(), 600)
        assert any("LUNAUSDTM" in notice for notice in flight.engine.snapshot().notices)
        assert flight.core.trading.orders.live(Purpose.STOP)
        assert (await flight.ask(Ask.EMERGENCY_STOP)).success
        assert not flight.venue.positions()
        return flight

    flight = fly(story, symbols=(XBT, "LUNAUSDTM"))
    assert len(troubles(flight, "contract missing")) == 1


def test_a_position_of_somebody_else_in_a_contract_that_is_not_configured_goes_where_that_is_asked():
    async def story(flight: Flight) -> Flight:
        by_hand(flight, ETH, Side.BUY, 5)
        await flight.until(lambda: flight.core.trading.positions.left)
        kept = await flight.ask(Ask.EMERGENCY_STOP)
        assert kept.success
        assert [line.split()[:3] for line in kept.foreign] == [[ETH, "long", "5"]]
        gone = await flight.ask(Ask.EMERGENCY_STOP, foreign=True)
        assert gone.success
        assert gone.foreign == ()
        assert [line.split(" at ")[0] for line in gone.positions_closed] == [f"{ETH} sell 5 lots"]
        assert not flight.venue.positions()
        return flight

    fly(story, symbols=(XBT,))
