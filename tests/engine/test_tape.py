"""What the market said lately."""

from __future__ import annotations

from decimal import Decimal

from radtui.core.market import MINUTE, Candle, Ticked
from radtui.engine.tape import KEPT, Heard, MarketTape
from tests.engine.flights import SYMBOLS, Flight, fly


def candle(number: int, symbol: str = "X") -> Candle:
    price = Decimal(number)
    return Candle(symbol, number * MINUTE, MINUTE, price, price, price, price, Decimal(1))


def test_nothing_is_made_up() -> None:
    tape = MarketTape()
    assert (tape.last("X"), tape.latest("X"), tape.candles("X")) == (None, None, ())
    tape.warm(())
    assert tape.candles("X") == ()


def test_candles_come_in_order_once_and_bounded() -> None:
    tape = MarketTape()
    tape.warm([candle(1), candle(2)])
    for number in (2, 1, 3):
        tape.closed(candle(number))
    assert tape.candles("X") == (candle(1), candle(2), candle(3))
    tape.closed(candle(9, "Y"))
    assert tape.latest("Y") == candle(9, "Y")
    for number in range(4, KEPT + 50):
        tape.closed(candle(number))
    assert (len(tape.candles("X")), tape.latest("X")) == (KEPT, candle(KEPT + 49))


def test_history_read_anew_takes_the_place_of_what_was_there() -> None:
    tape = MarketTape()
    tape.warm([candle(1), candle(2)])
    tape.warm([candle(5)])
    assert tape.candles("X") == (candle(5),)


def test_the_last_price_has_the_moment_it_was_heard() -> None:
    tape = MarketTape()
    tape.ticked(Ticked("X", Decimal(7), 3), 8)
    assert tape.last("X") == Heard(Ticked("X", Decimal(7), 3), 8)


def test_an_engine_writes_it_while_it_flies() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        tape, symbol = flight.engine.tape, SYMBOLS[0]
        warm = len(tape.candles(symbol))
        await flight.until(lambda: len(tape.candles(symbol)) >= warm + 3)
        heard = tape.last(symbol)
        assert warm > 0
        assert heard is not None
        assert heard.tick.price == flight.core.trading.positions.marks[symbol]
        opened = [each.opened_at for each in tape.candles(symbol)]
        assert opened == list(range(opened[0], opened[-1] + 1, MINUTE))

    fly(scenario, speed=60)
