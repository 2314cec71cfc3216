"""One connection: what it answers, whom it admits to what, and where its patience ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.market import HOUR, SECOND
from radtui.simserver.session import MOST_WAITING, SILENCE, Session
from radtui.simserver.sessions import MOST_A_MINUTE, Sessions
from radtui.simserver.tokens import LIFE, Tokens

SYMBOLS = ("XBTUSDTM", "ETHUSDTM")
START = 1_767_225_600 * SECOND


class Line:
    """A client of one session, and the hub it belongs to."""

    def __init__(self, *, private: bool = False) -> None:
        self.tokens = Tokens(7)
        self.hub = Sessions(self.tokens, SYMBOLS)
        self.at = START
        self.session = self.hub.open(self.tokens.issue(private=private, at=START), "mine", START)
        self.frames()

    def frames(self) -> list[dict[str, Any]]:
        return [json.loads(frame) for frame in self.session.take()]

    def send(self, **message: Any) -> list[dict[str, Any]]:
        self.session.receive(json.dumps(message), self.at)
        return self.frames()

    def subscribe(self, topic: str, **more: Any) -> list[dict[str, Any]]:
        return self.send(**{"id": "1", "type": "subscribe", "topic": topic, "response": True, **more})


def test_the_first_frame_is_the_welcome() -> None:
    tokens = Tokens(7)
    session = Sessions(tokens, SYMBOLS).open(tokens.issue(private=False, at=START), "hQvf8jkno", START)
    assert session.take() == ['{"id":"hQvf8jkno","type":"welcome"}']


def test_a_ping_is_answered_under_its_own_id() -> None:
    assert Line().send(id="1545910590801", type="ping") == [{"id": "1545910590801", "type": "pong"}]


def test_the_ack_comes_only_where_it_was_asked_for_and_its_id_is_text() -> None:
    line = Line()
    topic = "/contractMarket/ticker:XBTUSDTM"
    assert line.send(id=1545910660739, type="subscribe", topic=topic, response=True) == [
        {"id": "1545910660739", "type": "ack"}
    ]
    assert line.send(id=1, type="subscribe", topic=topic) == []
    assert line.send(id=1, type="unsubscribe", topic=topic, response=False) == []
    assert line.session.topics == ()
    assert line.send(id=2, type="unsubscribe", topic=topic, response=True) == [{"id": "2", "type": "ack"}]


def test_a_message_reaches_those_who_listen_and_nobody_else() -> None:
    line = Line()
    line.subscribe("/contractMarket/level2:XBTUSDTM,ETHUSDTM")
    line.hub.publish("/contractMarket/level2:ETHUSDTM", {"subject": "level2", "sn": 3, "data": {}})
    line.hub.publish("/contractMarket/level2Depth5:ETHUSDTM", {"subject": "level2", "data": {}})
    assert line.frames() == [
        {"topic": "/contractMarket/level2:ETHUSDTM", "type": "message", "subject": "level2", "sn": 3, "data": {}}
    ]
    line.send(id="2", type="unsubscribe", topic="/contractMarket/level2:ETHUSDTM")
    line.hub.publish("/contractMarket/level2:ETHUSDTM", {"subject": "level2", "data": {}})
    assert line.frames() == []
    assert line.hub.wanted == ("/contractMarket/level2:XBTUSDTM",)


@pytest.mark.parametrize(
    ("topic", "code", "says"),
    [
        ("", 406, "topic is required"),
        ("/x", 404, "topic /x is not found"),
        ("/contractMarket/level2:NOPE", 404, "topic /contractMarket/level2:NOPE is not found"),
        ("/contractMarket/level2:XBTUSDTM,NOPE", 404, "topic /contractMarket/level2:NOPE is not found"),
        ("/contractMarket/limitCandle:XBTUSDTM_7min", 404, "XBTUSDTM_7min is not found"),
        ("/contractMarket/level2", 400, "needs a symbol"),
        ("/contractMarket/level2:,", 400, "needs a symbol"),
        ("/contract/positionAll:XBTUSDTM", 404, "is not found"),
        ("/contractMarket/tradeOrders", 403, "login is required"),
    ],
)
def test_what_is_not_there_is_refused_by_code(topic: str, code: int, says: str) -> None:
    (frame,) = Line().subscribe(topic)
    assert (frame["id"], frame["type"], frame["code"]) == ("1", "error", code)
    assert says in frame["data"]


def test_private_topics_need_a_private_token_and_the_private_channel() -> None:
    line = Line(private=True)
    assert line.subscribe("/contract/positionAll")[0]["code"] == 403
    assert line.subscribe("/contract/positionAll", privateChannel=True) == [{"id": "1", "type": "ack"}]
    assert Line().subscribe("/contract/positionAll", privateChannel=True)[0]["code"] == 403


def test_unknown_types_and_what_is_no_json_get_an_error_frame() -> None:
    line = Line()
    assert line.send(id="9", type="dance") == [
        {"id": "9", "type": "error", "code": 415, "data": "type is not supported"}
    ]
    line.session.receive("{", START)
    assert line.frames()[0]["code"] == 400


def test_more_than_a_hundred_messages_in_ten_seconds_are_too_many() -> None:
    line = Line()
    answers = [line.send(id="1", type="ping")[0]["type"] for _ in range(101)]
    assert answers == ["pong"] * 100 + ["error"]
    line.at += 10 * SECOND
    assert line.send(id="1", type="ping")[0]["type"] == "pong"


def test_more_topics_than_a_connection_holds_are_refused() -> None:
    symbols = [f"S{n}" for n in range(301)]
    tokens = Tokens(1)
    hub = Sessions(tokens, symbols)
    session = hub.open(tokens.issue(private=False, at=START), "", START)
    session.take()

    def subscribe(names: list[str]) -> dict[str, Any]:
        topic = f"/contractMarket/level2:{','.join(names)}"
        session.receive(json.dumps({"id": "1", "type": "subscribe", "topic": topic, "response": True}), START)
        (frame,) = session.take()
        answer: dict[str, Any] = json.loads(frame)
        return answer

    assert subscribe(symbols[:101])["code"] == 509
    for first in (0, 100, 200):
        assert subscribe(symbols[first : first + 100])["type"] == "ack"
    assert subscribe(symbols[299:])["code"] == 509
    assert subscribe(symbols[:100])["type"] == "ack"


def test_without_a_ping_for_a_minute_it_is_dropped() -> None:
    line = Line()
    line.at += SILENCE
    line.session.look(line.at)
    assert line.session.closing is None
    line.send(id="1", type="ping")
    line.session.look(line.at + SILENCE)
    assert line.session.closing is None
    line.session.look(line.at + SILENCE + 1)
    assert line.session.closing is not None
    assert line.frames()[-1]["data"] == "ping timeout"


def test_a_connection_ends_with_its_token() -> None:
    line = Line()
    for hour in range(1, 25):
        line.at = START + hour * HOUR - SECOND
        line.send(id="1", type="ping")
    line.session.look(START + LIFE)
    assert line.session.closing is not None
    assert line.frames()[-1] == {"id": "mine", "type": "error", "code": 401, "data": "token is expired"}


def test_a_token_that_is_not_ours_or_has_expired_is_told_so_and_closed() -> None:
    tokens = Tokens(7)
    hub = Sessions(tokens, SYMBOLS)
    old = tokens.issue(private=False, at=START - LIFE)
    for token, why in (("", "token is invalid"), ("nope", "token is invalid"), (old, "token is expired")):
        session = hub.open(token, "c", START)
        assert [json.loads(frame) for frame in session.take()] == [
            {"id": "c", "type": "error", "code": 401, "data": why}
        ]
        assert session.closing is not None
    assert len(hub) == 0


def test_connections_in_a_minute_are_counted() -> None:
    tokens = Tokens(7)
    hub = Sessions(tokens, SYMBOLS)
    token = tokens.issue(private=False, at=START)
    sessions = [hub.open(token, "c", START) for _ in range(MOST_A_MINUTE + 1)]
    assert [session.closing is None for session in sessions] == [True] * MOST_A_MINUTE + [False]
    assert hub.open(token, "c", START + 60 * SECOND).closing is None


def test_a_slow_reader_is_dropped_and_its_memory_freed() -> None:
    line = Line()
    line.subscribe("/contractMarket/level2:XBTUSDTM")
    for _ in range(MOST_WAITING + 10):
        line.hub.publish("/contractMarket/level2:XBTUSDTM", {"subject": "level2", "data": {}})
    assert line.session.closing is not None
    assert line.frames() == []
    assert line.hub.wanted == ()


def test_tunnels_carry_their_own_subscriptions() -> None:
    line = Line()
    topic = "/contractMarket/level2:XBTUSDTM"
    assert line.subscribe(topic, tunnelId="bt1")[0]["code"] == 400
    assert line.send(id="1", type="openTunnel", newTunnelId="bt1", response=True) == [{"id": "1", "type": "ack"}]
    line.subscribe(topic, tunnelId="bt1")
    line.hub.publish(topic, {"subject": "level2", "data": {}})
    (frame,) = line.frames()
    assert frame["tunnelId"] == "bt1"
    line.subscribe(topic)
    line.hub.publish(topic, {"subject": "level2", "data": {}})
    assert [frame.get("tunnelId") for frame in line.frames()] == ["bt1", None]
    line.send(id="1", type="closeTunnel", tunnelId="bt1")
    line.hub.publish(topic, {"subject": "level2", "data": {}})
    assert [frame.get("tunnelId") for frame in line.frames()] == [None]
    for name in ("a", "b", "c", "d", "e"):
        assert line.send(id="1", type="openTunnel", newTunnelId=name, response=True)[0]["type"] == "ack"
    assert line.send(id="1", type="openTunnel", newTunnelId="f", response=True)[0]["code"] == 509


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "type": st.sampled_from(["subscribe", "unsubscribe", "ping", "openTunnel", "closeTunnel"]) | JSON,
        "topic": st.sampled_from(["/contractMarket/level2:XBTUSDTM", "/contract/positionAll", ":", "a:b"]) | JSON,
        "privateChannel": JSON,
        "response": JSON,
        "tunnelId": JSON,
        "newTunnelId": JSON,
    },
)


@given(st.lists(st.binary() | st.text() | (MESSAGES | JSON).map(json.dumps), max_size=8))
def test_nothing_a_client_sends_breaks_it(messages: list[str | bytes]) -> None:
    line = Line(private=True)
    for message in messages:
        line.session.receive(message, START)
        for frame in line.frames():
            assert frame["type"] in {"ack", "pong", "error"}
            assert isinstance(frame["id"], str)


def test_nothing_is_received_or_said_after_the_end() -> None:
    line = Line()
    line.subscribe("/contractMarket/level2:XBTUSDTM")
    line.hub.closed(line.session)
    line.hub.publish("/contractMarket/level2:XBTUSDTM", {"subject": "level2", "data": {}})
    assert line.send(id="1", type="ping") == []
    assert isinstance(line.session, Session)
    assert len(line.hub) == 0
