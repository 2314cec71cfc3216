"""The guardian's own client: signed as the exchange wants it, and three failures that never are confused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radtui.guard.account import NewOrder
from radtui.guard.client import Away, Client, Failure, Refused, Unclear
from radtui.guard.line import Answer, Unanswered, Unsent
from radtui.guard.signing import headers
from tests.exchange.kucoin.shared import KUCOIN, captured
from tests.guard.makers import config, order, stop

NOW = 1_757_000_000_000
CLOSE = NewOrder(client_oid="t-_1-1", symbol="XBTUSDTM", side="sell", margin_mode="ISOLATED", position_side="BOTH")


class Scripted:
    """A way to the exchange that answers as told, in turn; the last answer again and again."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self._answers = list(answers)

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        self.asked.append((method, target, headers, body))
        found = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(found, Exception):
            raise found
        return found


def data(value: Any) -> Answer:
    return Answer(200, json.dumps({"code": "200000", "data": value}).encode())


def said(code: str, message: str = "no", status: int = 200) -> Answer:
    return Answer(status, json.dumps({"msg": message, "code": code}).encode())


@pytest.fixture
def client(tmp_path: Path) -> Callable[..., tuple[Client, Scripted]]:
    def make(*answers: Answer | Exception) -> tuple[Client, Scripted]:
        line = Scripted(*answers)
        return Client(config(tmp_path), line, now=lambda: NOW), line

    return make


Make = Callable[..., tuple[Client, Scripted]]


def test_signs_as_three_independent_implementations_do() -> None:
    found = captured(KUCOIN / "signing-vectors.json")
    for vector in found["vectors"]:
        ours = headers(
            found["key"], found["secret"], found["passphrase"], "2",
            stamp=vector["timestamp"], method=vector["method"], path=vector["path"], body=vector["body"].encode(),
        )  # fmt: skip
        assert ours | vector["headers"] == ours, vector["name"]


def test_reads_the_lists_page_by_page_and_positions_last(client: Make) -> None:
    pages = [{"items": [{"id": f"{n}", "symbol": "XBTUSDTM"}], "totalPage": 2} for n in (1, 2)]
    found, line = client(
        data(pages[0]), data(pages[1]), data({"items": [], "totalPage": 0}), data([]),
        data([{"symbol": "XBTUSDTM", "currentQty": -3, "marginMode": "CROSS", "markPrice": 1.5}]),
    )  # fmt: skip
    shown = found.read()
    assert [each.id for each in shown.stops] == ["1", "2"]
    assert [(held.long, held.lots, held.mode) for held in shown.holdings] == [(False, 3, "CROSS")]
    paths = [target.partition("?")[0] for _, target, _, _ in line.asked]
    assert paths == ["/api/v1/stopOrders"] * 2 + ["/api/v1/orders", "/api/v1/recentDoneOrders", "/api/v1/positions"]
    assert all(stamped["KC-API-TIMESTAMP"] == str(NOW) for _, _, stamped, _ in line.asked)


@pytest.mark.parametrize("name", ["Trading_GetOrders", "Trading_GetUntriggeredStopOrders"])
def test_reads_captured_orders(client: Make, name: str) -> None:
    document = captured(KUCOIN / "fixtures" / "rest" / f"jkorf_{name}.json")
    page = document.get("response", document)["data"]
    raw = json.dumps({"code": "200000", "data": page | {"totalPage": 1}}, default=str).encode()
    found, _ = client(Answer(200, raw), data([]), data([]), data([]))
    stops = found.read().stops
    assert stops
    assert all(each.id and each.symbol for each in stops)


def test_an_order_that_closes_is_all_it_can_send(client: Make) -> None:
    found, line = client(data({"orderId": "1"}))
    found.place(
        NewOrder(**{**{f: getattr(CLOSE, f) for f in CLOSE.__struct_fields__}, "stop": "down", "stop_price": "9"})
    )
    method, target, stamped, body = line.asked[0]
    assert (method, target) == ("POST", "/api/v1/orders")
    sent = json.loads(body)
    assert sent.pop("remark")
    assert sent == {
        "clientOid": "t-_1-1", "symbol": "XBTUSDTM", "side": "sell", "type": "market", "closeOrder": True,
        "marginMode": "ISOLATED", "positionSide": "BOTH", "stop": "down", "stopPrice": "9", "stopPriceType": "TP",
    }  # fmt: skip
    assert stamped["KC-API-KEY"] == "the-key"
    assert "the-secret" not in str(stamped)
    assert "the-words" not in str(stamped)


def test_a_stop_is_cancelled_by_the_exchanges_id(client: Make) -> None:
    found, line = client(data({"cancelledOrderIds": ["x"]}))
    found.cancel(stop("t-b-9"))
    assert line.asked[0][:2] == ("DELETE", "/api/v1/orders/#t-b-9")


def test_a_repeated_client_id_has_arrived(client: Make) -> None:
    found, _ = client(said("300018"))
    found.place(CLOSE)


def test_a_refused_clock_is_read_anew_once(client: Make) -> None:
    found, line = client(said("400002", status=400), data(NOW + 8000), data({"orderId": "1"}))
    found.place(CLOSE)
    assert line.asked[2][2]["KC-API-TIMESTAMP"] == str(NOW + 8000)
    with pytest.raises(Refused):
        client(said("400002", status=400), data(NOW), said("400002", status=400))[0].place(CLOSE)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Unsent("refused"), Away),
        (Unanswered("timed out"), Unclear),
        (said("300000"), Refused),
        (said("400003", status=401), Refused),
        (said("429000", status=429), Away),
        (said("200002"), Away),
        (said("300002"), Away),
        (said("500000", status=500), Unclear),
        (said("500000"), Unclear),
        (said("987654", status=503), Unclear),
        (said("200000", status=500), Unclear),
        (Answer(502, b"<html>"), Unclear),
        (Answer(200, b"\xff"), Unclear),
        (Answer(429, b"slow down"), Away),
    ],
)
def test_what_may_have_been_carried_out_is_never_called_anything_else(
    client: Make, answer: Answer | Exception, kind: type[Failure]
) -> None:
    with pytest.raises(kind):
        client(answer)[0].place(CLOSE)
    with pytest.raises(Refused if kind is Refused else Away):
        client(answer)[0].read()


def test_an_answer_of_another_shape_is_no_account(client: Make) -> None:
    with pytest.raises(Away, match="cannot be read"):
        client(data({"items": [{"id": 5.5}]}))[0].read()
    with pytest.raises(Away):
        client(data(None))[0].read()


def test_no_message_holds_a_part_of_the_key(client: Make) -> None:
    for answer in (said("300000", "the-secret and the-words for the-key"), Unsent("to the-key")):
        with pytest.raises(Failure) as failure:
            client(answer)[0].cancel(order())
        assert not any(part in str(failure.value) for part in ("the-secret", "the-words", "the-key"))
