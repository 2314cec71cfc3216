"""The settings over the API: shown, compared, changed, taken back; nothing that was typed wrong goes any further."""

from __future__ import annotations

import json

import msgspec
import pytest

from radtui.core.configuration_view import Change, ConfigurationView, SettingView
from radtui.core.instruction import Ask
from radtui.core.portfolio_view import PortfolioView, WeightView
from tests.api.callers import Caller, Reply, Scripted

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


PARAMETERS = (
    SettingView(key="strategies.ema_cross.fast", value="12", where="default", live=True),
    SettingView(key="strategies.ema_cross.slow", value="26", where="default", live=True),
    SettingView(key="portfolio.strategies", value="", where="default", live=True),
    SettingView(key="risk.min_confidence", value="0.6", where="default", live=True),
)
WEIGHTS = (WeightView("ema_cross", 0.45, 0.6), WeightView("rsi", 0.35, 0.5))


@pytest.fixture
def combining(scripted: Scripted) -> Scripted:
    scripted.seen = msgspec.structs.replace(
        scripted.seen,
        configuration=ConfigurationView(settings=PARAMETERS),
        status=msgspec.structs.replace(scripted.seen.status, strategy="portfolio"),
        portfolio=PortfolioView(strategies=WEIGHTS),
    )
    return scripted


def put(caller: Caller, route: str, body: object) -> Reply:
    return caller.ask("PUT", f"/api/config/{route}", json.dumps(body).encode())


def test_what_strategies_are_told_and_how_much_they_count(caller: Caller, combining: Scripted) -> None:
    told = caller.get("/api/config/strategy/ema_cross").body
    assert [each["key"] for each in told["parameters"]] == [each.key for each in PARAMETERS[:2]]
    assert caller.get("/api/config/strategy/nix").status == 404
    counted = caller.get("/api/config/strategies").body
    assert (counted["combined"], counted["enabled_strategies"]) == (True, 2)
    assert counted["strategy_weights"][0] == {
        "strategy_name": "ema_cross", "weight": 0.45, "min_confidence": 0.6, "enabled": True,
    }  # fmt: skip
    odds = caller.get("/api/config/probability").body
    assert (odds["min_signal_confidence"], odds["weights"]) == ("0.6", {"ema_cross": 0.45, "rsi": 0.35})


def test_a_strategy_is_told_something_else(caller: Caller, combining: Scripted) -> None:
    combining.done(ask=Ask.CHANGE_CONFIG)
    body = {"values": {"fast": 10, "slow": None}, "why": "calmer"}
    reply = caller.ask("PATCH", "/api/config/strategy/ema_cross", json.dumps(body).encode())
    (heard,) = combining.heard
    assert (reply.status, heard.ask, heard.why) == (200, Ask.CHANGE_CONFIG, "calmer")
    assert json.loads(heard.subject) == {"strategies.ema_cross.fast": "10", "strategies.ema_cross.slow": None}
    for name, values, status in (("ema_cross", {"nix": 1}, 422), ("nix", {"fast": 1}, 404), ("ema_cross", {}, 422)):
        wrong = json.dumps({"values": values}).encode()
        assert caller.ask("PATCH", f"/api/config/strategy/{name}", wrong).status == status
    assert len(combining.heard) == 1


def test_a_weight_is_changed_and_the_others_stay(caller: Caller, combining: Scripted) -> None:
    combining.done("i1", ask=Ask.CHANGE_CONFIG)
    combining.done("i2", ask=Ask.CHANGE_CONFIG)
    assert put(caller, "strategy/rsi/weight", {"weight": 0.0005}).status == 200
    assert put(caller, "strategy/rsi/weight", {"weight": 1, "min_confidence": 0}).status == 200
    told = [json.loads(each.subject)["portfolio.strategies"] for each in combining.heard]
    assert told == ["ema_cross=0.45@0.6,rsi=0.0005@0.5", "ema_cross=0.45@0.6,rsi=1@0"]
    assert put(caller, "strategy/nix/weight", {"weight": 0.5}).status == 404
    for wrong in ({"weight": 0}, {"weight": 1.1}, {"weight": "1"}, {}, {"weight": 1, "min_confidence": 2}):
        assert put(caller, "strategy/rsi/weight", wrong).status == 422
    assert len(combining.heard) == 2


def test_the_confidence_that_an_entry_needs_is_changed(caller: Caller, combining: Scripted) -> None:
    combining.done(ask=Ask.CHANGE_CONFIG)
    assert put(caller, "probability", {"min_signal_confidence": 0.65}).status == 200
    assert json.loads(combining.heard[0].subject) == {"risk.min_confidence": "0.65"}
    for wrong in ({"min_signal_confidence": 1.5}, {"min_signal_confidence": "x"}, {}):
        assert put(caller, "probability", wrong).status == 422
    assert len(combining.heard) == 1


def test_one_strategy_alone_has_no_weight(caller: Caller, settled: Scripted) -> None:
    reply = put(caller, "strategy/ema_cross/weight", {"weight": 0.5})
    assert (reply.status, "bot.strategy = portfolio" in reply.body["todo"]) == (409, True)
    assert settled.heard == []
