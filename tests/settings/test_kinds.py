"""What a kind says is allowed is what it admits."""

from decimal import Decimal
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from radtui.core.market import TIMEFRAMES
from radtui.settings.kinds import (
    Address,
    Faults,
    File,
    Level,
    Name,
    NoneOr,
    Secret,
    Symbols,
    Timeframe,
    Within,
    kind_in,
)

unhurried = hypothesis_settings(max_examples=40, deadline=None)

_LEVERAGE = Annotated[int, Within("1", "125", whole=True)]


def read(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


@unhurried
@given(st.integers(-1000, 1000))
def test_a_whole_number_is_admitted_exactly_within_its_bounds(number: int) -> None:
    if 1 <= number <= 125:
        assert read(_LEVERAGE, str(number)) == read(_LEVERAGE, number) == number
    else:
        with pytest.raises(ValidationError, match="a whole number from 1 to 125"):
            read(_LEVERAGE, number)


@unhurried
@given(st.decimals(-1, 2, places=6))
def test_a_lower_bound_can_be_left_out(number: Decimal) -> None:
    assert Within("0", "1", above=True).admits(number) == (0 < number <= 1)
    assert Within("0", "1").admits(number) == (0 <= number <= 1)


def test_none_or_some_and_nothing_between() -> None:
    kind = NoneOr(Within("60", "86400"))
    assert [kind.admits(number) for number in (0, 0.0, 60, 86400, 59.9, -1, 1e-300)] == [True] * 4 + [False] * 3
    assert kind.text == "0, or a number from 60 to 86400"


@pytest.mark.parametrize("odd", [True, False, "nan", float("inf"), "3.5", "three", None, [], Decimal("NaN")])
def test_what_is_no_number_is_refused(odd: object) -> None:
    with pytest.raises(ValidationError):
        read(_LEVERAGE, odd)


@unhurried
@given(st.floats(allow_nan=True, allow_infinity=True))
def test_only_finite_numbers_lie_within(number: float) -> None:
    assert Within("0", "86400").admits(number) == (0 <= number <= 86400)


def test_a_share_keeps_every_digit() -> None:
    assert read(Annotated[Decimal, Within("0", "1")], "0.10000000000000000001") == Decimal("0.10000000000000000001")


@pytest.mark.parametrize(
    "url", ["https://api-futures.kucoin.com", "http://localhost:8080", "http://127.0.0.1:1", "https://[::1]/"]
)
def test_an_address_to_which_keys_may_be_sent(url: str) -> None:
    assert Address().admits(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api-futures.kucoin.com",
        "https://me:pw@kucoin.com",
        "ftp://localhost",
        "kucoin.com",
        "",
        "https://[",
        "file:///etc",
    ],
)
def test_an_address_to_which_no_key_may_be_sent(url: str) -> None:
    assert not Address().admits(url)


@pytest.mark.parametrize("written", ["XBTUSDTM,ETHUSDTM", " XBTUSDTM , ETHUSDTM,", ["XBTUSDTM", "ETHUSDTM"]])
def test_symbols_are_a_list_or_a_text_with_commas(written: object) -> None:
    assert read(Symbols, written) == ("XBTUSDTM", "ETHUSDTM")


@pytest.mark.parametrize("written", [",,", " , "])
def test_commas_alone_are_no_symbol(written: str) -> None:
    with pytest.raises(ValidationError, match="a symbol such as XBTUSDTM"):
        read(Symbols, written)


@pytest.mark.parametrize("written", ["XBTUSDTM,XBTUSDTM", "XBTUSDTM, ETHUSDTM, XBTUSDTM", ["XBTUSDTM"] * 2])
def test_no_symbol_is_named_twice(written: object) -> None:
    with pytest.raises(ValidationError, match="separated by commas, none of them twice"):
        read(Symbols, written)


@pytest.mark.parametrize("written", ["", "  ", []])
def test_no_symbols_is_all_of_them(written: object) -> None:
    assert read(Symbols, written) == ()


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_every_timeframe_of_the_market_is_allowed(timeframe: str) -> None:
    assert read(Timeframe, timeframe) == timeframe


def test_faults_are_what_the_simulated_exchange_understands() -> None:
    assert read(Faults, "error=0.02, latency=20") == ("error=0.02", "latency=20")
    for odd in ("eror=0.02", "error=2", "error", "error=x", ",,"):
        with pytest.raises(ValidationError, match="timeout-after"):
            read(Faults, odd)


def test_a_level_is_read_in_any_letters() -> None:
    assert read(Level, "WARNING") == "warning"


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 17, "a-b", "a\n"])
def test_a_name_is_what_an_order_id_can_carry(name: str) -> None:
    with pytest.raises(ValidationError, match="1 to 16"):
        read(Name, name)


def test_an_empty_secret_is_none_and_a_copied_line_end_is_dropped() -> None:
    assert read(Secret, " \n") is None
    assert read(Secret, "abc\n").get_secret_value() == "abc"


def test_a_path_is_at_home_and_never_the_folder_of_no_name() -> None:
    assert not str(read(File, "~/x")).startswith("~")
    assert read(File, "") is None
    for odd in ("a\0b", "~nobody-of-this-name/x"):
        with pytest.raises(ValidationError):
            read(File, odd)


def test_a_kind_is_found_anywhere_in_a_type() -> None:
    assert kind_in(_LEVERAGE | None) == Within("1", "125", whole=True)
    assert kind_in(str) is None
