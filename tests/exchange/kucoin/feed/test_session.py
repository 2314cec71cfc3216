"""The conversation on one socket, without one: what is said when, and what ends it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.market import SECOND
from radtui.exchange.kucoin.feed import topics
from radtui.exchange.kucoin.feed.figures import Figures
from radtui.exchange.kucoin.feed.session import NEVER, Acked, Refusal, Session, Terms, Ticket, Unread, Welcomed
from radtui.exchange.kucoin.feed.topics import Topic

TICKET = Ticket(endpoint="wss://feed/", token="secret-token", ping_interval=18, ping_timeout=10)
TICKER = topics.ticker("XBTUSDTM")


class Talk:
    """A session, its time, and what it heard and wants to say."""

    def __init__(self, *, welcomed: bool = True) -> None:
        self.session = Session(TICKET, 0, Figures(), Terms())
        self.now = 0
        self.heard: list[bytes] = []
        if welcomed:
            self.get(type="welcome", id="1")
            assert self.happened() == [Welcomed()]
            (ping,) = self.said()
            self.get(type="pong", id=ping["id"])

    def get(self, **frame: Any) -> bool:
        return self.session.receive(json.dumps(frame).encode(), self.now)

    def said(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.session.outgoing(self.now)]

    def happened(self) -> list[Any]:
        happenings, self.session.happenings = self.session.happenings, []
        return happenings

    def subscribe(self, *wanted: Topic) -> None:
        self.session.subscribe((topic, lambda frame, now: self.heard.append(frame)) for topic in wanted)

    def wait(self, seconds: float) -> None:
        self.now += round(seconds * SECOND)
        self.session.tick(self.now)


def test_nothing_is_said_before_the_welcome() -> None:
    talk = Talk(welcomed=False)
    talk.subscribe(TICKER)
    assert talk.said() == []
    assert talk.get(type="welcome", id="1")
    assert [message["type"] for message in talk.said()] == ["ping", "subscribe"]


def test_no_welcome_ends_it() -> None:
    talk = Talk(welcomed=False)
    assert talk.session.deadline(0) == 10 * SECOND
    talk.wait(9.9)
    assert talk.session.ended == ""
    talk.wait(0.1)
    assert talk.session.ended == "no welcome within 10 s"


def test_a_ping_each_interval_and_its_pong_is_awaited() -> None:
    talk = Talk()
    for _ in range(5):
        assert talk.session.deadline(talk.now) == talk.now + 18 * SECOND
        talk.wait(18)
        (ping,) = talk.said()
        assert ping["type"] == "ping"
        assert isinstance(ping["id"], str)
        assert talk.said() == []
        assert talk.session.deadline(talk.now) == talk.now + 10 * SECOND
        talk.get(type="pong", id=ping["id"])
    talk.wait(18)
    talk.said()
    talk.get(type="pong", id="another")
    talk.wait(10)
    assert "the connection is dead" in talk.session.ended


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e-9])
def test_a_senseless_ping_interval_makes_no_busy_loop(seconds: float) -> None:
    ticket = Ticket(endpoint="", token="", ping_interval=seconds, ping_timeout=seconds)
    session = Session(ticket, 0, Figures(), Terms())
    session.receive(b'{"type":"welcome"}', 0)
    (ping,) = session.outgoing(0)
    assert session.deadline(0) == SECOND
    session.receive(json.dumps({"type": "pong", "id": json.loads(ping)["id"]}).encode(), 5)
    assert session.deadline(5) == SECOND


def test_a_pong_tells_the_latency() -> None:
    talk = Talk()
    talk.wait(18)
    (ping,) = talk.said()
    talk.now += SECOND // 4
    talk.get(id=ping["id"], type="pong")
    assert talk.session.figures.latency == 0.25


def test_topics_of_one_kind_go_into_one_request_of_at_most_a_hundred() -> None:
    talk = Talk()
    talk.subscribe(*(topics.ticker(f"S{n}") for n in range(150)), topics.level2("S1"), topics.announcements())
    said = talk.said()
    assert [message["topic"].partition(":")[0].rpartition("/")[2] for message in said] == [
        "tickerV2",
        "tickerV2",
        "level2",
        "announcement",
    ]
    assert [len(message["topic"].split(",")) for message in said] == [100, 50, 1, 1]
    assert all(message["response"] is True and message["privateChannel"] is False for message in said)
    talk.get(type="ack", id=said[1]["id"])
    ((acked),) = talk.happened()
    assert isinstance(acked, Acked)
    assert [topic.symbol for topic in acked.topics] == [f"S{n}" for n in range(100, 150)]


def test_private_topics_say_so_and_candles_are_asked_for_alone() -> None:
    talk = Talk()
    talk.subscribe(topics.orders(), topics.candles("A", "1min"), topics.candles("B", "1min"))
    said = {message["topic"]: message["privateChannel"] for message in talk.said()}
    assert said == {
        "/contractMarket/tradeOrders": True,
        "/contractMarket/limitCandle:A_1min": False,
        "/contractMarket/limitCandle:B_1min": False,
    }


def test_a_request_without_its_ack_ends_it() -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    talk.said()
    talk.wait(9.9)
    assert talk.session.ended == ""
    talk.wait(0.1)
    assert talk.session.ended == "no answer to a subscription within 10 s"


def test_an_ack_may_carry_a_number_where_text_was_sent() -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    (request,) = talk.said()
    talk.get(type="ack", id=int(request["id"]))
    assert talk.happened() == [Acked((TICKER,))]


def test_messages_go_to_their_topic_in_whatever_order_their_fields_come() -> None:
    talk = Talk()
    talk.subscribe(TICKER, topics.positions())
    assert talk.get(topic=TICKER.name, type="message", subject="tickerV2", data={}) is False
    assert talk.get(userId="x", data={}, subject="tickerV2", topic=TICKER.name, type="message") is False
    assert talk.get(topic="/contract/position:XBTUSDTM", data={}, subject="position.change") is False
    assert talk.get(topic="/contract/positionAll", type="message", data={}, subject="position.change") is False
    assert talk.get(topic="/contractMarket/tickerV2:OTHER", type="message", data={}) is False
    assert len(talk.heard) == 4
    assert talk.session.figures.errors == 0


def test_one_bad_frame_is_counted_and_three_in_a_row_end_it() -> None:
    talk = Talk()
    for _ in range(5):
        assert talk.session.receive(b"\xff{garbage", talk.now)
        assert talk.session.receive(b"", talk.now)
        assert [type(happening) for happening in talk.happened()] == [Unread, Unread]
        assert talk.session.ended == ""
        talk.get(type="pong", id="0")
    assert talk.session.figures.errors == 10
    for _ in range(3):
        talk.session.receive(b"[]", talk.now)
    assert "3 frames in a row could not be read" in talk.session.ended


def test_a_route_that_cannot_read_its_frames_counts_as_garbage() -> None:
    def cannot(frame: bytes, now: int) -> None:
        raise ValueError("no")

    talk = Talk()
    talk.session.subscribe([(TICKER, cannot)])
    ended = [talk.get(topic=TICKER.name, type="message", data={}) and bool(talk.session.ended) for _ in range(3)]
    assert ended == [False, False, True]


@pytest.mark.parametrize("code", [400, 403, 404, 406, 415, "404"])
def test_a_refused_topic_is_told_and_the_connection_lives(code: int | str) -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    (request,) = talk.said()
    talk.get(type="error", id=request["id"], code=code, data="topic is not found")
    assert talk.happened() == [Refusal(TICKER, str(code), "topic is not found")]
    assert talk.session.ended == ""
    talk.wait(60)
    assert "subscription" not in talk.session.ended, "its ack is not awaited any more"


def test_a_refused_request_of_many_is_repeated_one_by_one() -> None:
    talk = Talk()
    wanted = [topics.ticker(f"S{n}") for n in range(3)]
    talk.subscribe(*wanted)
    (request,) = talk.said()
    talk.get(type="error", id=request["id"], code=404, data="?")
    alone = talk.said()
    assert [message["topic"] for message in alone] == [topic.name for topic in wanted]
    talk.get(type="error", id=alone[1]["id"], code=404, data="?")
    talk.get(type="ack", id=alone[0]["id"])
    assert talk.happened() == [Refusal(wanted[1], "404", "?"), Acked((wanted[0],))]


def test_a_full_connection_says_that_another_may_take_it() -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    talk.get(type="error", id=talk.said()[0]["id"], code=509, data="exceed max subscription count")
    (refusal,) = talk.happened()
    assert refusal.full


@pytest.mark.parametrize("code", [401, 500])
def test_errors_that_a_new_connection_may_cure_end_it(code: int) -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    talk.get(type="error", id=talk.said()[0]["id"], code=code, data="token is invalid")
    assert "token" in talk.session.ended
    assert not talk.session.renewal


def test_a_refused_token_ends_it_also_out_of_the_blue() -> None:
    for code in (401, 400):
        talk = Talk()
        talk.get(type="error", code=code, data="token expired or ping timeout")
        assert str(code) in talk.session.ended or "token" in talk.session.ended


def test_strange_frames_are_counted_and_harm_nothing() -> None:
    talk = Talk()
    talk.get(type="notice", id="1", data="maintenance at noon")
    talk.get(type="error", id="1", code=999, data={"deep": ["er"]})
    talk.get(type="ack", id="nobody asked")
    talk.get(type="welcome", id="again")
    assert talk.session.figures.errors == 2
    assert talk.happened() == []
    assert talk.session.ended == ""


def test_the_ack_of_an_earlier_request_is_no_promise_for_a_later_one() -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    talk.session.unsubscribe([TICKER])
    talk.subscribe(TICKER)
    first, gone, second = (message["id"] for message in talk.said())
    talk.get(type="ack", id=first)
    assert talk.happened() == [Acked(())]
    talk.get(type="ack", id=gone)
    talk.get(type="ack", id=second)
    assert talk.happened() == [Acked((TICKER,))]


def test_what_was_unsubscribed_is_not_acked_and_not_heard() -> None:
    talk = Talk()
    talk.subscribe(TICKER)
    (asked,) = talk.said()
    talk.session.unsubscribe([TICKER])
    (ended,) = talk.said()
    assert ended["type"] == "unsubscribe"
    talk.get(type="ack", id=asked["id"])
    talk.get(type="ack", id=ended["id"])
    talk.get(topic=TICKER.name, type="message", data={})
    assert (talk.happened(), talk.heard) == ([Acked(())], [])


def test_it_never_sends_more_than_the_exchange_admits() -> None:
    talk = Talk()
    talk.subscribe(*(topics.candles(f"S{n}", "1min") for n in range(300)))
    sent: list[int] = [0]  # the first ping
    while len(sent) < 300:
        for message in talk.said():
            sent.append(talk.now)
            talk.get(type="pong" if message["type"] == "ping" else "ack", id=message["id"])
        due = talk.session.deadline(talk.now)
        assert due > talk.now, "it would be asked again and again"
        talk.wait((due - talk.now) / SECOND)
    assert max(sum(at <= other < at + 10 * SECOND for other in sent) for at in sent) <= 100


def test_a_day_old_connection_is_renewed() -> None:
    talk = Talk()
    while not talk.session.ended:
        talk.wait(18)
        for ping in talk.said():
            talk.get(type="pong", id=ping["id"])
    assert talk.session.renewal
    assert talk.now <= 24 * 3600 * SECOND


def test_the_token_is_never_shown() -> None:
    assert "secret-token" not in repr(TICKET)
    assert TICKET.url("a b") == "wss://feed/?token=secret-token&connectId=a+b"
    odd = Ticket(endpoint="wss://feed/?x=1", token="a&b", ping_interval=1, ping_timeout=1)
    assert odd.url("c") == "wss://feed/?x=1&token=a%26b&connectId=c"


frames = st.one_of(
    st.binary(max_size=40),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["welcome", "pong", "ack", "error", "message", "x"]) | st.integers() | st.none(),
            "id": st.sampled_from(["1", "2", "3", "4", 1, 2, None, [], "x" * 500]),
            "code": st.sampled_from([400, 401, 404, 500, 509, "x", None, 1.5]),
            "topic": st.sampled_from([TICKER.name, "", "/x", 7, None]),
            "data": st.none() | st.text(max_size=5) | st.integers() | st.dictionaries(st.text(max_size=3), st.none()),
        },
    ).map(lambda frame: json.dumps(frame).encode()),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(frames, st.floats(0, 12)), max_size=40))
def test_whatever_comes_it_never_fails_and_always_knows_when_to_look_again(received: list[tuple[bytes, float]]) -> None:
    talk = Talk(welcomed=False)
    talk.subscribe(TICKER, topics.level2("XBTUSDTM"))
    for frame, seconds in received:
        if talk.session.receive(frame, talk.now):
            assert len(talk.happened()) <= 3
        talk.said()
        talk.wait(seconds)
        talk.said()
        if talk.session.ended:
            break
        assert talk.now < talk.session.deadline(talk.now) < NEVER
    assert not talk.session.happenings
