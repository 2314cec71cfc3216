from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from radtui.core.admission import admit
from radtui.core.order import OrderRequest, PositionSide, Side
from radtui.core.orders import Purpose
from radtui.core.standing import Mode
from tests.core.makers import request, stop_request

LOTS = st.integers(-100, 100)
MODES = st.sampled_from(Mode)
EXITS = st.sampled_from([Purpose.EXIT, Purpose.STOP])
REQUESTS = st.builds(
    lambda lots, side, only, close, hedge: request(
        lots=0 if close else lots, side=side, reduce_only=only, close_order=close, position_side=hedge
    ),
    st.integers(0, 200),
    st.sampled_from(Side),
    st.booleans(),
    st.booleans(),
    st.sampled_from(PositionSide),
)


def after(asked: OrderRequest, lots: int) -> int:
    """Return the position after the order was filled whole; an exchange fills of a reducing one what is there."""
    traded = min(abs(lots), asked.lots or abs(lots)) if asked.reduces else asked.lots
    return lots + asked.side.sign * traded


@given(REQUESTS, st.sampled_from(Purpose), LOTS, MODES)
def test_outside_active_whatever_is_admitted_makes_the_position_smaller(
    asked: OrderRequest, purpose: Purpose, lots: int, mode: Mode
) -> None:
    if mode is Mode.ACTIVE or admit(asked, purpose, lots, mode) is not None:
        return
    assert asked.reduces
    assert abs(after(asked, lots)) < abs(lots)
    assert after(asked, lots) * lots >= 0


@given(REQUESTS, EXITS, LOTS, MODES, MODES)
def test_no_mode_makes_a_difference_to_an_exit(
    asked: OrderRequest, purpose: Purpose, lots: int, one: Mode, other: Mode
) -> None:
    assert admit(asked, purpose, lots, one) == admit(asked, purpose, lots, other)


@given(LOTS, MODES, st.booleans())
def test_a_close_and_a_stop_of_what_is_held_always_pass(lots: int, mode: Mode, whole: bool) -> None:
    assume(lots)
    side = Side.SELL if lots > 0 else Side.BUY
    close = (
        request(lots=0, side=side, close_order=True) if whole else request(lots=abs(lots), side=side, reduce_only=True)
    )
    assert admit(close, Purpose.EXIT, lots, mode) is None
    assert admit(stop_request(side=side), Purpose.STOP, lots, mode) is None


@pytest.mark.parametrize(
    ("asked", "lots", "why"),
    [
        (request(), 10, "could open"),
        (request(side=Side.SELL, reduce_only=True), 0, "no position"),
        (request(side=Side.BUY, reduce_only=True), 10, "add to the position"),
        (request(side=Side.SELL, reduce_only=True, lots=11), 10, "not a part"),
        (request(side=Side.SELL, reduce_only=True, lots=0), 10, "not a part"),
        (request(side=Side.SELL, reduce_only=True, lots=10), 10, None),
        (request(side=Side.BUY, close_order=True, lots=0), -10, None),
    ],
)
def test_an_exit_is_refused_only_where_it_does_not_reduce(asked: OrderRequest, lots: int, why: str | None) -> None:
    said = admit(asked, Purpose.EXIT, lots, Mode.HALTED)
    assert (why is None and said is None) or (said is not None and why is not None and why in said)


def test_an_entry_passes_in_active_alone_and_must_be_able_to_open() -> None:
    assert admit(request(), Purpose.ENTRY, 0, Mode.ACTIVE) is None
    assert (
        admit(request(), Purpose.ENTRY, 0, Mode.REDUCING)
        == "trading is reducing: only what reduces a position may leave"
    )
    assert admit(request(), Purpose.ENTRY, 0, Mode.HALTED) is not None
    assert "open nothing" in (admit(request(reduce_only=True), Purpose.ENTRY, 0, Mode.ACTIVE) or "")
