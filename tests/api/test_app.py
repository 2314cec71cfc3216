"""Bad input is answered, never a 500; and the schema says what is answered."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.api.errors import LARGEST
from tests.api.callers import Caller, Scripted

ROUTES = [
    "start",
    "stop",
    "pause",
    "resume",
    "reset-metrics",
    "shutdown",
    "emergency-stop",
    "preview",
    "reset-breakers",
]


def test_an_unknown_route_and_method_are_refused_in_words(caller: Caller) -> None:
    for reply in (caller.get("/api/nowhere"), caller.ask("PUT", "/api/status")):
        assert reply.status in {404, 405}
        assert set(reply.body) == {"error", "message", "todo"}
        assert "/openapi.json" in reply.body["todo"]


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("stop", b'{"why": 7}'),
        ("stop", b'{"typo": "x"}'),
        ("stop", b'{"who": "a b"}'),
        ("stop", b"not json"),
        ("stop", b"[]"),
        ("stop", b'{"why": "' + b"x" * 201 + b'"}'),
        ("shutdown", b'{"exits": "maybe"}'),
        ("emergency-stop", b'{"foreign": "perhaps"}'),
        ("stop?wait=-1", b"{}"),
        ("stop?wait=601", b"{}"),
        ("stop?wait=nan", b"{}"),
    ],
)
def test_bad_input_is_refused_and_tells_the_engine_nothing(
    caller: Caller, scripted: Scripted, target: str, body: bytes
) -> None:
    reply = caller.ask("POST", f"/api/bot/{target}", body)
    assert (reply.status, reply.body["error"]) == (422, "invalid")
    assert "maybe" not in reply.body["message"]
    assert not scripted.heard


def test_a_body_that_is_too_large_is_not_read_to_its_end(caller: Caller, scripted: Scripted) -> None:
    reply = caller.ask("POST", "/api/bot/stop", b'{"why": "' + b"x" * LARGEST + b'"}')
    assert reply.status == 413
    assert reply.body["error"]
    assert not scripted.heard


def test_a_fault_of_ours_is_a_500_that_says_the_engine_flies_on(caller: Caller, scripted: Scripted) -> None:
    scripted.seen = None  # type: ignore[assignment]
    assert caller.get("/api/status").body == {
        "error": "internal",
        "message": "the engine flies on; this answer could not be made",
        "todo": "",
    }


def test_after_an_error_the_next_request_is_served(caller: Caller) -> None:
    caller.ask("POST", "/api/bot/stop", b"{")
    assert caller.get("/api/status").status == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(route=st.sampled_from(ROUTES), body=st.binary(max_size=60), key=st.text("abc\x7f é", max_size=5))
def test_whatever_is_sent_the_answer_is_declared(caller: Caller, route: str, body: bytes, key: str) -> None:
    headers = {"Idempotency_Key": key} if key.strip() and key.isascii() else {}
    reply = caller.ask("POST", f"/api/bot/{route}?wait=0", body, **headers)
    assert reply.status in {202, 409, 422}


def test_the_schema_declares_every_answer(caller: Caller) -> None:
    schema = caller.get("/openapi.json").body
    for route in ROUTES:
        answers = schema["paths"][f"/api/bot/{route}"]["post"]["responses"]
        assert {"200", "202", "400", "409", "422", "503"} <= set(answers)
    names = schema["components"]["schemas"]
    assert {"Answer", "Overview", "Receipt", "Refusal", "PositionView"} <= set(names)
    assert _references(schema) <= {f"#/components/schemas/{name}" for name in names}


def _references(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()
