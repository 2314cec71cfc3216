"""Where the control socket of a flight lies, and that a flight goes on without one."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from radtui.api.socket import answers
from radtui.cli.account import control_socket
from radtui.cli.door import answering, outside
from radtui.cli.failures import Exit, Failure
from radtui.resilience.redaction import redact
from radtui.settings.folders import control_folder
from radtui.settings.places import places
from radtui.settings.tree import Settings
from tests.api.callers import Scripted
from tests.api.outside import TcpCaller


def settings(folder: Path, name: str = "alpha") -> Settings:
    return Settings.model_validate({"bot": {"name": name}, "paths": {"state": folder}})


def test_it_answers_while_the_engine_flies_and_is_gone_afterwards(own_folders: Path) -> None:
    flown = settings(own_folders / "a")
    path = control_socket(flown, places(flown))
    with answering(flown, places(flown), Scripted(), _fail):
        assert answers(path)
    assert not path.exists()


def test_where_no_socket_can_be_made_the_flight_goes_on_and_it_is_said(own_folders: Path) -> None:
    control_folder().parent.mkdir(parents=True)
    control_folder().write_text("not a folder")
    said: list[str] = []
    flown = settings(own_folders / "a")
    with answering(flown, places(flown), Scripted(), said.append):
        assert "no command finds this engine" in said[0]


TOKEN = "alice:control:" + "a" * 30


def listening(folder: Path, **told: object) -> Settings:
    told = {"tokens": TOKEN, "port": _free_port(), **told}
    return Settings.model_validate({"bot": {"name": "alpha"}, "paths": {"state": folder}, "api": {"tcp": True, **told}})


def test_with_tcp_it_answers_there_too_for_whom_has_a_token(own_folders: Path) -> None:
    flown = listening(own_folders / "a")
    with answering(flown, places(flown), Scripted(), _fail):
        caller = TcpCaller(flown.api.port, "a" * 30)
        assert caller.get("/api/status").status == 200
        assert TcpCaller(flown.api.port, None).get("/api/status").status == 401
        assert answers(control_socket(flown, places(flown)))
    with pytest.raises(OSError, match="refused"):
        TcpCaller(flown.api.port).get("/api/status")


def test_a_port_that_is_taken_is_said_and_the_control_socket_answers(own_folders: Path) -> None:
    said: list[str] = []
    flown = listening(own_folders / "a")
    with socket.create_server(("127.0.0.1", flown.api.port)), answering(flown, places(flown), Scripted(), said.append):
        assert answers(control_socket(flown, places(flown)))
    assert said == [f"no API on TCP, only the control socket: 127.0.0.1 port {flown.api.port}: Address already in use"]


def test_tokens_may_lie_in_a_file_of_ones_own(own_folders: Path) -> None:
    file = own_folders / "tokens"
    file.write_text(f"{TOKEN}\n")
    file.chmod(0o600)
    way = outside(listening(own_folders, tokens=None, tokens_file=file).api)
    assert way is not None
    assert way.keyring.find("a" * 30)
    assert outside(Settings().api) is None
    assert "a" * 30 not in redact(f"x {'a' * 30}")


@pytest.mark.parametrize(("mode", "text"), [(0o644, TOKEN), (0o600, ""), (0o600, "typo"), (0o600, None)])
def test_a_file_that_cannot_be_used_starts_nothing_and_shows_nothing(
    own_folders: Path, mode: int, text: str | None
) -> None:
    file = own_folders / "tokens"
    if text is not None:
        file.write_text(text)
        file.chmod(mode)
    with pytest.raises(Failure, match="tokens of the API cannot be used") as refused:
        outside(listening(own_folders, tokens=None, tokens_file=file).api)
    assert refused.value.code == Exit.USAGE
    assert "a" * 30 not in f"{refused.value} {refused.value.means} {refused.value.todo}"


def test_beyond_this_machine_it_is_said_that_nothing_is_encrypted(own_folders: Path) -> None:
    said: list[str] = []
    flown = listening(own_folders / "a", host="0.0.0.0")  # noqa: S104
    with answering(flown, places(flown), Scripted(), said.append):
        assert "without encryption" in said[0]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _fail(why: str) -> None:
    raise AssertionError(why)
