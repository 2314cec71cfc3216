"""The real library against real sockets: a webhook that takes it, a mail server that never answers, nonsense."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from radtui.core.alert_view import Severity
from radtui.health.channels.by_apprise import AppriseCarrier
from radtui.health.channels.channel import Channel, Undelivered
from radtui.health.channels.message import Message
from radtui.resilience.backoff import Backoff
from tests.health.channels.test_channel import SOON, until

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""The library imports it where it is there."""

MARKER = "hunter2MarkerSecret"
MESSAGE = Message(title="radtui alpha: ALARM", body="no stop", severity=Severity.ALARM)


class Hook(BaseHTTPRequestHandler):
    """Takes what is posted."""

    taken: list[dict[str, str]]
    status = 200

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(json.loads(raw))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hook() -> Iterator[tuple[str, type[Hook]]]:
    kind = type("Taking", (Hook,), {"taken": []})
    server = HTTPServer(("127.0.0.1", 0), kind)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://127.0.0.1:{server.server_port}/{MARKER}", kind
    server.shutdown()
    server.server_close()
    thread.join(SOON)


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_webhook_gets_title_body_and_severity(hook: tuple[str, type[Hook]]) -> None:
    AppriseCarrier(hook[0]).carry(MESSAGE)
    [taken] = hook[1].taken
    assert (taken["title"], taken["message"], taken["type"]) == ("radtui alpha: ALARM", "no stop", "failure")


def test_a_refusal_is_told_without_the_secret(hook: tuple[str, type[Hook]], caplog: pytest.LogCaptureFixture) -> None:
    hook[1].status = 403
    with caplog.at_level(logging.DEBUG), pytest.raises(Undelivered) as refused:
        AppriseCarrier(hook[0]).carry(MESSAGE)
    assert "403" in str(refused.value)
    assert MARKER not in f"{refused.value}{caplog.text}"


@pytest.mark.parametrize("url", ["nonsense", "nosuch://x", f"mailto://bob:{MARKER}@127.0.0.1"])
def test_an_address_that_is_none_is_told_by_its_kind_alone(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(Undelivered, match="is none that apprise understands") as refused,
    ):
        AppriseCarrier(url).carry(MESSAGE)
    assert MARKER[:8] not in f"{refused.value}{caplog.text}{capfd.readouterr()}"


def test_a_mail_server_that_never_answers_is_dead_after_the_limit_and_nobody_waited(mute: int) -> None:
    url = f"mailto://bob:{MARKER}@example.org:{mute}?smtp=127.0.0.1&from=bob@example.org&to=x@example.org"
    way = Channel("mail", AppriseCarrier(url), within=0.3, backoff=Backoff(base=60.0, maximum=60.0))
    way.open()
    way.send(MESSAGE)
    until(lambda: way.view().state == "dead")
    assert way.view().why == "no answer within 0.3 s"
    assert way.view().kind == "mailto"
    assert MARKER not in str(way.view())
    way.close(0.1)


def test_a_host_that_refuses_is_named_and_its_token_is_not(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with caplog.at_level(logging.DEBUG), pytest.raises(Undelivered, match=r"127\.0\.0\.1") as refused:
        AppriseCarrier(f"json://127.0.0.1:{port}/{MARKER}").carry(MESSAGE)
    assert MARKER not in f"{refused.value}{caplog.text}"


def test_what_the_library_says_in_its_log_is_told_without_the_secret() -> None:
    class Talkative:
        def notify(self, **_: object) -> bool:
            logging.getLogger("apprise").warning("could not post to /%s/x", MARKER)
            return False

    carrier = AppriseCarrier(f"json://hooks.example.org/{MARKER}")
    carrier._sender = Talkative()
    with pytest.raises(Undelivered) as refused:
        carrier.carry(MESSAGE)
    assert str(refused.value) == "could not post to /••••/x"
    with pytest.raises(Undelivered, match="could not post"):
        carrier.carry(MESSAGE)
