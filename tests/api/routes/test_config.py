"""The settings over the API: shown, compared, changed, taken back; nothing that was typed wrong goes any further."""

from __future__ import annotations

import json

import msgspec
import pytest

from radtui.core.configuration_view import Change, ConfigurationView, SettingView
from radtui.core.instruction import Ask
from tests.api.callers import Caller, Scripted

CHANGE = Change(key="risk.max_positions", before="4", after="2", where="x.toml line 2", live=True)
SEEN = ConfigurationView(
    revision=1,
    changed_at=5,
    who="cli:lena",
    changes=(CHANGE,),
    undo=(CHANGE,),
    file="x.toml",
    settings=(
        SettingView(key="bot.name", value="alpha", where="x.toml line 1", live=False),
        SettingView(key="risk.max_positions", value="4", where="default", live=True),
        SettingView(key="alerts.muted", value="", where="default", live=True),
        SettingView(key="log.level", value="info", where="default", live=True),
        SettingView(key="kucoin.secret", value="••••", where="environment", live=False),
    ),
)


@pytest.fixture
def settled(scripted: Scripted) -> Scripted:
    scripted.seen = msgspec.structs.replace(scripted.seen, configuration=SEEN)
    return scripted


def test_what_is_in_force(caller: Caller, settled: Scripted) -> None:
    body = caller.get("/api/config").body
    assert (body["file"], body["revision"], len(body["settings"])) == ("x.toml", 1, 5)
    assert body["settings"][4]["value"] == "••••"
    short = caller.get("/api/config/summary").body
    assert (short["settings"], short["set_by_you"], short["live"], short["can_roll_back"]) == (5, 2, 3, True)
    assert short["values"] == {"bot.name": "alpha", "risk.max_positions": "4"}


@pytest.mark.parametrize("route", ["/api/config/diff", "/api/bot/validate-config"])
def test_what_would_change(caller: Caller, settled: Scripted, route: str) -> None:
    settled.done(ask=Ask.CHECK_CONFIG, message="would change", changes=(CHANGE,))
    body = caller.get(route).body
    assert body["receipt"]["changes"] == [msgspec.to_builtins(CHANGE)]
    assert [each.ask for each in settled.heard] == [Ask.CHECK_CONFIG]


def test_reload_and_rollback_say_who_and_why(caller: Caller, settled: Scripted) -> None:
    settled.done("i1", ask=Ask.RELOAD_CONFIG)
    settled.done("i2", ask=Ask.ROLLBACK_CONFIG, success=False, refused=True, message="nothing to roll back")
    assert caller.post("/api/config/reload", {"why": "less risk"}).status == 200
    assert caller.post("/api/config/rollback").status == 400
    reload, rollback = settled.heard
    assert (reload.ask, reload.why, reload.subject) == (Ask.RELOAD_CONFIG, "less risk", "")
    assert reload.who.startswith("cli:")
    assert rollback.ask is Ask.ROLLBACK_CONFIG


def test_values_are_told_as_texts(caller: Caller, settled: Scripted) -> None:
    settled.done(ask=Ask.CHANGE_CONFIG)
    values = {"risk.max_positions": 2, "alerts.muted": ["error", "journal"], "log.level": None}
    assert caller.ask("PATCH", "/api/config", json.dumps({"values": values}).encode()).status == 200
    told = json.loads(settled.heard[0].subject)
    assert told == {"risk.max_positions": "2", "alerts.muted": "error,journal", "log.level": None}


@pytest.mark.parametrize(("value", "text"), [(0.1, "0.1"), (True, "true"), ("0.25", "0.25"), (1e3, "1000")])
def test_numbers_stay_exact(caller: Caller, settled: Scripted, value: object, text: str) -> None:
    settled.done(ask=Ask.CHECK_CONFIG)
    assert caller.post("/api/config/validate", {"values": {"risk.max_positions": value}}).status == 200
    assert float(json.loads(settled.heard[0].subject)["risk.max_positions"]) == float(text) if text != "true" else True


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"risk.max_position": "marker-5ecret"}, 422),
        ({"kucoin.secret": "marker-5ecret"}, 409),
        ({"bot.name": "x"}, 409),
        ({"risk.max_positions": {"a": 1}}, 422),
        ({"risk max": 1}, 422),
        ({}, 422),
        ({"risk.max_positions": "x" * 501}, 422),
    ],
)
def test_what_cannot_be_changed_is_refused_before_anything_is_told(
    caller: Caller, settled: Scripted, values: dict[str, object], status: int
) -> None:
    reply = caller.ask("PATCH", "/api/config", json.dumps({"values": values}).encode())
    assert reply.status == status
    assert settled.heard == []
    assert "marker-5ecret" not in json.dumps(reply.body)


def test_an_engine_without_sources_cannot_be_changed(caller: Caller, scripted: Scripted) -> None:
    reply = caller.ask("PATCH", "/api/config", b'{"values": {"risk.max_positions": 2}}')
    assert (reply.status, reply.body["todo"]) == (409, "restart it instead")
    assert caller.get("/api/config").body["settings"] == []


def test_the_same_change_under_the_same_key_is_told_once(caller: Caller, settled: Scripted) -> None:
    settled.done(ask=Ask.CHANGE_CONFIG)
    body = b'{"values": {"risk.max_positions": 2}}'
    for _ in range(3):
        assert caller.ask("PATCH", "/api/config", body, Idempotency_Key="k").status == 200
    assert len(settled.heard) == 1
    other = caller.ask("PATCH", "/api/config", b'{"values": {"risk.max_positions": 3}}', Idempotency_Key="k")
    assert other.status == 409
