"""A finding carries its verdict and its remedy; only failures forbid a flight."""

from radtui.exchange.check import Verdict, fail, failures, ok, warn


def test_only_failures_forbid() -> None:
    wrong = fail("clock", "stands still", "wind it")
    assert failures([ok("disk", "fine"), warn("key", "open to all", "bind it"), wrong]) == (wrong,)


def test_what_is_in_order_needs_nothing() -> None:
    assert ok("disk", "fine").remedy == ""
    assert [check.verdict for check in (ok("a", "b"), warn("a", "b", "c"), fail("a", "b", "c"))] == list(Verdict)
