"""Alerts over REST: listed, acknowledged by whoever asks, and the channels tried."""

from __future__ import annotations

import msgspec
import pytest

from radtui.core.alert_view import AlertsView, AlertView, ChannelView, Phase, Severity
from radtui.core.instruction import Ask
from tests.api.callers import Caller, Scripted

ALERT = AlertView(
    id="12", rule="position-bare", subject="XBTUSDTM", severity=Severity.ALARM, text="no stop", todo="look", since=1,
    fired_at=1,
)  # fmt: skip
OVER = msgspec.structs.replace(ALERT, id="11", phase=Phase.RESOLVED, resolved_at=2)
DEAD = ChannelView(name="mail", kind="mailto", state="dead", why="no answer within 10 s", since=1, waiting=3)


@pytest.fixture(autouse=True)
def alarmed(scripted: Scripted) -> None:
    seen = msgspec.structs.replace(ALERT, id="13", phase=Phase.ACKNOWLEDGED, by="key:bob")
    alerts = AlertsView(open=(ALERT, seen), channels=(DEAD,))
    scripted.seen = msgspec.structs.replace(scripted.seen, alerts=alerts, alert_history=(OVER,))


def test_they_are_listed_with_their_history_and_the_channels(caller: Caller) -> None:
    body = caller.get("/api/alerts").body
    assert (body["bot"], body["firing"], [each["id"] for each in body["open"]]) == ("scripted", 1, ["12", "13"])
    assert [(each["id"], each["resolved_at"]) for each in body["history"]] == [("11", 2)]
    assert body["channels"][0]["why"] == "no answer within 10 s"
    assert body["quiet_until"] is None


def test_one_is_acknowledged(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.ACKNOWLEDGE, message="acknowledged: 12")
    reply = caller.post("/api/alerts/12/ack", {"why": "on it"})
    assert (reply.status, reply.body["message"]) == (200, "acknowledged: 12")
    assert [(each.ask, each.subject, each.why) for each in scripted.heard] == [(Ask.ACKNOWLEDGE, "12", "on it")]


def test_all_are_acknowledged_without_a_body(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.ACKNOWLEDGE)
    assert caller.post("/api/alerts/ack").status == 200
    assert [(each.ask, each.subject) for each in scripted.heard] == [(Ask.ACKNOWLEDGE, "")]


@pytest.mark.parametrize(("target", "status"), [("11", 404), ("99", 404), ("x", 422), ("9" * 50, 422)])
def test_one_that_is_not_open_is_refused(caller: Caller, scripted: Scripted, target: str, status: int) -> None:
    assert caller.post(f"/api/alerts/{target}/ack").status == status
    assert scripted.heard == []


def test_the_channels_are_tried(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.TEST_ALERTS, success=False, message="mail is dead: no answer within 10 s")
    reply = caller.post("/api/alerts/test", {"channel": "mail"})
    assert (reply.status, reply.body["success"]) == (200, False)
    assert [(each.ask, each.subject) for each in scripted.heard] == [(Ask.TEST_ALERTS, "mail")]


def test_a_key_makes_it_one_instruction_however_often_it_is_sent(caller: Caller, scripted: Scripted) -> None:
    scripted.done(ask=Ask.ACKNOWLEDGE)
    for _ in range(3):
        assert caller.post("/api/alerts/12/ack", Idempotency_Key="k1").status == 200
    assert len(scripted.heard) == 1


def test_all_of_it_is_described(caller: Caller) -> None:
    paths = caller.get("/openapi.json").body["paths"]
    assert {path for path in paths if "alerts" in path} == {
        "/api/alerts",
        "/api/alerts/ack",
        "/api/alerts/test",
        "/api/alerts/{alert_id}/ack",
    }


def test_a_real_engine_answers(engine: Caller) -> None:
    assert engine.get("/api/alerts").body["open"] == []
    told = engine.post("/api/alerts/ack").body
    assert (told["success"], told["message"]) == (True, "nothing fires that nobody has seen")
    assert engine.post("/api/alerts/test").body["success"] is False
