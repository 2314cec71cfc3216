"""``radtui alerts``: what fires, that it was seen, what did, and whether the channels work."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from radtui.api.door import Door
from radtui.cli.alerts import alerts
from radtui.cli.failures import Exit, Failure
from radtui.cli.looking import status
from radtui.core.alert_view import AlertsView, Phase
from radtui.core.instruction import Ask
from radtui.engine.config import EngineConfig
from radtui.engine.engine import Engine
from radtui.engine.host import EngineHost
from radtui.health.channels.by_apprise import AppriseCarrier
from radtui.health.channels.channel import Channel
from radtui.health.channels.outlet import Outlet
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import SystemClock
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted
from tests.api.routes.test_alerts import ALERT, DEAD, OVER
from tests.engine.flights import Bot, Idle, core_config
from tests.engine.hosts import soon
from tests.engine.struck import Struck
from tests.health.channels.test_channel import Carrier

MARKER = "hunter2MarkerSecret"


@pytest.fixture
def engine(own_folders: Path) -> Iterator[Scripted]:
    handle = Scripted()
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


@pytest.fixture
def alarmed(engine: Scripted) -> Scripted:
    seen = msgspec.structs.replace(ALERT, id="13", phase=Phase.ACKNOWLEDGED, by="key:bob")
    shown = AlertsView(open=(ALERT, seen), channels=(DEAD,), quiet_until=3_600_000_000_000)
    engine.seen = msgspec.structs.replace(engine.seen, alerts=shown, alert_history=(OVER,))
    return engine


def test_what_fires_is_listed_with_what_to_do_and_who_is_told(
    alarmed: Scripted, capsys: pytest.CaptureFixture[str]
) -> None:
    assert alerts() == Exit.DONE
    said = capsys.readouterr().out
    assert "12  alarm     1970-01-01 00:00:00  FIRING" in said
    assert "seen by key:bob" in said
    assert "12: what to do: look" in said
    assert "13: what to do" not in said
    assert "quiet hours until 1970-01-01 01:00:00 UTC" in said
    assert "DEAD" in said
    assert "no answer within 10 s" in said


def test_nothing_is_said_too(engine: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    alerts()
    alerts("history")
    said = capsys.readouterr().out
    assert said.startswith("nothing fires\nno channel is set")
    assert said.endswith("no alert is over yet\n")


def test_json_is_the_whole_of_it(alarmed: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    alerts(as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["firing"], found["history"][0]["id"], found["channels"][0]["state"]) == (1, "11", "dead")


def test_the_history_says_from_when_to_when(alarmed: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    alerts("history")
    assert "11  alarm" in capsys.readouterr().out


def test_one_and_all_are_acknowledged(alarmed: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    alarmed.done("i1", ask=Ask.ACKNOWLEDGE, message="acknowledged: 12")
    alarmed.done("i2", ask=Ask.ACKNOWLEDGE, message="acknowledged: 12")
    assert alerts("ack", "12") == alerts("ack", every=True) == Exit.DONE
    assert [each.subject for each in alarmed.heard] == ["12", ""]
    assert capsys.readouterr().out == "acknowledged: 12\nacknowledged: 12\n"


def test_one_that_is_not_open_fails_and_says_what_to_do(alarmed: Scripted) -> None:
    with pytest.raises(Failure, match="no open alert has the id 99") as failed:
        alerts("ack", "99")
    assert failed.value.code == Exit.REFUSED


def test_dead_channels_are_named_with_exit_one(alarmed: Scripted) -> None:
    alarmed.done("i1", ask=Ask.TEST_ALERTS, success=False, message="mail is dead: no answer within 10 s")
    with pytest.raises(Failure, match="mail is dead: no answer within 10 s") as failed:
        alerts("test")
    assert failed.value.code == Exit.REFUSED


def test_one_channel_is_tried(alarmed: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    alarmed.done("i1", ask=Ask.TEST_ALERTS, message="sent by mail")
    assert alerts("test", "mail") == Exit.DONE
    assert alarmed.heard[0].subject == "mail"
    assert capsys.readouterr().out == "sent by mail\n"


def test_the_status_says_that_something_fires(alarmed: Scripted, capsys: pytest.CaptureFixture[str]) -> None:
    assert status() == Exit.DONE
    assert "scripted: 1 alerts that nobody has seen: `radtui alerts`" in capsys.readouterr().out


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a mail server that takes a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def told_by(port: int) -> EngineHost:
    """Return a host of an engine whose mail server is dead, and whose other channel works."""
    clock, bot = SystemClock(), Bot(Idle, autostart=False, speed=60, chunk=0.02)
    url = f"mailto://bob:{MARKER}@example.org:{port}?smtp=127.0.0.1&from=bob@example.org&to=x@example.org"

    def build() -> Engine:
        health = HealthMonitor(clock)
        config = EngineConfig(core=core_config(clock.now(), speed=60), pulse=0.02, position_interval=0.05, warmup=30)
        channels = [Channel("mail", AppriseCarrier(url), within=0.5), Channel("phone", Carrier(), within=0.5)]
        paper = bot.paper(clock, health, Struck(1, {}))
        return Engine(config, paper, bot.journal, health, clock, Idle, outlet=Outlet(channels))

    return EngineHost(core_config(clock.now()), build)


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
def test_an_engine_with_a_dead_mail_server_names_it_and_flies_on(
    own_folders: Path, mute: int, capsys: pytest.CaptureFixture[str]
) -> None:
    host = told_by(mute)
    host.start()
    door = Door(host.handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    with pytest.raises(Failure) as failed:
        alerts("test")
    assert str(failed.value) == "mail is dead: no answer within 0.5 s; sent by phone"
    assert alerts("test", "phone") == Exit.DONE
    at = host.handle.snapshot().at
    soon(lambda: host.handle.snapshot().alerts.open)
    assert [each.subject for each in host.handle.snapshot().alerts.open] == ["mail"]
    assert host.handle.snapshot().at > at
    assert alerts("ack", every=True) == Exit.DONE
    door.close()
    began = time.monotonic()
    assert host.settle(who="test")
    assert time.monotonic() - began < 5.0
    assert MARKER not in f"{capsys.readouterr()}{host.handle.snapshot()}{host.handle.events()}"


@pytest.mark.parametrize(
    ("doing", "subject", "every"),
    [("ack", "", False), ("ack", "12", True), ("ack", "twelve", False), ("list", "12", False), ("test", "", True)],
)
def test_what_makes_no_sense_is_asked_of_nobody(doing: str, subject: str, every: bool) -> None:
    with pytest.raises(Failure) as failed:
        alerts(doing, subject, every=every)  # type: ignore[arg-type]
    assert failed.value.code == Exit.USAGE
