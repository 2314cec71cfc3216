from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.health_view import ApiView, ProcessView, WorkerView
from radtui.core.money_view import MoneyView
from radtui.health import sections

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=12, min_value=-(10**9), max_value=10**9)


@settings(max_examples=60, deadline=None)
@given(amounts)
def test_money_is_text_that_gives_back_the_amount(amount: Decimal) -> None:
    text = sections.money(MoneyView(identity=amount))["identity_difference"]
    assert Decimal(text) == amount
    assert not set(text) & set("eE+ ")
    assert text != "-0"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["start", "equity", "available", "today"]))
def test_what_did_not_arrive_is_none_not_zero(name: str) -> None:
    assert sections.money(MoneyView())[name] is None


def test_a_call_rate_and_its_latencies_carry_their_units() -> None:
    assert sections.api(ApiView(total=3, ok=2, failed=1, success=66.666, per_minute=3, p50=1.23456))["p50_ms"] == 1.235
    assert sections.api(ApiView(success=66.666))["success_rate"] == 66.67


@pytest.mark.parametrize("age", [None, 4.1])
def test_a_worker_that_never_beat_has_no_age(age: float | None) -> None:
    view = WorkerView(name="journal", age=age, limit=5, healthy=False)
    assert sections.worker(view)["age_s"] == age


def test_memory_and_lag_are_missing_where_they_are_not_known() -> None:
    assert sections.process(ProcessView(pid=3)) == {"lag_p99_ms": None, "rss_mb": None, "pid": 3}
