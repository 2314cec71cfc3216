from decimal import Decimal

import pytest
import scenes
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from radtui.tui.panes.money import ledger_lines, today_line
from radtui.tui.widgets.tone import Tone, plain

INNER_AT_110 = 46
amounts = st.decimals(min_value=-999_999, max_value=999_999, places=8)


@settings(max_examples=50, deadline=None)
@given(amounts, amounts, amounts, amounts)
def test_no_amount_makes_a_line_wider_than_the_narrowest_pane(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    money = scenes.changed(
        scenes.running(), money__today=a, money__realised=b, money__fees=c, money__funding=d, money__unrealised=a
    ).money
    for each in (today_line(money), *ledger_lines(money)):
        assert cell_len(plain(each)) <= INNER_AT_110 or "books" in plain(each)


def test_fees_are_a_cost_and_funding_is_as_received() -> None:
    text = "\n".join(plain(each) for each in ledger_lines(scenes.running().money))
    assert "fees             −8.12" in text
    assert "funding          −0.44" in text
    assert "61 % 22–14" in text


def test_no_trade_yet_is_a_dash() -> None:
    text = "\n".join(plain(each) for each in ledger_lines(scenes.empty().money))
    assert "wins                 –" in text
    assert "profit factor        –" in text


def test_an_amount_that_rounds_to_nothing_has_no_colour() -> None:
    money = scenes.changed(scenes.running(), money__today=Decimal("0.001")).money
    assert today_line(money)[1].tone is Tone.PLAIN


@pytest.mark.parametrize(
    ("identity", "words"),
    [(Decimal(0), "to the last digit"), (Decimal("0.02"), "do not balance"), (None, "not checked yet")],
)
def test_the_books_say_whether_they_balance(identity: Decimal | None, words: str) -> None:
    money = scenes.changed(scenes.running(), money__identity=identity).money
    assert words in plain(list(ledger_lines(money))[-1])


def test_what_was_not_read_yet_is_a_dash_and_never_zero() -> None:
    assert plain(today_line(scenes.unread().money)).split() == ["today", "–", "unrealised", "–"]
