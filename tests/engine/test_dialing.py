"""What an engine's address is, and why there is no line, in words."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec import DecodeError
from websockets.exceptions import ConnectionClosedError
from websockets.frames import Close

from radtui.engine.dialing import BadTarget, Shut, Target, unwanted, words


@pytest.mark.parametrize(
    ("target", "url"),
    [
        ("http://bot.example:8001", "ws://bot.example:8001/ws/engine"),
        ("https://bot.example/", "wss://bot.example/ws/engine"),
        ("ws://[::1]:8001/ws/engine", "ws://[::1]:8001/ws/engine"),
        ("wss://bot.example/behind/a/proxy/", "wss://bot.example/behind/a/proxy/ws/engine"),
    ],
)
def test_a_url_names_the_api_wherever_it_hangs(target: str, url: str) -> None:
    assert Target(target, "secret")._url == url


def test_a_path_is_a_control_socket() -> None:
    assert Target("/run/x.sock", None)._path == Target(Path("/run/x.sock"), None)._path == Path("/run/x.sock")


@pytest.mark.parametrize(
    "target",
    [
        "",
        "bot",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://me:pw@x",
        "http://x/?token=abc",
        "http://x/#abc",
        "http://[",
    ],
)
def test_what_is_none_is_refused_with_what_one_is_and_shows_nothing_of_it(target: str) -> None:
    with pytest.raises(BadTarget, match="http") as refused:
        Target(target, None)
    assert "abc" not in str(refused.value)
    assert "pw" not in str(refused.value)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Shut("no token"), "no token"),
        (FileNotFoundError(), "nobody listens there: the engine has ended, or was never there"),
        (TimeoutError(), "no answer within 8 s"),
        (OSError(113, "No route to host"), "the network says No route to host"),
        (ConnectionClosedError(None, None), "the line broke without a word"),
        (ConnectionClosedError(None, Close(1011, "")), "it answered no ping for 7 s"),
        (ConnectionClosedError(Close(1012, ""), None), "the engine there has ended"),
        (ConnectionClosedError(Close(1013, "60 lines"), None), "60 lines"),
        (ConnectionClosedError(Close(1000, ""), None), "it hung up (1000)"),
        (ValueError("what"), "ValueError: what"),
    ],
)
def test_why_there_is_no_line_is_said_in_words(error: Exception, said: str) -> None:
    assert words(error) == said


def test_who_does_not_want_us_is_told_from_who_is_not_there() -> None:
    for error in (Shut("no"), ConnectionClosedError(Close(1008, "no frame"), None), DecodeError("what")):
        assert unwanted(error)
    for gone in (
        OSError(),
        TimeoutError(),
        ConnectionClosedError(None, None),
        ConnectionClosedError(Close(1012, ""), None),
    ):
        assert not unwanted(gone)


async def test_an_engine_that_dies_while_it_is_greeted_is_gone_and_refuses_nobody(tmp_path: Path) -> None:
    def die(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    path = tmp_path / "engine.sock"
    async with await asyncio.start_unix_server(die, path):
        with pytest.raises(ConnectionError) as gone:
            await Target(path, None).dial()
    assert not unwanted(gone.value)
    assert words(gone.value) == "it hung up before it answered"
