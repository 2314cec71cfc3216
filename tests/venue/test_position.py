from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from venue_world import COIN

from radtui.core.order import PositionSide
from radtui.venue.position import FLAT, Position, Tally

amounts = st.decimals("-1000", "1000", places=4)


@given(st.lists(st.tuples(st.integers(1, 50), amounts.map(abs), amounts, amounts.map(abs)), max_size=8))
def test_a_tally_is_the_sum_of_what_happened(events: list[tuple[int, Decimal, Decimal, Decimal]]) -> None:
    tally = Tally()
    for lots, value, gross, fee in events:
        tally = tally.after_open(lots, value, fee).after_close(lots, value, gross, fee).after_funding(gross)
    assert tally.opened == tally.closed == sum(lots for lots, *_ in events)
    assert tally.opened_value == tally.closed_value == sum(value for _, value, *_ in events)
    assert tally.gross == tally.funding == sum(gross for *_, gross, _ in events)
    assert tally.fees == 2 * sum(fee for *_, fee in events)


def test_a_sketch_has_the_open_profit_and_the_tally() -> None:
    holding, _ = FLAT.after(-10, Decimal(100), COIN)
    position = Position(holding=holding, opened_at=3, tally=Tally(fees=Decimal(2), funding=Decimal(1)))
    sketch = position.sketch(COIN, PositionSide.SHORT, Decimal(98))
    assert (sketch.lots, sketch.entry, sketch.unrealised, sketch.realised) == (-10, 100, 20, -1)
    assert (position.closable(1), position.closable(-1)) == (10, 0)
    assert sketch.position_side is PositionSide.SHORT
