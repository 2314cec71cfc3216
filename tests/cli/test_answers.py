"""What an engine answers, on a terminal and for a script: texts, documents, and the exit code that says how it went."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from radtui.api.views import Answer, answered
from radtui.cli.answers import amount, finish, lines_of, moment, preview_lines, table
from radtui.cli.failures import Exit, Failure
from radtui.core.book import Level
from radtui.core.instruction import Ask, Receipt
from radtui.core.order import Side
from radtui.core.outcome import Cancelled
from radtui.core.preview import Closing, Preview

PENDING = Answer(success=None, message="not done yet", status="stopping", id="i1", remaining=("XBTUSDTM long 3 lots",))


def receipt(ask: Ask = Ask.STOP, **fields: Any) -> Answer:
    told = {"success": True, "message": "done", "status": "stopped", "at": 1, **fields}
    return answered(Receipt(id="i1", ask=ask, **told))


@pytest.mark.parametrize(
    ("ask", "answer", "code"),
    [
        (Ask.START, receipt(Ask.START, success=False), Exit.REFUSED),
        (Ask.PAUSE, receipt(Ask.PAUSE, success=False, refused=True), Exit.REFUSED),
        (Ask.START, PENDING, Exit.REFUSED),
        (Ask.STOP, PENDING, Exit.NOT_SAFE),
        (Ask.SHUTDOWN, PENDING, Exit.NOT_SAFE),
        (Ask.EMERGENCY_STOP, PENDING, Exit.NOT_SAFE),
        (Ask.STOP, receipt(success=False), Exit.REFUSED),
        (Ask.STOP, receipt(success=False, refused=True, orders_left=("an order",)), Exit.REFUSED),
        (Ask.STOP, receipt(success=False, orders_left=("an order",)), Exit.NOT_SAFE),
        (Ask.SHUTDOWN, receipt(Ask.SHUTDOWN, success=False, unverified=("a stop",)), Exit.NOT_SAFE),
    ],
)
def test_the_exit_code_says_whether_something_may_remain(ask: Ask, answer: Answer, code: Exit) -> None:
    with pytest.raises(Failure) as failed:
        finish(ask, answer, as_json=False)
    assert failed.value.code == code
    assert failed.value.title == answer.message


def test_a_refusal_says_that_nothing_was_changed() -> None:
    for ask in (Ask.PAUSE, Ask.STOP):
        with pytest.raises(Failure) as failed:
            finish(ask, receipt(ask, success=False, refused=True), as_json=False)
        assert failed.value.means == "Nothing was changed."


def test_what_remains_is_named_and_the_document_is_whole() -> None:
    with pytest.raises(Failure) as failed:
        finish(Ask.EMERGENCY_STOP, PENDING, as_json=True)
    assert "still there: XBTUSDTM long 3 lots" in failed.value.text()
    assert json.loads(json.dumps(failed.value.document()))["remaining"] == ["XBTUSDTM long 3 lots"]


def test_amounts_in_a_failures_document_are_text() -> None:
    close = Closing(symbol="X", side=Side.SELL, lots=1, mark=Decimal("1.10"))
    answer = receipt(success=False, preview=Preview(at=1, closes=(close,)))
    with pytest.raises(Failure) as failed:
        finish(Ask.STOP, answer, as_json=True)
    document = json.loads(json.dumps(failed.value.document()))
    assert document["receipt"]["preview"]["closes"][0]["mark"] == "1.10"


def test_success_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert finish(Ask.STOP, receipt(), as_json=True) == Exit.DONE
    assert json.loads(capsys.readouterr().out)["success"] is True
    assert finish(Ask.START, receipt(Ask.START), as_json=False) == Exit.DONE
    assert capsys.readouterr().out == "done\n"


def test_the_receipt_of_a_stop_tells_what_was_done_and_what_is_shown() -> None:
    done = receipt(positions_closed=("XBTUSDTM sell 3 lots",), foreign=("theirs",), stops_left=("a stop",))
    assert lines_of(done) == [
        "done",
        "  closed: XBTUSDTM sell 3 lots",
        "  left alone, not ours: theirs",
        "The exchange shows of ours now: 0 orders, 0 positions, 1 stops",
        "  a stop",
    ]


def test_a_receipt_that_is_on_no_disk_says_so() -> None:
    assert lines_of(receipt(unwritten="the disk is full"))[-1].endswith("the next start looks again: the disk is full")


def test_a_preview_says_what_it_would_take_and_cost() -> None:
    stop = Cancelled(symbol="XBTUSDTM", side=Side.SELL, purpose="stop", lots=0, client_id="a-1")
    close = Closing(
        symbol="XBTUSDTM", side=Side.SELL, lots=3, levels=(Level(Decimal("9.5"), 3),), average=Decimal("9.5"),
        slippage=Decimal("0.5"), fee=Decimal("0.1"), decimals=1,
    )  # fmt: skip
    blind = Closing(symbol="ETHUSDTM", side=Side.BUY, lots=2)
    lines = preview_lines(
        Preview(
            at=1, closes=(close, blind), stops=(stop,), foreign=("theirs",), cost={"USDT": Decimal("0.6")},
            unknown=("ETHUSDTM: no book",),
        )
    )  # fmt: skip
    assert lines == [
        "closes XBTUSDTM: sell 3 lots at about 9.5, slippage 0.5000 USDT, fee 0.1000 USDT",
        "  takes 3 lots @ 9.5",
        "closes ETHUSDTM: buy 2 lots at the market",
        "then cancels XBTUSDTM stop sell (a-1)",
        "leaves alone, not ours: theirs",
        "costs about 0.60 USDT, fees and slippage",
        "not known: ETHUSDTM: no book",
    ]
    assert preview_lines(Preview(at=1)) == ["nothing of ours is there: it would only make sure of that"]


def test_columns_stand_in_line() -> None:
    assert table(("A", "LONG"), [("wide", "x")]) == "A     LONG\nwide  x"
    assert (amount(None), amount(Decimal("1234.5"))) == ("–", "1,234.50")
    assert (moment(None), moment(1_767_225_600_000_000_000)) == ("–", "2026-01-01 00:00:00")


def test_what_an_engine_that_hangs_was_told_is_not_said_to_go_on() -> None:
    answer = Answer(success=None, message="told, and not heard", status="running", id="7", hangs=43, todo="kill it")
    with pytest.raises(Failure) as failed:
        finish(Ask.EMERGENCY_STOP, answer, as_json=False)
    assert (failed.value.code, failed.value.todo) == (Exit.NOT_SAFE, "kill it")
    assert "only should its loop turn again" in failed.value.means
