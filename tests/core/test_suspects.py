"""A difference is believed when nothing of ours explains it and it was seen twice, or when it has stood long enough."""

from __future__ import annotations

import pytest

from radtui.core.market import SECOND
from radtui.core.orders import OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.suspects import Suspects
from tests.core.makers import NOW, XBT, admit_all, desk, order, request, stop_request

SYMBOL = XBT.symbol


def judged(*shown: int, waits: float = 1.0, on_its_way: bool = False, at_once: bool = False) -> list[bool]:
    """Return what is believed of readings that come `waits` seconds apart."""
    own = desk()
    orders = OwnOrders(own, admit_all)
    stop = order(OrderState.WORKING, Purpose.STOP, request=stop_request())
    entry = order(request=request("t-1-9"))
    orders.restore((), (stop, entry) if on_its_way else (stop,), {}, NOW)
    suspects, verdicts = Suspects(own, orders), []
    for lots in shown:
        verdicts.append(suspects.believed(SYMBOL, lots, at_once=at_once))
        own.at += round(waits * SECOND)
    return verdicts


@pytest.mark.parametrize(
    ("shown", "verdicts"),
    [((5,), [False]), ((5, 5), [False, True]), ((5, 6, 5), [False] * 3), ((5, 5, 5, 5), [False, True] * 2)],
)
def test_it_is_believed_the_second_time_it_looks_the_same(shown: tuple[int, ...], verdicts: list[bool]) -> None:
    assert judged(*shown) == verdicts


def test_what_protects_nothing_yet_is_believed_at_once() -> None:
    assert judged(5, at_once=True) == [True]


def test_an_order_of_ours_may_explain_it_for_a_while_and_a_stop_that_rests_never_does() -> None:
    assert judged(5, 5, 5, on_its_way=True) == [False] * 3
    assert judged(5, 5, 5, on_its_way=True, at_once=True) == [False] * 3
    assert judged(5, 5, 5, 5, on_its_way=True, waits=10.0) == [False, False, False, True]


def test_one_that_changes_all_the_time_is_there_all_the_same() -> None:
    assert judged(5, 6, 7, 8, waits=8.0) == [False, False, False, True]


def test_who_is_in_doubt() -> None:
    own = desk()
    suspects = Suspects(own, OwnOrders(own, admit_all))
    assert not suspects.doubtful
    suspects.believed(SYMBOL, 5, at_once=False)
    assert suspects.doubtful
    assert SYMBOL in suspects
    suspects.keep({"ETHUSDTM"})
    assert SYMBOL not in suspects
    suspects.believed(SYMBOL, 5, at_once=False)
    suspects.clear(SYMBOL)
    assert not suspects.doubtful
