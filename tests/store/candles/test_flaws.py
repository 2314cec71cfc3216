"""Every flaw is found and named, and what is left has none."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import MINUTE
from radtui.store.candles.flaws import MEANINGS, Flaw, differing, gaps, mended
from radtui.store.candles.frame import of_rows
from tests.store.candles.bars import START, row, table


def found(*flaws: tuple[str, int, int]) -> tuple[Flaw, ...]:
    return tuple(Flaw(kind, START + minute * MINUTE, count) for kind, minute, count in flaws)


def test_sound_candles_have_no_flaw() -> None:
    told = table(0, 1, 2)
    assert mended(told, MINUTE).flaws == ()
    assert mended(told, MINUTE).table.equals(told)


def test_a_gap_is_as_long_as_what_is_missing() -> None:
    assert mended(table(0, 1, 5, 7), MINUTE).flaws == found(("gap", 2, 3), ("gap", 6, 1))


def test_candles_are_put_in_order_and_repeats_dropped() -> None:
    sound = mended(table(2, 0, 1, 1, 1), MINUTE)
    assert sound.flaws == found(("disorder", 0, 1), ("duplicate", 1, 2))
    assert sound.table.equals(table(0, 1, 2))
    assert not any(flaw.costs for flaw in sound.flaws)


def test_of_two_that_differ_neither_is_believed() -> None:
    sound = mended(table(0, row(1, "100"), row(1, "101"), 2), MINUTE)
    assert sound.flaws == found(("conflict", 1, 1), ("gap", 1, 1))
    assert sound.table.equals(table(0, 2))


def test_a_bar_that_cannot_be_is_left_out() -> None:
    told = (0, row(1, high="99"), row(2, low="101"), row(3, "0"), row(4, volume="-1"), 5)
    sound = mended(table(*told), MINUTE)
    assert sound.flaws == found(("gap", 1, 4), *(("impossible", minute, 1) for minute in (1, 2, 3, 4)))
    assert sound.table.equals(table(0, 5))


def test_a_candle_between_two_multiples_is_left_out() -> None:
    crooked = (START + MINUTE + 1, *row(1)[1:])
    sound = mended(of_rows([row(0), crooked, row(2)]), MINUTE)
    assert [flaw.kind for flaw in sound.flaws] == ["gap", "off grid"]
    assert sound.table.equals(table(0, 2))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["100", "101"])), max_size=12))
def test_what_is_mended_stays_so(told: list[tuple[int, str]]) -> None:
    rows = [row(minute, price) for minute, price in told]
    sound = mended(of_rows(rows), MINUTE)
    again = mended(sound.table, MINUTE)
    assert again.table.equals(sound.table)
    assert list(again.flaws) == gaps(sound.table, MINUTE)
    assert {flaw.kind for flaw in sound.flaws} <= set(MEANINGS)
    alone = {each[0] for each in rows if len({other for other in rows if other[0] == each[0]}) == 1}
    assert sound.table.height == len(alone)


def test_what_differs_is_counted() -> None:
    assert differing(table(0, 1, 2), table(row(1, "100.5"), 2, 3)) == 1
