"""What is typed is what is flown; what cannot be meant is said, and the field stays as it was."""

from decimal import Decimal

import pasts
import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOW

from radtui.core.backtest_view import BacktestRequest
from radtui.core.market import DAY, HOUR, MINUTE, SECOND
from radtui.tui.panes.view import View
from radtui.tui.screens.backtest_form import FIELDS, Form, Unmeant
from radtui.tui.widgets.tone import plain

DAY_ONE = 1_769_817_600 * SECOND
"""2026-01-31."""


def typed(**texts: str) -> Form:
    form = Form()
    for name, text in texts.items():
        form.here = list(FIELDS).index(name.rstrip("_"))
        form.take(text)
    return form


def test_empty_fields_ask_for_nothing_special() -> None:
    assert Form().request() == BacktestRequest()


def test_every_field_is_asked_for() -> None:
    form = typed(
        strategy=" rsi ", symbol="ethusdtm", timeframe="1h", from_="2026-01-31", to="2026-02-01T12:30",
        parameters="period=9  low=25", capital="12,500.5",
    )  # fmt: skip
    assert form.request() == BacktestRequest(
        strategy="rsi", symbol="ETHUSDTM", timeframe="1h", start=DAY_ONE, end=DAY_ONE + DAY + 12 * HOUR + 30 * MINUTE,
        parameters={"period": "9", "low": "25"}, capital=Decimal("12500.5"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("timeframe", "7m", "no timeframe is called 7m"),
        ("from", "yesterday", "yesterday is no day"),
        ("from", "99999-01-01", "is no day"),
        ("to", "2026-02-30", "is no day"),
        ("parameters", "fast", "fast is not NAME=VALUE"),
        ("parameters", "fast=", "is not NAME=VALUE"),
        ("capital", "much", "much is no amount"),
        ("capital", "0", "lies above 0"),
        ("capital", "NaN", "lies above 0"),
    ],
)
def test_what_cannot_be_meant_is_said_and_not_taken(name: str, text: str, why: str) -> None:
    form = typed(strategy="rsi")
    form.here = list(FIELDS).index(name)
    with pytest.raises(Unmeant, match=why):
        form.take(text)
    assert form.typed == {"strategy": "rsi"}


def test_an_end_before_the_beginning_is_not_taken() -> None:
    form = typed(from_="2026-02-02")
    form.here = list(FIELDS).index("to")
    with pytest.raises(Unmeant, match="before the beginning"):
        form.take("2026-02-02")


def test_an_emptied_field_is_as_the_bot_has_it_again() -> None:
    form = typed(strategy="rsi")
    form.take("  ")
    assert form.request() == BacktestRequest()


def test_the_last_request_can_be_asked_for_again() -> None:
    assert Form(pasts.REQUEST).request() == pasts.REQUEST


@given(st.integers(0, 4_000_000_000 // 60), st.integers(1, 100_000))
def test_every_minute_comes_back_as_it_was(minute: int, more: int) -> None:
    request = BacktestRequest(start=minute * MINUTE, end=(minute + more) * MINUTE)
    assert Form(request).request() == request


def test_the_cursor_stays_within_the_fields() -> None:
    form = Form()
    assert not form.step(-1)
    assert all(form.step(1) for _ in range(len(FIELDS) - 1))
    assert not form.step(1)
    assert form.name == "capital"


@pytest.mark.parametrize("width", [36, 76, 196])
def test_every_field_has_its_line_and_the_cursor_its_help(width: int) -> None:
    view = View(scenes.running(), NOW, "lena")
    lines = [plain(each) for each in typed(strategy="rsi").lines(view, width)]
    assert len(lines) == len(FIELDS)
    assert all(len(each) <= width for each in lines)
    assert lines[0].startswith("▸ strategy     rsi")
    assert "as the bot" in lines[2]
    assert ("palette" in lines[0]) is (width > 40)
