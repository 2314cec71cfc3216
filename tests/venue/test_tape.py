from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, bar, live, quiet, send, step

from radtui.core.order import Side
from radtui.venue.tape import KEPT_PRINTS, Print, Tape


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 50), st.integers(0, 10**6), st.text(max_size=5))
def test_the_prints_of_a_bar_are_its_volume_within_its_prices_and_end_at_its_close(
    volume: int, second: int, source: str
) -> None:
    told = bar(COIN.symbol, second * 10**9, ("100", "101", "98.5", "99"), volume=str(volume))
    prints = list(Tape(source).told(COIN, told))
    assert sum(each.lots for each in prints) == volume
    assert all(each.lots > 0 for each in prints)
    assert all(told.low <= each.price <= told.high and each.price % COIN.tick == 0 for each in prints)
    assert [each.sequence for each in prints] == list(range(1, len(prints) + 1))
    assert [each.at for each in prints] == sorted(each.at for each in prints)
    if prints:
        assert (prints[-1].price, prints[-1].at) == (told.close, told.closed_at)
    assert prints == list(Tape(source).told(COIN, told))


def test_the_newest_come_first_and_the_oldest_are_forgotten() -> None:
    tape = Tape("a")
    for n in range(KEPT_PRINTS + 5):
        tape.own("A", Side.BUY, 1, Decimal(n + 1), n, "")
    assert [each.sequence for each in tape.last("A", 2)] == [KEPT_PRINTS + 5, KEPT_PRINTS + 4]
    assert len(tape.last("A", 10_000)) == KEPT_PRINTS
    assert tape.last("B", 5) == tape.last("A", 0) == []


def test_a_restored_tape_counts_on() -> None:
    tape, again = Tape("a"), Tape("a")
    tape.own("A", Side.BUY, 1, Decimal(1), 0, "7")
    again.restore(tape.pack())
    assert again.last("A", 9) == tape.last("A", 9)
    assert again.own("A", Side.SELL, 1, Decimal(1), 0, "").sequence == 2


def test_own_trades_are_on_the_tape_with_the_takers_side() -> None:
    where = live(quiet("100"), ("100", "101", "100", "101"))
    send(where, "taker", "buy", 2)
    send(where, "maker", "sell", 1, "101")
    step(where, 2)
    own = [each for each in where.trades(COIN.symbol, 50) if each.own_order_id]
    assert [(each.side, each.lots, each.own_order_id) for each in own] == [(Side.BUY, 1, "2"), (Side.BUY, 2, "1")]


def test_prints_are_said_where_there_is_a_tape() -> None:
    where = live(quiet("100"))
    assert [type(message) for message in step(where)].count(Print) == 1
