"""The cockpit in a browser: the same as on a terminal, and for nobody without the token."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from chromium import CHROMIUM, Browser
from flights import Fly
from orphans import children, inherit
from programs import DEADLINE, QUICK, RADTUI, environment
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

pytest.importorskip("textual_serve", reason="needs the extra: browser")


class Heard(NamedTuple):
    """An answer."""

    status: int
    cookie: str
    body: bytes


class Served:
    """``radtui serve``, and a small client of its own."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [*RADTUI, "serve", "--port", "0"], env=environment(home), cwd=home, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.place = urlsplit(self.address).netloc
        self.token = urlsplit(self.address).fragment
        self.origin = f"http://{self.place}"

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Heard:
        with closing(HTTPConnection(self.place, timeout=DEADLINE)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return Heard(answer.status, answer.getheader("Set-Cookie") or "", answer.read())

    def enter(self, token: str) -> Heard:
        return self.ask("POST", "/enter", token, Origin=self.origin)

    def cookie(self) -> str:
        return self.enter(self.token).cookie.partition(";")[0]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def served(tmp_path: Path, fly: Fly) -> Iterator[Served]:
    flight = fly(*QUICK)
    flight.facts.until(lambda facts: facts.holdings(), "it holds something")
    inherit()
    made = Served(tmp_path)
    yield made
    made.close()


def test_a_browser_shows_the_cockpit_and_takes_keys(served: Served, tmp_path: Path, fly: Fly) -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with Browser(tmp_path, CHROMIUM) as browser:
        browser.go(served.address)
        browser.until(lambda: "● RUNNING" in browser.shows() and "▲ long" in browser.shows(), "the cockpit")
        assert browser.evaluate("location.href") == f"{served.origin}/"
        assert "radtui live" in browser.shows()
        [visitor] = children(served.process.pid)
        browser.click(600, 25)
        browser.type("?")
        browser.until(lambda: "─ Help" in browser.shows(), "help")
        browser.go("about:blank")
        browser.until(lambda: not children(served.process.pid), "the visitor's cockpit ends")
        assert not Path(f"/proc/{visitor}").exists()
        assert {urlsplit(each).netloc for each in browser.answered if each.startswith("http")} == {served.place}
        assert served.token not in "".join(browser.answered)
        browser.go(served.origin)  # the cookie is kept: no token any more
        browser.until(lambda: children(served.process.pid), "another cockpit")
    served.process.send_signal(signal.SIGTERM)
    said, complained = served.process.communicate(timeout=DEADLINE)
    assert (served.process.returncode, said, complained) == (143, "", "")


def test_nobody_enters_without_the_token(served: Served) -> None:
    page = served.ask("GET", "/")
    assert (page.status, b"Entering" in page.body) == (200, True)
    assert served.ask("GET", f"/?token={served.token}").cookie == ""
    for path in ("/static/js/textual.js", "/ws", "/download/x", "/nothing"):
        assert served.ask("GET", path).status == 401
    for origin in (None, served.origin):
        with pytest.raises(InvalidStatus, match="401"):
            connect(f"ws://{served.place}/ws", origin=origin)  # type: ignore[arg-type]  # its own kind of text
    assert served.enter("x" * 43).status == 403
    assert served.enter("x" * 100_000).status == 403
    entered = served.enter(served.token)
    assert entered.status == 204
    assert "HttpOnly" in entered.cookie
    assert "SameSite=Strict" in entered.cookie
    assert served.token not in entered.cookie
    assert b"data-session-websocket-url" in served.ask("GET", "/", Cookie=served.cookie()).body
    assert children(served.process.pid) == []


def test_another_page_of_the_browser_gets_nowhere(served: Served) -> None:
    cookie = served.cookie()
    assert served.ask("GET", "/", Cookie=cookie, Host=f"evil.example:{served.place}").status in {400, 403}
    assert served.ask("GET", "/", Cookie=cookie, Host="evil.example").status == 403
    assert served.ask("GET", "/ws", Cookie=cookie, Origin="http://evil.example").status == 403
    assert served.ask("POST", "/enter", served.token, Origin="http://127.0.0.1:1").status == 403
    assert served.ask("POST", "/enter", served.token).status == 403
    with pytest.raises(InvalidStatus, match="403"):
        connect(f"ws://{served.place}/ws", additional_headers={"Cookie": cookie})
    assert children(served.process.pid) == []


def test_guessing_is_told_so_and_keeps_the_right_token_from_nothing(served: Served) -> None:
    assert [served.enter(f"guess {number}").status for number in range(12)] == [403] * 9 + [429] * 3
    assert served.enter(served.token).status == 204


def test_what_no_terminal_says_does_no_harm_and_the_cockpit_goes_with_its_line(served: Served) -> None:
    cookie = served.cookie()
    headers = {"Cookie": cookie, "Origin": served.origin}
    with connect(f"ws://{served.place}/ws?width=9999999&height=x", additional_headers=headers) as line:
        for said in ("[", "[]", "3", '["stdin", 3]', '["resize", {"width": -1}]', '["resize", 7]', '["ping"]', "[[]]"):
            line.send(said)
        line.send(b"\xff" * 10)
        line.send('["ping", "7"]')
        told: set[str] = set()
        while '["pong", "7"]' not in told:
            told |= {said for said in [line.recv(timeout=DEADLINE)] if isinstance(said, str)}
        [visitor] = children(served.process.pid)
        os.kill(visitor, signal.SIGSTOP)  # one that hangs is killed: it owns no engine
    deadline = time.monotonic() + DEADLINE
    while Path(f"/proc/{visitor}").exists():
        assert time.monotonic() < deadline, "a cockpit without a visitor lives on"
        time.sleep(0.05)


def test_a_name_that_nobody_has_is_said_at_once(tmp_path: Path) -> None:
    done = subprocess.run(
        [*RADTUI, "serve", "nobody"], env=environment(tmp_path), capture_output=True, text=True, timeout=DEADLINE,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "no engine of nobody runs here" in done.stderr
