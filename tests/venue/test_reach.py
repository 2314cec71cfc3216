"""What a venue says bars cannot meet, they do not meet: a leap over them is where steps would be."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, ScriptedMarket, ask, stop

from radtui.core.market import SECOND, Ticked
from radtui.venue.marks import SeededMarks
from radtui.venue.reach import EVERYWHERE, Reach
from radtui.venue.venue import Venue

BOTH = st.booleans()
STILL = ("100", "100", "100", "100")


def venue(*rows: tuple[str, str, str, str], marks: SeededMarks | None = None) -> Venue:
    return Venue(ScriptedMarket(rows or (STILL,) * 4), balance=Decimal(10_000), spans=(), warmup=0, marks=marks)


def told(made: Venue, steps: int = 1) -> list[object]:
    said = [made.advance(made.now + SECOND) for _ in range(steps)]
    return [message for each in said for message in each if not isinstance(message, Ticked)]


def test_nothing_there_meets_nothing() -> None:
    made = venue()
    told(made)
    assert made.reach(COIN.symbol) is EVERYWHERE
    assert venue(marks=SeededMarks(1)).reach(COIN.symbol) is None


def test_what_is_on_its_way_meets_the_next_bar() -> None:
    made = venue()
    told(made)
    made.place(ask("a", "buy", 1))
    assert made.reach(COIN.symbol) is None
    made.drain()
    assert made.reach(COIN.symbol) is None
    told(made)
    reach = made.reach(COIN.symbol)
    assert reach is not None
    assert reach.held


def test_two_reaches_are_within_both() -> None:
    one, other = Reach(Decimal(90), None), Reach(Decimal(95), Decimal(110), held=True)
    assert one.within(other) == Reach(Decimal(95), Decimal(110), held=True)
    assert one.within(None) is None


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["buy", "sell"]), st.integers(1, 400), st.integers(500, 1600), st.integers(0, 300), st.booleans()
)
def test_a_bar_within_reach_says_nothing(side: str, lots: int, middle: int, width: int, stopped: bool) -> None:
    """A position, its stop or its liquidation, and a bar anywhere: what the venue does with it is foretold."""
    price, half = Decimal(middle) / 10, Decimal(width) / 10
    bar = price, price + half, max(price - half, Decimal("0.1")), price
    made = venue(STILL, STILL, tuple(map(str, bar)))  # type: ignore[arg-type]
    told(made)
    made.place(ask("a", side, lots, leverage=5))
    if stopped:
        other, trigger = ("sell", stop("down", "90")) if side == "buy" else ("buy", stop("up", "110"))
        made.place(ask("s", other, 0, close_order=True, stop=trigger))
    told(made)
    reach = made.reach(COIN.symbol)
    assert reach is not None
    within = (reach.floor is None or bar[2] > reach.floor) and (reach.ceiling is None or bar[1] < reach.ceiling)
    said = told(made)
    assert not (within and said)
