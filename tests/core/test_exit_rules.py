"""Every number of row W4, on both sides of its boundary, for a long and for a short."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.exit_rules import Close, Look, Tighten, advise, opening_stop, trailing, trailing_distance
from radtui.core.exit_terms import HOUSE, LADDER, ExitTerms
from radtui.core.market import HOUR
from radtui.core.measures import Measures

ENTRY = Decimal(100)
SIGNS = pytest.mark.parametrize("sign", [1, -1], ids=["long", "short"])


def moving(volatility: str = "0.03", momentum: str = "0.02") -> Measures:
    """Return measures of a market of middling pace: nothing is adapted to it."""
    return Measures(closed_at=0, volatility=Decimal(volatility), momentum=Decimal(momentum))


def look(sign: int, profit: str, **changed: Any) -> Look:
    """Return a position that is ahead by a share of its entry, at an extreme, its target at twice that distance."""
    told: dict[str, Any] = {
        "sign": sign,
        "entry": ENTRY,
        "price": ENTRY * (1 + sign * Decimal(profit)),
        "extreme": True,
        "target": None,
        "leverage": 1,
        "age": 0,
        "measures": moving(),
    }
    return Look(**{**told, **changed})


def only(**terms: Any) -> ExitTerms:
    return ExitTerms(**terms)


def away(sign: int, seen: Look, share: str) -> Decimal:
    """Return a target so far beyond the present price."""
    return seen.price * (1 + sign * Decimal(share))


@SIGNS
@pytest.mark.parametrize(
    ("gain", "target", "closes"),
    [
        ("0.2", None, True),
        ("0.1999", None, False),
        ("0.15", None, False),
        ("0.15", "0.0201", True),
        ("0.15", "0.02", False),
        ("0.1", "0.0201", True),
        ("0.1", "0.02", False),
        ("0.0999", "0.0301", True),
        ("0.0999", "0.03", False),
        ("0.08", "0.0301", True),
        ("0.08", "0.03", False),
        ("0.0799", "0.0501", True),
        ("0.05", "0.0501", True),
        ("0.05", "0.05", False),
        ("0.0499", "0.5", False),
        ("-0.3", "0.5", False),
    ],
)
def test_each_rung_of_the_ladder(sign: int, gain: str, target: str | None, closes: bool) -> None:
    leverage = 5
    seen = look(sign, str(Decimal(gain) / leverage), leverage=leverage)
    if target is not None:
        seen = msgspec.structs.replace(seen, target=away(sign, seen, target))
    advice = advise(seen, only(ladder=LADDER))
    assert isinstance(advice, Close) is closes
    assert not isinstance(advice, Close) or advice.rule == "ladder"


def test_the_ladder_says_what_it_took() -> None:
    seen = look(1, "0.03", leverage=3, target=Decimal(110))
    advice = advise(seen, only(ladder=LADDER))
    assert advice == Close("ladder", "9.0 % on the margin, the target more than 3.0 % away")


@SIGNS
@pytest.mark.parametrize(("hours", "closes"), [(23.9999, False), (24, True), (100, True)])
def test_a_day_is_the_longest(sign: int, hours: float, closes: bool) -> None:
    advice = advise(look(sign, "-0.01", age=round(hours * HOUR)), only(longest=24 * HOUR))
    assert (advice is not None) is closes
    assert not closes or (isinstance(advice, Close) and advice.rule == "longest hold")


@SIGNS
@pytest.mark.parametrize(("profit", "moves"), [("0.0149", False), ("0.015", True), ("0.1", True), ("-0.1", False)])
def test_break_even_lies_half_a_percent_beyond_the_entry(sign: int, profit: str, moves: bool) -> None:
    advice = advise(look(sign, profit), only(break_even=Decimal("0.015")))
    wanted = Tighten("break-even", ENTRY * (1 + sign * Decimal("0.005")))
    assert advice == (wanted if moves else None)


@SIGNS
@pytest.mark.parametrize(
    ("hours", "profit", "moves"),
    [(3.9999, "0", False), (4, "0", True), (4, "-0.02", True), (4, "0.0199", True), (4, "0.02", False)],
)
def test_what_has_stalled_for_four_hours_has_a_percent_left(sign: int, hours: float, profit: str, moves: bool) -> None:
    seen = look(sign, profit, age=round(hours * HOUR))
    advice = advise(seen, only(stall_after=4 * HOUR))
    assert advice == (Tighten("stall", seen.price * (1 - sign * Decimal("0.01"))) if moves else None)


@pytest.mark.parametrize(
    ("volatility", "profit", "momentum", "distance"),
    [
        ("0.03", "0.03", "0.02", "0.02"),
        ("0.05", "0.03", "0.02", "0.02"),
        ("0.0501", "0.03", "0.02", "0.03"),
        ("0.02", "0.03", "0.02", "0.02"),
        ("0.0199", "0.03", "0.02", "0.016"),
        ("0.03", "0.05", "0.02", "0.02"),
        ("0.03", "0.0501", "0.02", "0.017"),
        ("0.03", "0.1", "0.02", "0.017"),
        ("0.03", "0.1001", "0.02", "0.014"),
        ("0.03", "0.03", "0.03", "0.02"),
        ("0.03", "0.03", "0.0301", "0.024"),
        ("0.03", "0.03", "-0.0301", "0.024"),
        ("0.03", "0.03", "0.01", "0.02"),
        ("0.03", "0.03", "0.0099", "0.018"),
        ("0.03", "0.03", "-0.0099", "0.018"),
        ("0.0199", "0.11", "0", "0.01008"),
    ],
)
def test_the_trailing_distance_suits_the_market(volatility: str, profit: str, momentum: str, distance: str) -> None:
    seen = look(1, profit, measures=moving(volatility, momentum))
    assert trailing_distance(seen, HOUSE) == Decimal(distance)


@pytest.mark.parametrize(("base", "distance"), [("0.1", "0.05"), ("0.001", "0.005"), ("0.02", "0.02")])
def test_the_trailing_distance_has_bounds(base: str, distance: str) -> None:
    assert trailing_distance(look(1, "0.03"), only(trailing=Decimal(base))) == Decimal(distance)


def test_without_measures_nothing_is_adapted_to_the_market() -> None:
    assert trailing_distance(look(1, "0.03", measures=None), HOUSE) == Decimal("0.02")


@SIGNS
def test_a_stop_trails_an_extreme_once_that_lies_its_distance_ahead(sign: int) -> None:
    terms = only(trailing=Decimal("0.02"))
    seen = look(sign, "0.03")
    assert trailing(seen, terms) == Tighten("trailing", seen.price * (1 - sign * Decimal("0.02")))
    assert trailing(msgspec.structs.replace(seen, extreme=False), terms) is None
    assert trailing(look(sign, "0.0195"), terms) is None, "its stop would lie behind the entry"
    assert trailing(look(sign, "-0.03"), terms) is None


@SIGNS
@given(profit=st.decimals("0.001", "0.5", places=4), volatility=st.decimals(0, "0.2", places=3))
def test_a_trailing_stop_never_begins_at_a_loss(sign: int, profit: Decimal, volatility: Decimal) -> None:
    advice = trailing(look(sign, str(profit), measures=moving(str(volatility))), HOUSE)
    assert advice is None or (advice.stop - ENTRY) * sign >= -Decimal("1e-9")


def share(least: str, most: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(least, most, places=4)


TERMS = st.builds(
    ExitTerms,
    trailing=st.none() | share("0.0001", "0.3"),
    break_even=st.none() | share("0.005", "0.2"),
    ladder=st.sampled_from([(), LADDER]),
    stall_after=st.none() | st.integers(1, 9 * HOUR),
    stall_profit=share("0.0001", "0.3"),
    stall_stop=share("0.0001", "0.3"),
    longest=st.none() | st.integers(1, 30 * HOUR),
)
LOOKS = st.builds(
    Look,
    sign=st.sampled_from([1, -1]),
    entry=share("1", "1000"),
    price=share("1", "2000"),
    extreme=st.booleans(),
    target=st.none() | share("1", "3000"),
    leverage=st.integers(1, 125),
    age=st.integers(-HOUR, 30 * HOUR),
    measures=st.none()
    | st.builds(Measures, closed_at=st.just(0), volatility=share("0", "1"), momentum=share("-1", "1")),
)


@given(LOOKS, TERMS)
def test_what_is_advised_never_costs_what_was_won_nor_fires_at_once(seen: Look, terms: ExitTerms) -> None:
    advice = advise(seen, terms)
    if isinstance(advice, Tighten):
        assert (seen.price - advice.stop) * seen.sign >= 0, "the market is beyond it already"
        assert advice.rule == "stall" or (advice.stop - seen.entry) * seen.sign >= -Decimal("1e-9"), (
            "it locks a loss in"
        )
    elif advice is not None:
        assert (advice.rule == "longest hold" and seen.age >= (terms.longest or 0)) or seen.ahead > 0
    assert advise(seen, terms) == advice


@given(LOOKS, TERMS)
def test_a_short_is_advised_as_a_long_is(seen: Look, terms: ExitTerms) -> None:
    """Seen from the entry, the other side with the same profit gets the same advice at the same distance."""
    mirror = msgspec.structs.replace(
        seen,
        sign=-seen.sign,
        price=2 * seen.entry - seen.price,
        target=None if seen.target is None else 2 * seen.entry - seen.target,
    )
    plain = msgspec.structs.replace(terms, trailing=None, ladder=(), stall_after=None)  # those go by the price itself
    one, other = advise(seen, plain), advise(mirror, plain)
    assert type(one) is type(other)
    if isinstance(one, Tighten) and isinstance(other, Tighten):
        assert (one.stop - seen.entry) * seen.sign == (other.stop - seen.entry) * mirror.sign


@SIGNS
def test_of_several_stops_the_nearest_is_wanted_and_a_close_before_all(sign: int) -> None:
    both = only(trailing=Decimal("0.02"), break_even=Decimal("0.015"))
    near = advise(look(sign, "0.022"), both)
    assert isinstance(near, Tighten)
    assert near.rule == "break-even"
    far = advise(look(sign, "0.05"), both)
    assert isinstance(far, Tighten)
    assert far.rule == "trailing"
    assert isinstance(advise(look(sign, "0.25"), HOUSE), Close)


def test_a_rule_without_its_figure_is_off() -> None:
    assert not ExitTerms().active
    assert HOUSE.active
    assert all(advise(look(1, profit, age=1000 * HOUR), ExitTerms()) is None for profit in ("-0.5", "0", "0.5", "5"))


@pytest.mark.parametrize(
    ("volatility", "share"),
    [
        (None, "0.025"),
        ("0", "0.025"),
        ("0.01", "0.04"),
        ("0.0199", "0.05485"),
        ("0.02", "0.065"),
        ("0.0274", "0.0798"),
        ("0.0276", "0.08"),
        ("0.05", "0.08"),
        ("0.9", "0.08"),
    ],
)
def test_the_opening_stop_gives_a_fast_market_room(volatility: str | None, share: str) -> None:
    measures = None if volatility is None else moving(volatility)
    assert opening_stop(measures, HOUSE) == Decimal(share)


def test_the_opening_stop_has_bounds_and_may_be_left_to_the_limits() -> None:
    assert opening_stop(None, only(stop=Decimal("0.001"))) == Decimal("0.015")
    assert opening_stop(None, ExitTerms()) is None
    room = only(stop=Decimal("0.025"), stop_most=Decimal(1))
    assert opening_stop(moving("0.5"), room) == Decimal("0.085"), "six percent is the most that volatility adds"
