"""Reading parameters: text and numbers alike, and never an exception but a refusal."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.order import MarginMode, Side
from radtui.simserver.params import Params
from radtui.simserver.refusals import Refusal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("given_value", ["3", 3, "3.0", "3.000"])
def test_a_number_may_be_text(given_value: Any) -> None:
    params = Params({"leverage": given_value})
    assert params.whole("leverage") == 3
    assert params.decimal("leverage") == Decimal(3)


@pytest.mark.parametrize("given_value", ["x", "3.5", "nan", "Infinity", "1e99", "9" * 50, True, [3], {"a": 1}])
def test_what_is_no_whole_number_is_refused(given_value: Any) -> None:
    with pytest.raises(Refusal, match="400100"):
        Params({"size": given_value}).whole("size")


def test_nothing_and_empty_are_the_same() -> None:
    params = Params({"a": None, "b": ""})
    assert "a" not in params
    assert "b" not in params
    assert (params.decimal("a"), params.whole("b"), params.flag("b"), params.text("c", "x")) == (None, None, False, "x")
    with pytest.raises(Refusal, match="b can not be empty"):
        params.required("b")


@pytest.mark.parametrize(("given_value", "read"), [(True, True), ("TRUE", True), ("false", False), (False, False)])
def test_a_flag_may_be_a_word(given_value: Any, read: bool) -> None:
    assert Params({"postOnly": given_value}).flag("postOnly") is read


def test_an_enumeration_takes_any_case_and_needs_a_default_to_be_missing() -> None:
    params = Params({"side": "BUY", "marginMode": "cross"})
    assert params.choice("side", Side) is Side.BUY
    assert params.choice("marginMode", MarginMode) is MarginMode.CROSS
    assert params.choice("positionMode", MarginMode, MarginMode.ISOLATED) is MarginMode.ISOLATED
    with pytest.raises(Refusal):
        params.choice("type", Side)
    with pytest.raises(Refusal):
        Params({"side": "both"}).choice("side", Side)


def test_a_count_stays_within_its_bounds() -> None:
    assert Params({}).count("pageSize", 50, 1000) == 50
    assert Params({"pageSize": 5000}).count("pageSize", 50, 1000) == 1000
    with pytest.raises(Refusal):
        Params({"pageSize": 0}).count("pageSize", 50, 1000)


@given(JSON)
def test_whatever_stands_there_is_read_or_refused(value: Any) -> None:
    params = Params({"x": value})
    for read in (params.text, params.required, params.decimal, params.whole, params.flag):
        with suppress(Refusal):
            read("x")
