"""Strangers, wrong tokens, tokens that may only look, web pages and tokens in addresses: kept out, and harmless."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from radtui.api.access import READS
from radtui.api.errors import LARGEST
from radtui.api.keyring import WRONG_AT_MOST, Keyring
from radtui.core.instruction import Ask
from tests.api.callers import Caller, Scripted
from tests.api.outside import LEADS, LOOKS, TcpCaller, opened

PAGE = "https://desk.example"


@pytest.fixture
def port(scripted: Scripted, tmp_path: Path) -> Iterator[int]:
    door = opened(scripted, tmp_path / "a.sock", origins=(PAGE,), names=("bot.example",))
    assert door.port is not None
    yield door.port
    door.close()


def test_a_token_leads_and_the_journal_hears_whose_it_is(port: int, scripted: Scripted) -> None:
    assert TcpCaller(port).post("/api/bot/pause?wait=0", {"why": "lunch"}).status == 202
    heard = scripted.heard[0]
    assert (heard.ask, heard.who, heard.why) == (Ask.PAUSE, "api:alice", "lunch")


def test_a_token_that_may_look_may_not_lead(port: int, scripted: Scripted) -> None:
    caller = TcpCaller(port, LOOKS)
    assert caller.get("/api/status").status == 200
    for method, target in [("POST", "/api/bot/stop"), ("DELETE", "/api/orders/x"), ("PUT", "/api/status")]:
        assert caller.ask(method, target).status == 403
    assert all(caller.post(path, {}).status != 403 for path in READS - {"/api/config/validate"})
    assert not scripted.heard
    assert caller.post("/api/config/validate?wait=0", {}).status == 202


@pytest.mark.parametrize("token", [None, "", "x", LEADS[:-1], LEADS + "a", LEADS.upper(), f"{LEADS} {LEADS}", "é"])
def test_no_token_and_a_wrong_one_are_the_same(port: int, scripted: Scripted, token: str | None) -> None:
    caller = TcpCaller(port, None)
    named = {} if token is None else {"Authorization": f"Bearer {token}"}
    for reply in (caller.get("/api/status", **named), caller.post("/api/bot/stop", **named), caller.get("/x", **named)):
        assert (reply.status, reply.body["error"]) == (401, "unauthorized")
        assert not token or token not in str(reply.body)
    assert caller.headers["WWW-Authenticate"].startswith("Bearer")
    assert not scripted.heard


def test_another_kind_of_credentials_is_no_token(port: int) -> None:
    assert TcpCaller(port, None).get("/api/status", Authorization=f"Basic {LEADS}").status == 401
    assert TcpCaller(port, None).get("/api/status", Authorization=LEADS).status == 401
    assert TcpCaller(port, None).get("/api/status", Authorization=f"bearer {LEADS}").status == 200


def test_who_is_wrong_too_often_waits_and_who_is_right_does_not(port: int) -> None:
    wrong = TcpCaller(port, "nonsense")
    with capture_logs() as lines:
        statuses = [wrong.get("/api/status").status for _ in range(WRONG_AT_MOST + 5)]
    assert statuses == [401] * WRONG_AT_MOST + [429] * 5
    assert 1 <= int(wrong.headers["Retry-After"]) <= 60
    assert TcpCaller(port).post("/api/bot/emergency-stop?wait=0").status == 202
    assert len([line for line in lines if line["event"] == "refused"]) <= WRONG_AT_MOST + 1
    assert "nonsense" not in str(lines)


@pytest.mark.parametrize("query", [f"?token={LEADS}", f"?x={LEADS}", f"?a=1&b={LOOKS}", "?ACCESS_TOKEN=", "?api_key=1"])
def test_a_token_in_the_address_is_refused_even_beside_a_right_one(port: int, query: str) -> None:
    for caller in (TcpCaller(port), TcpCaller(port, None)):
        reply = caller.get(f"/api/status{query}")
        assert (reply.status, reply.body["error"]) == (400, "bad request")
        assert LEADS not in str(reply.body)


def test_the_page_that_is_configured_may_ask_and_no_other(port: int) -> None:
    caller = TcpCaller(port)
    assert caller.get("/api/status", Origin=PAGE).status == 200
    assert caller.headers["access-control-allow-origin"] == PAGE
    assert caller.get("/api/status", Origin="https://evil.example").status == 403
    assert "access-control-allow-origin" not in caller.headers
    assert caller.get("/api/status", Origin="null").status == 403
    ahead = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    assert _preflight(port, PAGE, ahead) == 200
    assert _preflight(port, "https://evil.example", ahead) == 400


def _preflight(port: int, origin: str, ahead: dict[str, str]) -> int:
    from http.client import HTTPConnection

    line = HTTPConnection("127.0.0.1", port, timeout=5)
    line.request(
        "OPTIONS", "/api/bot/stop", headers={k.replace("_", "-"): v for k, v in ahead.items()} | {"Origin": origin}
    )
    status = line.getresponse().status
    line.close()
    return status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost:8001", 200), ("127.0.0.1", 200), ("[::1]:8001", 200), ("192.0.2.7:1", 200), ("bot.example", 200),
        ("BOT.example:8001", 200), ("evil.example", 403), ("bot.example.evil.example", 403), ("[", 403), ("", 403),
    ],
)  # fmt: skip
def test_a_name_that_a_page_made_point_here_is_refused(port: int, host: str, status: int) -> None:
    assert TcpCaller(port).get("/api/status", Host=host).status == status


def test_the_control_socket_answers_no_page(caller: Caller, scripted: Scripted) -> None:
    assert caller.post("/api/bot/stop", Origin="http://localhost").status == 403
    assert caller.post("/api/bot/stop", Sec_Fetch_Site="cross-site").status == 403
    assert caller.post("/api/bot/stop?token=x").status == 400
    assert caller.post("/api/bot/stop?wait=0", Sec_Fetch_Site="none").status == 202
    assert len(scripted.heard) == 1


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "application/jsonx"])
def test_bodies_are_json(port: int, caller: Caller, scripted: Scripted, kind: str) -> None:
    for each in (TcpCaller(port), caller):
        assert each.ask("POST", "/api/bot/stop?wait=0", b"{}", Content_Type=kind).status == 415
    assert not scripted.heard
    assert (
        caller.ask("POST", "/api/bot/stop?wait=0", b"{}", Content_Type="application/json; charset=utf-8").status == 202
    )


def test_a_hundred_megabytes_are_refused_by_their_announcement(port: int, scripted: Scripted) -> None:
    with TcpCaller(port).line() as line:
        line.sendall(
            f"POST /api/bot/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LEADS}\r\n"
            "Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n".encode()
        )
        assert line.recv(12) == b"HTTP/1.1 413"
    assert not scripted.heard


def test_a_hundred_megabytes_that_were_not_announced_are_not_read(port: int, scripted: Scripted) -> None:
    sent, chunk = 0, b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with TcpCaller(port).line() as line:
        line.sendall(
            f"POST /api/bot/stop HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {LEADS}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        )
        try:
            for _ in range(1600):
                line.sendall(chunk)
                sent += len(chunk)
        except OSError:
            pass
    assert sent < 50 * LARGEST or not scripted.heard
    assert not scripted.heard
    assert TcpCaller(port).get("/api/status").status == 200


def test_a_million_headers_are_not_kept(port: int) -> None:
    with TcpCaller(port).line() as line:
        line.sendall(b"GET /api/status HTTP/1.1\r\nHost: localhost\r\n")
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            line.sendall(b"".join(b"X-%d: y\r\n" % each for each in range(1_000_000)))
    assert TcpCaller(port).get("/api/status").status == 200


def test_nobody_listens_without_a_token() -> None:
    from radtui.api.keyring import Keyring
    from radtui.api.outside import Outside

    with pytest.raises(ValueError, match="without a token"):
        Outside(host="127.0.0.1", port=0, keyring=Keyring(()))


@pytest.mark.parametrize("token", [LEADS, "nonsense"])
def test_a_request_with_two_ends_is_refused_and_what_follows_it_is_not_read(
    port: int, scripted: Scripted, token: str
) -> None:
    with TcpCaller(port).line() as line:
        line.sendall(
            f"POST /api/bot/pause?wait=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            f"POST /api/bot/stop?wait=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
        )
        said = _rest(line)
    assert said.startswith(b"HTTP/1.1 400")
    assert said.count(b"HTTP/1.1") == 1
    assert not scripted.heard


def _rest(line: socket.socket) -> bytes:
    said = b""
    while more := line.recv(4096):
        said += more
    return said


def test_the_same_idempotency_key_of_two_tokens_is_two_instructions(scripted: Scripted, tmp_path: Path) -> None:
    others = [("alice", "control", LEADS), ("bob", "control", "bobs" * 8)]
    door = opened(scripted, tmp_path / "b.sock", keyring=Keyring(others))
    try:
        callers = [TcpCaller(door.port or 0, token) for _, _, token in others for _ in range(2)]
        told = [each.post("/api/bot/pause?wait=0", Idempotency_Key="1").body["id"] for each in callers]
    finally:
        door.close()
    assert told[0] == told[1] != told[2] == told[3]
    assert [each.who for each in scripted.heard] == ["api:alice", "api:bob"]
