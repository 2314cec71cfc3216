"""What ``radtui serve`` says where it cannot serve."""

from __future__ import annotations

import socket

import pytest

from radtui.cli import serve
from radtui.cli.failures import Exit, Failure


def test_without_its_library_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "find_spec", lambda _: None)
    with pytest.raises(Failure, match="not installed") as failed:
        serve.serve()
    assert "pip install 'radtui[browser]'" in failed.value.text()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_out_of_range_is_usage(port: int) -> None:
    with pytest.raises(Failure, match="out of range") as failed:
        serve.serve(port=port)
    assert failed.value.code is Exit.USAGE


def test_a_port_that_is_taken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("textual_serve", reason="needs the extra: browser")
    monkeypatch.setattr(serve, "aimed", lambda _: [])
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Failure, match=f"port {port} cannot be had") as failed:
            serve.serve(port=port)
    assert "choose another --port" in failed.value.text()
