"""What a pool has been charged: never given back while a window of the server may still hold it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyrate_limiter import Rate

from radtui.core.market import SECOND
from radtui.resilience.server_window import Charges, FitsIn

WINDOW, GRACE, MS = 30 * SECOND, 5 * SECOND, SECOND // 1000
LIMIT = 100


def charge(charges: Charges, weight: int, now: int, limit: int = LIMIT) -> bool:
    return charges.check(FitsIn(), [Rate(limit, 30_000)], now, weight).allowed


def test_what_fits_is_charged_and_what_does_not_changes_nothing() -> None:
    charges = Charges(WINDOW, GRACE)
    assert charge(charges, 60, 0)
    assert not charge(charges, 41, 0)
    assert charge(charges, 40, 0)
    assert charges.read(FitsIn(), []) == (100,)
    charges.reset()
    assert charges.read(FitsIn(), []) == FitsIn().initial([])


def test_a_request_under_way_is_charged_for_as_long_as_it_is() -> None:
    charges = Charges(WINDOW, GRACE)
    charge(charges, 100, 0)
    assert not charge(charges, 1, 1000 * WINDOW)
    charges.unsent(100)
    assert charge(charges, 100, 1000 * WINDOW)


def test_an_answer_without_a_window_frees_after_a_window() -> None:
    charges = Charges(WINDOW, GRACE)
    charge(charges, 100, 0)
    charges.answered(100, 2 * SECOND)
    assert charges.next_expiry() == 2 * SECOND + WINDOW + MS
    assert not charge(charges, 1, 2 * SECOND + WINDOW)
    assert charge(charges, 100, 2 * SECOND + WINDOW + MS)


def test_a_request_that_was_given_up_frees_after_a_window_and_a_grace() -> None:
    charges = Charges(WINDOW, GRACE)
    charge(charges, 60, 0)
    charge(charges, 40, 0)
    charges.abandoned(60, SECOND)
    charges.answered(40, 2 * SECOND)
    charges.expire(2 * SECOND + WINDOW + MS)
    assert charges.total == 60
    charges.expire(SECOND + WINDOW + GRACE)
    assert charges.total == 0
    assert charges.next_expiry() is None


def test_an_answer_frees_at_the_end_of_the_window_it_names() -> None:
    charges = Charges(WINDOW, GRACE)
    charge(charges, 100, 0)
    charges.told(100, LIMIT, 0, 12 * SECOND, SECOND)
    assert charges.next_expiry() == charges.ends(SECOND) == 12 * SECOND
    assert not charge(charges, 1, 12 * SECOND - 1)
    assert charge(charges, 100, 12 * SECOND)
    assert charges.ends(12 * SECOND) is None


def test_what_others_use_is_charged_until_the_window_ends() -> None:
    charges = Charges(WINDOW, GRACE)
    charge(charges, 10, 0)
    charges.told(10, LIMIT, 30, 12 * SECOND, SECOND)
    assert charges.total == 70
    charges.told(0, LIMIT, 20, 12 * SECOND, 2 * SECOND)
    assert charges.total == 80
    charges.expire(12 * SECOND)
    assert charges.total == 0


@given(st.permutations(range(1, 11)))
def test_answers_out_of_order_give_nothing_back_within_a_window(order: list[int]) -> None:
    charges = Charges(WINDOW, GRACE)
    for _ in range(10):
        charge(charges, 10, 0)
    for nth in order:
        charges.told(10, LIMIT, LIMIT - 10 * nth, 20 * SECOND + nth * MS, SECOND)
        assert charges.total == 100
    assert charges.next_expiry() == 20 * SECOND + MS
    charges.expire(21 * SECOND)
    assert charges.total == 0


def test_an_answer_of_the_next_window_frees_the_one_before_and_keeps_what_is_under_way() -> None:
    charges = Charges(WINDOW, GRACE)
    for weight in (50, 30, 20):
        charge(charges, weight, 0)
    charges.told(50, LIMIT, 50, 10 * SECOND, SECOND)
    charges.told(30, LIMIT, 70, 39 * SECOND, 9 * SECOND)
    assert charges.total == 50
    assert charges.ends(9 * SECOND) == 39 * SECOND


def test_a_late_answer_of_an_old_window_only_ends_its_own_charge() -> None:
    charges = Charges(WINDOW, GRACE)
    for weight in (40, 30, 20):
        charge(charges, weight, 0)
    charges.told(40, LIMIT, 60, 39 * SECOND, 9 * SECOND)
    charges.told(30, LIMIT, 0, 10 * SECOND, 9 * SECOND)
    assert charges.total == 60
    charges.told(20, LIMIT, 0, 39 * SECOND + 2 * SECOND, 39 * SECOND + SECOND)
    assert charges.total == 0
    assert charge(charges, 100, 39 * SECOND + SECOND)
