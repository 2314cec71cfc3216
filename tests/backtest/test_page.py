"""The page stands alone, says everything the terminal says, and believes no text."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

import msgspec
import pytest

from radtui.backtest.page import page
from radtui.backtest.result import Held, Result, document
from radtui.backtest.wording import cautions, duration, figures, heading, refusals
from radtui.core.config import Limits
from radtui.core.market import DAY, HOUR, MINUTE
from radtui.core.money import ZERO
from tests.backtest.worlds import Restless, flown, walk

EVIL = "<script>alert(1)</script>\"'&"


@pytest.fixture(scope="module")
def result() -> Result:
    return flown(walk(200, 3, step=0.002), Restless, Limits())


class _Tags(HTMLParser):
    """Collects the tags and checks that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_is_whole_and_loads_nothing(result: Result) -> None:
    text, tags = page(result), _Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.names.isdisjoint({"script", "link", "img", "iframe", "object", "base", "form"})
    assert not re.search(r"https?:|url\(|@import|src=|href=|\son\w+=", text)
    assert text.count("<polyline") == 2


def test_it_says_what_the_terminal_says(result: Result) -> None:
    text = page(result)
    for name, figure in figures(result):
        assert f"<td>{name}</td><td>{figure}</td>" in text
    assert all(line in text for line in (*refusals(result), *cautions(result), heading(result)))
    assert text.count("<tr><td>2022-") == len(result.trades)


def test_no_text_of_others_becomes_a_tag(result: Result) -> None:
    trade = msgspec.structs.replace(result.trades[0], why=EVIL, end=EVIL, symbol=EVIL)
    texts = {"strategy": EVIL, "source": EVIL, "fault": EVIL, "currency": EVIL, "parameters": {EVIL: EVIL}}
    evil = msgspec.structs.replace(result, faults=1, trades=(trade,), **texts)
    tags = _Tags()
    tags.feed(page(evil))
    assert "script" not in tags.names
    assert "&lt;script&gt;" in page(evil)


def test_prices_have_the_digits_of_the_finest_and_no_more(result: Result) -> None:
    trade = msgspec.structs.replace(result.trades[0], entry=Decimal("39323.000000000000"), exit=Decimal("38819.60"))
    held = Held(
        symbol="X", direction=trade.direction, lots=2, entry=Decimal("1.500000000000"), opened_at=0, unrealised=ZERO
    )
    text = page(msgspec.structs.replace(result, trades=(trade,), open=(held,)))
    assert "<td>39,323.0</td><td>38,819.6</td>" in text
    assert "2 lots X from 1.5, " in text


def test_what_must_be_known_comes_first(result: Result) -> None:
    fault, troubles = "XBTUSDTM: ValueError: x", {"liquidated": 2}
    doubtful = msgspec.structs.replace(result, complete=False, faults=7, fault=fault, troubles=troubles)
    told = list(cautions(doubtful))
    assert told[0] == "the strategy failed 7 times and traded nothing then; first: XBTUSDTM: ValueError: x"
    assert "2 × liquidated" in told
    assert told[-1] == "it was stopped before the last candle"


def test_the_document_has_the_names_of_the_api(result: Result) -> None:
    told = document(result)
    counted = {"total_trades", "winning_trades", "losing_trades", "win_rate", "profit_factor", "net_profit"}
    assert counted | {"max_drawdown", "sharpe_ratio"} <= set(told["results"])
    assert len(told["trades"]) == result.sums.total_trades
    assert told["trades"][0]["net"] == str(result.trades[0].net)
    assert msgspec.json.decode(msgspec.json.encode(told))["results"] == told["results"]


def test_a_length_of_time_is_two_units() -> None:
    assert duration(3 * DAY + 5 * HOUR) == "3 d 5 h"
    assert duration(5 * HOUR + 7 * MINUTE) == "5 h 7 min"
