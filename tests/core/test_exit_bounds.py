"""Between its bounds no exit rule acts: what is leapt over there would have changed nothing."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.caretaker import STEP
from radtui.core.exit_bounds import Followed, bounds, moments
from radtui.core.exit_rules import Close, Look, Tighten, advise
from radtui.core.exit_terms import HOUSE, LADDER, ExitTerms, Rung
from radtui.core.market import HOUR, MINUTE
from radtui.core.positions import Plan

ENTRY = Decimal(1000)
SHARES = st.integers(-100, 100).map(lambda each: 1 + Decimal(each) / 1000)
RULES = st.sampled_from(
    [
        HOUSE,
        ExitTerms(ladder=LADDER),
        ExitTerms(ladder=(Rung(Decimal("0.02")), Rung(Decimal("0.01"), Decimal("0.02")))),
        ExitTerms(break_even=Decimal("0.01"), locked=Decimal("0.002")),
        ExitTerms(stall_after=MINUTE, stall_stop=Decimal("0.01"), stall_profit=Decimal("0.02")),
        ExitTerms(trailing=Decimal("0.01"), trailing_least=Decimal("0.002")),
    ]
)


def changes(look: Look, plan: Plan, terms: ExitTerms) -> bool:
    """Return whether the caretaker would do anything at a price."""
    advice = advise(look, terms)
    if isinstance(advice, Tighten):
        return (advice.stop - plan.stop) * look.sign >= STEP * advice.stop
    return isinstance(advice, Close)


def met_price(sign: int, share: int) -> Decimal:
    """Return a price so many thousandths better, as a share of the entry."""
    return 1 + sign * Decimal(share) / 1000


def at_share(look: Look, share: int) -> Look:
    """Return a position at a price so many thousandths above its entry."""
    return msgspec.structs.replace(look, price=ENTRY * (1 + Decimal(share) / 1000))


@settings(max_examples=400, deadline=None)
@given(
    sign=st.sampled_from([1, -1]),
    terms=RULES,
    price=SHARES,
    best=SHARES,
    target=st.none() | SHARES,
    stop=SHARES,
    leverage=st.integers(1, 10),
    age=st.integers(0, 5 * HOUR),
    later=st.lists(SHARES, max_size=8),
)
def test_between_its_bounds_no_rule_acts(
    *,
    sign: int,
    terms: ExitTerms,
    price: Decimal,
    best: Decimal,
    target: Decimal | None,
    stop: Decimal,
    leverage: int,
    age: int,
    later: list[Decimal],
) -> None:
    look = Look(
        sign=sign,
        entry=ENTRY,
        price=ENTRY * price,
        extreme=False,
        target=None if target is None else ENTRY * target,
        leverage=leverage,
        age=age,
    )
    top = max(best * sign, price * sign) * sign * ENTRY
    plan = Plan(ENTRY * stop, None, "test", followed=True)
    found = bounds(Followed(look, plan, top, Decimal("0.1")), terms)
    if found is None:
        return
    for each in later:
        at = ENTRY * each
        if all(at < bound if above else at > bound for bound, above in found):
            seen = msgspec.structs.replace(look, price=at, extreme=(at - top) * sign > 0)
            assert not changes(seen, plan, terms)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_position_that_stalls_is_followed_once_its_stop_would_move(sign: int) -> None:
    terms = ExitTerms(stall_after=MINUTE, stall_stop=Decimal("0.01"), stall_profit=Decimal("0.02"))
    look = Look(sign=sign, entry=ENTRY, price=ENTRY, extreme=False, target=None, leverage=1, age=MINUTE)
    plan = Plan(ENTRY * (1 - sign * Decimal("0.005")), None, "test", followed=True)
    found = bounds(Followed(look, plan, ENTRY * (1 + sign * Decimal("0.05")), Decimal("0.1")), terms)
    assert found is not None
    wall = min(found, key=lambda each: each[0] * sign)[0]
    met = [share for share in range(100) if changes(at_share(look, sign * share), plan, terms)]
    assert ENTRY * met_price(sign, met[0] - 1) * sign - 1 < wall * sign <= ENTRY * met_price(sign, met[0]) * sign


def test_before_a_first_price_anything_may_come() -> None:
    look = Look(sign=1, entry=ENTRY, price=ENTRY, extreme=False, target=None, leverage=1, age=0)
    assert bounds(Followed(look, Plan(ENTRY, None, "test"), None, Decimal("0.1")), HOUSE) is None


def test_the_ages_at_which_a_rule_begins() -> None:
    look = Look(sign=1, entry=ENTRY, price=ENTRY, extreme=False, target=None, leverage=1, age=5 * HOUR)
    assert list(moments(look, HOUSE)) == [24 * HOUR]
    assert list(moments(msgspec.structs.replace(look, age=0), HOUSE)) == [24 * HOUR, 4 * HOUR]
    assert list(moments(look, ExitTerms())) == []
