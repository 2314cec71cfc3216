"""``radtui order``: what a person types is what the engine is asked, and what came of it is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from radtui.api.door import Door
from radtui.cli.failures import Exit, Failure
from radtui.cli.order import order
from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask, Receipt
from radtui.core.order import Side
from radtui.core.outcome import Placed
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted

PLACED = Placed(client_id="b-1-1", order_id="77", symbol="XBTUSDTM", side=Side.BUY, state="working", lots=3)
XBT = "XBTUSDTM"


@pytest.fixture
def engine(own_folders: Path) -> Iterator[Scripted]:
    handle = Scripted()
    status = msgspec.structs.replace(handle.seen.status, symbols=(XBT,))
    handle.seen = msgspec.structs.replace(handle.seen, status=status)
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"lots": 3}, {"lots": 3}),
        (
            {"lots": 3, "limit": "60000.10", "stop": "59000", "target": "70000"},
            {"lots": 3, "type": HandType.LIMIT, "price": Decimal("60000.1"), "stop": Decimal(59_000),
             "target": Decimal(70_000)},
        ),
        ({"coins": "0.05", "at": "61000"}, {"coins": Decimal("0.05"), "type": HandType.STOP, "price": Decimal(61_000)}),
        ({"close": True}, {"close": True}),
        ({"lots": 2, "reduce_only": True}, {"lots": 2, "reduce_only": True}),
    ],
)  # fmt: skip
def test_what_is_typed_is_what_the_engine_is_asked(
    engine: Scripted, capsys: pytest.CaptureFixture[str], said: dict[str, Any], meant: dict[str, Any]
) -> None:
    engine.done(ask=Ask.PLACE_ORDER, message="Order working: …", placed=PLACED)
    lots = said.pop("lots", None)
    assert order("xbtusdtm", "buy", lots, why="the news", **said) == Exit.DONE
    (heard,) = engine.heard
    assert heard.order is not None
    assert heard.order.key
    assert msgspec.structs.replace(heard.order, key="") == HandOrder(symbol=XBT, side=Side.BUY, **meant)
    assert (heard.ask, heard.why) == (Ask.PLACE_ORDER, "the news")
    assert capsys.readouterr().out == "Order working: …\n"


def test_json_has_both_ids(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    engine.done(ask=Ask.PLACE_ORDER, placed=PLACED)
    order(XBT, "buy", 3, as_json=True)
    told = msgspec.convert(json.loads(capsys.readouterr().out)["receipt"], Receipt)
    assert told.placed == PLACED


@pytest.mark.parametrize(
    "said",
    [
        {}, {"lots": 3, "coins": "1"}, {"lots": 3, "limit": "1", "at": "2"}, {"lots": 0}, {"lots": 3, "limit": "dear"},
        {"lots": 3, "close": True}, {"close": True, "stop": "3"}, {"lots": 3, "stop": "nan"}, {"lots": 3, "timeout": 0},
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(engine: Scripted, said: dict[str, Any]) -> None:
    lots = said.pop("lots", None)
    with pytest.raises(Failure) as failed:
        order(XBT, "buy", lots, **said)
    assert failed.value.code == Exit.USAGE
    assert not engine.heard


def test_a_refusal_says_why_and_what_is_not_known_is_not_said_to_be(engine: Scripted) -> None:
    engine.done(ask=Ask.PLACE_ORDER, success=False, refused=True, message="No order was placed: size: 9 lots")
    with pytest.raises(Failure, match="size: 9 lots") as failed:
        order(XBT, "buy", 9)
    assert (failed.value.code, failed.value.means) == (Exit.REFUSED, "Nothing was changed.")
    with pytest.raises(Failure) as silent:
        order(XBT, "buy", 9, timeout=0.1)
    assert (silent.value.code, silent.value.means) == (Exit.REFUSED, "")
    assert "do not place it again" in silent.value.todo


def test_an_unknown_contract_is_refused(engine: Scripted) -> None:
    with pytest.raises(Failure, match="no such contract"):
        order("DOGEUSDTM", "buy", 1)
