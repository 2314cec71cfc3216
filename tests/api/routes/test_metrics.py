"""The page for Prometheus over the door: text, from the latest picture, without asking the engine."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPResponse

from radtui.api.socket import connect
from tests.api.callers import DEADLINE, Caller, Scripted


def scraped(caller: Caller, accept: str = "") -> tuple[HTTPResponse, bytes]:
    line = HTTPConnection("localhost")
    line.sock = connect(caller.path, DEADLINE)
    try:
        line.request("GET", "/metrics", headers={"Accept": accept} if accept else {})
        answer = line.getresponse()
        return answer, answer.read()
    finally:
        line.close()


def test_it_is_text_whatever_the_header_says(caller: Caller, scripted: Scripted) -> None:
    for accept in ("", "*/*", "application/openmetrics-text;version=1.0.0", "application/openmetrics-text;version=x"):
        answer, body = scraped(caller, accept)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        assert b'radtui_bot_info{bot="scripted"' in body
    assert scripted.heard == []


def test_a_flying_engine_is_scraped(engine: Caller) -> None:
    _, body = scraped(engine)
    assert b'radtui_worker_healthy{bot="t",worker="main loop"} 1.0' in body
    assert b'radtui_order_seconds_bucket{bot="t",le="+Inf",purpose="entry",stage="sending"}' in body
