"""Several bots behind one TCP port: each is asked under its name, and what names none of them reaches none."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

import pytest
from prometheus_client.parser import text_string_to_metric_families

from radtui.api.app import hall
from radtui.api.door import Door
from radtui.cli.behind import bots_behind
from radtui.core.instruction import Ask
from radtui.engine.remote import LineState, RemoteHandle
from tests.api.callers import Caller, Scripted
from tests.api.outside import HOST, LEADS, LOOKS, TcpCaller, outside
from tests.engine.hosts import soon


class Port(NamedTuple):
    """A TCP port, and the engines behind it by the names of their bots."""

    bots: dict[str, Scripted]
    caller: TcpCaller
    unix: Caller

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.caller.port}"


def opened(folder: Path, *names: str) -> tuple[Door, Port]:
    bots = {name: Scripted(bot=name) for name in names}
    first, *others = bots.values()
    door = Door(first, folder / f"{len(names)}.sock", outside(), others)
    door.open()
    assert door.port, door.shut
    return door, Port(bots, TcpCaller(door.port), Caller(folder / f"{len(names)}.sock"))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Port]:
    door, port = opened(tmp_path, "alpha", "beta")
    yield port
    door.close()


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Port]:
    door, port = opened(tmp_path, "alpha")
    yield port
    door.close()


def test_each_is_listed_with_where_it_is_asked(two: Port, one: Port) -> None:
    listed = two.caller.get("/api/bots").body["bots"]
    assert [(each["name"], each["path"]) for each in listed] == [("alpha", "/bots/alpha"), ("beta", "/bots/beta")]
    for each in listed:
        assert two.caller.get(f"{each['path']}/api/status").body["bot"] == each["name"] == each["status"]["bot"]
    assert [each["path"] for each in one.caller.get("/api/bots").body["bots"]] == ["/bots/alpha"]
    assert one.caller.get("/bots/alpha/api/status").body == one.caller.get("/api/status").body


def test_an_instruction_reaches_the_one_that_is_named_and_nobody_else(two: Port) -> None:
    assert two.caller.post("/bots/beta/api/bot/pause?wait=0", {"why": "x"}).status == 202
    assert [each.ask for each in two.bots["beta"].heard] == [Ask.PAUSE]
    assert two.bots["alpha"].heard == []


@pytest.mark.parametrize(
    "path", ["/api/bot/emergency-stop", "/bots/gamma/api/bot/stop", "/bots/alpha", "/bots//api/bot/stop", "/bots/"]
)
def test_what_names_none_of_several_is_refused_with_the_names(two: Port, path: str) -> None:
    reply = two.caller.post(path)
    assert reply.status == 404
    assert "/bots/alpha, /bots/beta" in reply.body["todo"]
    assert "nothing was changed" in reply.body["message"]
    assert not any(bot.heard for bot in two.bots.values())


@pytest.mark.parametrize("path", ["/api/bots", "/bots/beta/api/status", "/api/status", "/metrics"])
def test_nothing_is_told_without_a_token(two: Port, path: str) -> None:
    assert TcpCaller(two.caller.port, None).get(path).status == 401


def test_a_token_that_may_look_may_not_lead_under_any_name(two: Port) -> None:
    reader = TcpCaller(two.caller.port, LOOKS)
    assert reader.get("/bots/beta/api/status").status == 200
    assert reader.post("/bots/beta/api/bot/stop").status == 403
    assert not two.bots["beta"].heard


def test_the_control_socket_is_the_first_ones_alone(two: Port) -> None:
    assert two.unix.get("/api/status").body["bot"] == "alpha"
    assert [each["name"] for each in two.unix.get("/api/bots").body["bots"]] == ["alpha"]
    assert two.unix.get("/bots/alpha/api/status").status == 200
    assert two.unix.get("/bots/beta/api/status").status == 404


def test_one_page_of_metrics_has_every_bot_and_each_family_once(two: Port) -> None:
    line = HTTPConnection(HOST, two.caller.port, timeout=10)
    line.request("GET", "/metrics", headers={"Authorization": f"Bearer {LOOKS}"})
    page = line.getresponse().read().decode()
    line.close()
    families = list(text_string_to_metric_families(page))
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    states = [sample.labels["bot"] for family in families for sample in family.samples if family.name == "radtui_state"]
    assert set(states) == {"alpha", "beta"}
    assert page.count("# TYPE radtui_state ") == 1


def test_the_schema_of_each_says_where_it_is_and_the_halls_has_only_what_is_of_all(two: Port) -> None:
    schema = two.caller.get("/bots/beta/openapi.json").body
    assert schema["servers"] == [{"url": "/bots/beta"}]
    assert "/api/bot/stop" in schema["paths"]
    assert set(two.caller.get("/openapi.json").body["paths"]) == {"/api/bots", "/metrics"}
    assert "servers" not in hall({}).openapi()


def followed(url: str, token: str | None = LEADS) -> RemoteHandle:
    remote = RemoteHandle(url, token=token)
    remote.open()
    remote.wait(10)
    return remote


def test_a_url_leads_a_cockpit_to_the_one_bot_behind_it(one: Port) -> None:
    assert bots_behind(one.url, LEADS) == (one.url,)
    remote = followed(one.url)
    assert remote.snapshot().bot == "alpha"
    remote.close()


def test_a_url_leads_cockpits_to_each_of_several_and_what_one_asks_only_that_one_hears(two: Port) -> None:
    urls = bots_behind(two.url, LEADS)
    assert urls == (f"{two.url}/bots/alpha", f"{two.url}/bots/beta")
    remotes = [followed(url) for url in urls]
    assert [remote.snapshot().bot for remote in remotes] == ["alpha", "beta"]
    remotes[1].send(Ask.PAUSE, who="me")
    soon(lambda: two.bots["beta"].heard)
    assert two.bots["alpha"].heard == []
    for remote in remotes:
        remote.close()


def test_a_line_that_names_none_or_has_no_token_is_refused_in_words(two: Port) -> None:
    for url, token, why in ((two.url, LEADS, "/bots/NAME"), (f"{two.url}/bots/beta", None, "token")):
        remote = followed(url, token)
        assert remote.line.state is LineState.REFUSED
        assert why in remote.line.why
        remote.close()
