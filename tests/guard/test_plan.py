"""What a guardian would do: what could open goes, what protects stays, what is not ours is never touched."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.guarding import Cover
from radtui.guard.account import Order, Shown
from radtui.guard.plan import Cancel, Close, Plan, Protect, plan
from tests.guard.makers import AT, BOT, beat, cover, holding, order, stop

SYMBOLS = ("XBTUSDTM", "ETHUSDTM")


def of(*, flatten: bool = False, covers: tuple[Cover, ...] = (), **shown: object) -> Plan:
    return plan(Shown(**shown), beat(*covers), flatten=flatten)  # type: ignore[arg-type]


def test_own_entries_go_whatever_they_look_like() -> None:
    stopped = order("t-b-9", stop="up", type="market")
    found = of(orders=(order(),), stops=(stopped,))
    assert [step.order for step in found.steps if isinstance(step, Cancel)] == [order(), stopped]


@pytest.mark.parametrize(
    "other",
    [
        {"reduce_only": True},
        {"close_order": True},
        {"position_side": "LONG", "side": "sell"},
        {"position_side": "SHORT", "side": "buy"},
        {"is_active": False},
        {"is_active": None, "status": "done"},
    ],
)
def test_what_reduces_or_is_done_stays(other: dict[str, Any]) -> None:
    assert of(orders=(order(**other),)) == Plan()


@pytest.mark.parametrize("client_id", ["u-b-1", "tt-b-1", "t", "", "web"])
def test_other_hands_orders_are_not_touched(client_id: str) -> None:
    assert of(orders=(order(client_id),), stops=(stop(client_id),), holdings=(holding(),)) == Plan()


def test_an_order_without_a_client_id_is_nobodys() -> None:
    assert of(orders=(Order(id="1", symbol="XBTUSDTM"),)) == Plan()


def test_a_position_that_has_its_stop_needs_nothing() -> None:
    assert of(covers=(cover(),), holdings=(holding(),), stops=(stop(),)) == Plan(held=(holding(),))
    short = {"covers": (cover(long=False, stop="110"),), "holdings": (holding(lots=-5),)}
    assert not of(**short, stops=(stop(long=False),)).steps  # type: ignore[arg-type]


def test_a_position_without_a_stop_gets_the_planned_one() -> None:
    assert of(covers=(cover(),), holdings=(holding(),)).steps == (Protect(holding(), Decimal(90)),)


@pytest.mark.parametrize(
    "other",
    [
        {"long": False},
        {"symbol": "ETHUSDTM"},
        {"is_active": False},
        {"stop_triggered": True},
        {"type": "limit"},
        {"close_order": False, "reduce_only": False},
        {"close_order": False, "reduce_only": True, "size": 4},
        {"position_side": "SHORT"},
        {"stop": "up"},
    ],
)
def test_what_looks_like_a_stop_protects_nothing(other: dict[str, object]) -> None:
    found = of(covers=(cover(),), holdings=(holding(),), stops=(stop("x-b-1", **other),))  # type: ignore[arg-type]
    assert found.steps == (Protect(holding(), Decimal(90)),)


def test_stops_in_lots_add_up_and_anybodys_stop_protects() -> None:
    parts = tuple(stop(f"web{n}", close_order=False, reduce_only=True, size=n) for n in (2, 3))
    assert not of(covers=(cover(),), holdings=(holding(),), stops=parts).steps


def test_where_no_stop_was_planned_the_operator_is_told() -> None:
    found = of(covers=(cover(stop=None),), holdings=(holding(),))
    assert (found.steps, found.bare) == ((), (holding(),))


def test_a_stop_of_the_other_direction_is_no_plan_for_it() -> None:
    filled = order(side="sell", is_active=False, filled_size=5, updated_at=AT)
    found = of(covers=(cover(),), holdings=(holding(lots=-5),), done=(filled,))
    assert (found.steps, found.bare) == ((), (holding(lots=-5),))


def test_an_entry_that_filled_after_the_last_beat_is_ours_and_an_old_one_is_not() -> None:
    filled = order(is_active=False, status="done", filled_size=5, updated_at=AT + 1)
    assert of(holdings=(holding(),), done=(filled,)).bare == (holding(),)
    for other in ({"updated_at": AT - 61_000}, {"filled_size": 0}, {"side": "sell"}, {"close_order": True}):
        old = order(**{"is_active": False, "filled_size": 5, "updated_at": AT, **other})  # type: ignore[arg-type]
        assert of(holdings=(holding(),), done=(old,)) == Plan(), other


def test_an_entry_on_its_way_has_its_plan_with_it() -> None:
    found = of(covers=(cover(lots=0),), holdings=(holding(),))
    assert found.steps == (Protect(holding(), Decimal(90)),)


def test_flattening_closes_and_cancels_stops_last() -> None:
    held = of(flatten=True, covers=(cover(),), holdings=(holding(),), stops=(stop(),))
    assert held.steps == (Close(holding()),)
    bare = of(flatten=True, covers=(cover(),), holdings=(holding(),))
    assert bare.steps == (Protect(holding(), Decimal(90)), Close(holding()))
    flat = of(flatten=True, covers=(cover(),), stops=(stop(), stop("web1")))
    assert flat.steps == (Cancel(stop(), "its position is flat"),)


clients = st.sampled_from([f"{BOT}-b-1", f"{BOT}-_0-1", "other-b-1", "web", ""])
flags = st.booleans()
orders = st.builds(
    lambda client_id, symbol, buy, reduces, closes, active: order(
        client_id, symbol, side="buy" if buy else "sell", reduce_only=reduces, close_order=closes, is_active=active
    ),
    clients, st.sampled_from(SYMBOLS), flags, flags, flags, flags,
)  # fmt: skip
stops = st.builds(
    lambda client_id, symbol, long, closes, active: stop(
        client_id, symbol, long=long, close_order=closes, is_active=active
    ),
    clients, st.sampled_from(SYMBOLS), flags, flags, flags,
)  # fmt: skip
accounts = st.builds(
    lambda orders, stops, lots: Shown(
        orders=tuple(orders), stops=tuple(stops),
        holdings=tuple(holding(symbol, n) for symbol, n in zip(SYMBOLS, lots, strict=True) if n),
    ),
    st.lists(orders, max_size=6), st.lists(stops, max_size=6), st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
)  # fmt: skip
told = st.lists(
    st.builds(
        lambda symbol, long, at: cover(symbol, long=long, stop=at),
        st.sampled_from(SYMBOLS), flags, st.none() | st.just("9"),
    ),
    max_size=2, unique_by=lambda each: each.symbol,
)  # fmt: skip


@given(accounts, told, flags)
def test_whatever_an_account_looks_like(shown: Shown, covers: list[Cover], flatten: bool) -> None:
    found = plan(shown, beat(*covers), flatten=flatten)
    known = {cover.symbol: cover for cover in covers}
    held = {each.symbol for each in shown.holdings}
    for step in found.steps:
        if isinstance(step, Cancel):
            assert step.order.is_of(BOT)
            assert step.order.active
            assert not step.order.reduces or (flatten and step.order.symbol not in held), "a stop of a held position"
        else:
            assert known[step.holding.symbol].long == step.holding.long, "only what the engine told to be ours"
        if isinstance(step, Protect):
            assert step.price == known[step.holding.symbol].stop
    assert flatten or not any(isinstance(step, Close) for step in found.steps)
