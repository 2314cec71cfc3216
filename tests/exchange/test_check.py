"""A finding carries its verdict and its remedy; only failures forbid a flight, and not all of them."""

from radtui.exchange.check import Verdict, fail, failures, grounding, ok, partial, warn


def test_only_failures_forbid() -> None:
    wrong = fail("clock", "stands still", "wind it")
    assert failures([ok("disk", "fine"), warn("key", "open to all", "bind it"), wrong]) == (wrong,)


def test_what_is_to_be_put_right_need_not_keep_a_bot_from_flying() -> None:
    wrong, less = fail("key", "wrong", "put it right"), partial("symbols", "one is gone", "leave it out")
    assert failures([wrong, less]) == (wrong, less)
    assert grounding([ok("disk", "fine"), wrong, less]) == (wrong,)


def test_what_is_in_order_needs_nothing() -> None:
    assert ok("disk", "fine").remedy == ""
    assert [check.verdict for check in (ok("a", "b"), warn("a", "b", "c"), fail("a", "b", "c"))] == list(Verdict)
