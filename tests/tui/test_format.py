from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.tui import format as shown

SECOND = shown.SECOND
FIGURES = st.decimals(-(10**9), 10**9, allow_nan=False, places=12) | st.floats(-1e9, 1e9) | st.integers(-(10**9), 10**9)
NUMBER = re.compile(r"−?\d{1,3}(,\d{3})*(\.\d+)?")
TEXTS = st.text(max_size=30) | st.text("abc 漢字▲é\u0301\u200d\x1b\n…", max_size=30)

modest = settings(max_examples=40, deadline=None)


@modest
@given(FIGURES, st.integers(0, 8))
def test_a_number_has_its_decimals_a_true_minus_and_never_a_negative_zero(value: Decimal, decimals: int) -> None:
    text = shown.number(value, decimals)
    assert NUMBER.fullmatch(text)
    assert len(text.partition(".")[2]) == decimals
    assert "-" not in text
    assert not text.startswith("−") or any(digit in "123456789" for digit in text)


@modest
@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=8), st.integers(0, 8))
def test_a_number_reads_back_within_half_of_its_last_digit(value: Decimal, decimals: int) -> None:
    read = Decimal(shown.number(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(read - value) <= Decimal(5) * Decimal(10) ** (-decimals - 1)


@modest
@given(FIGURES, st.integers(0, 8))
def test_a_signed_number_shows_exactly_one_sign_unless_it_shows_zero(value: Decimal, decimals: int) -> None:
    text = shown.signed(value, decimals)
    assert text.lstrip("+−") == shown.number(abs(value), decimals)
    assert text[0] in "+−" or not any(digit in "123456789" for digit in text)
    assert text.startswith("−") is shown.number(value, decimals).startswith("−")


@modest
@given(TEXTS, st.integers(0, 40), st.sampled_from(["left", "right", "center"]))
def test_fitted_text_is_exactly_as_wide_and_steers_no_terminal(text: str, width: int, align: shown.Align) -> None:
    fitted = shown.fit(text, width, align)
    assert shown.width_of(fitted) == width
    assert fitted.isprintable()
    assert shown.clean(fitted) == fitted


@modest
@given(TEXTS, st.integers(1, 40))
def test_a_cut_says_that_something_was_left_out(text: str, width: int) -> None:
    whole = shown.clean(text)
    if shown.width_of(whole) <= width:
        assert shown.cut(text, width) == whole
    else:
        assert shown.cut(text, width).endswith("…")
        assert whole.startswith(shown.cut(text, width)[:-1])


@modest
@given(st.floats(-50, 150), st.integers(2, 40))
def test_a_bar_has_its_width_and_is_full_or_empty_only_when_that_is_true(share: float, width: int) -> None:
    text = shown.bar(share, width)
    assert len(text) == width
    assert text == "".join(sorted(text, reverse=True))
    assert ("░" not in text) is (share >= 100)
    assert ("▓" not in text) is (share <= 0)


@modest
@given(st.integers(0, 10**18))
def test_lengths_of_time_are_short_and_never_negative(nanoseconds: int) -> None:
    for text in (shown.countdown(nanoseconds), shown.duration(nanoseconds), shown.age(nanoseconds)):
        assert len(text) <= 12
        assert "-" not in text
    assert shown.countdown(-nanoseconds - 1) == "0:00"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (shown.number(Decimal("64210.1"), 1), "64,210.1"),
        (shown.number(-0.001, 2), "0.00"),
        (shown.number(float("nan"), 2), "–"),
        (shown.signed(Decimal("2.14")), "+2.14"),
        (shown.signed(Decimal("-1.88")), "−1.88"),
        (shown.signed(Decimal("-0.004")), "0.00"),
        (shown.money(Decimal("10214.38"), "USDT"), "10,214.38 USDT"),
        (shown.percent(99.42), "99.42 %"),
        (shown.signed_percent(-1.8, 1), "−1.8 %"),
        (shown.seconds(0.4), "0.4 s"),
        (shown.milliseconds(118.2), "118 ms"),
        (shown.rate(312), "312/min"),
        (shown.size(0), "0 B"),
        (shown.size(11_442), "11.4 kB"),
        (shown.size(92_300_000), "92.3 MB"),
        (shown.size(999_600), "1.0 MB"),
        (shown.countdown(161 * SECOND), "2:41"),
        (shown.countdown(3761 * SECOND), "1:02:41"),
        (shown.duration(12 * SECOND), "12 s"),
        (shown.duration(41 * 60 * SECOND), "41 min"),
        (shown.duration(11_520 * SECOND), "3 h 12 min"),
        (shown.duration(9 * 86_400 * SECOND), "9 d 0 h"),
        (shown.age(8 * SECOND), "8s"),
        (shown.age(72 * 60 * SECOND), "72m"),
        (shown.age(30 * 3600 * SECOND), "30h"),
        (shown.age(9 * 86_400 * SECOND), "9d"),
        (shown.clock(50_531 * SECOND), "14:02:11"),
        (shown.minute(50_531 * SECOND), "14:02"),
        (shown.stamp(50_531 * SECOND), "1970-01-01 14:02:11"),
        (shown.since(50_531 * SECOND, 60_000 * SECOND), "14:02"),
        (shown.since(50_531 * SECOND, 999_999 * SECOND), "1 Jan 14:02"),
        (shown.gauge(18), "▓▓░░░░░░░░ 18 %"),
        (shown.against("0.84 s", "60 s"), "0.84 s < 60 s"),
        (shown.clean("a\x1b[2Jb\nc"), "a·[2Jb c"),
        (shown.fit("漢字漢字", 5), "漢字…"),
        (shown.fit("7", 3, "center"), " 7 "),
    ],
)  # fmt: skip
def test_a_figure_reads(text: str, wanted: str) -> None:
    assert text == wanted


@pytest.mark.parametrize(
    "text",
    [
        shown.number(None), shown.signed(None), shown.money(None, "USDT"), shown.percent(None), shown.seconds(None),
        shown.rate(None), shown.size(None), shown.countdown(None), shown.duration(None), shown.age(None),
        shown.clock(None), shown.minute(None), shown.stamp(None), shown.since(None, 0), shown.milliseconds(None),
    ],
)  # fmt: skip
def test_what_did_not_arrive_is_a_dash_without_a_unit(text: str) -> None:
    assert text == "–"


def test_things_are_counted_in_words() -> None:
    assert [shown.counted(count, "stop") for count in (0, 1, 2, 1204)] == [
        "0 stops",
        "1 stop",
        "2 stops",
        "1,204 stops",
    ]
