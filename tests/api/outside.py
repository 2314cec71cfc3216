"""A door on TCP, and callers of it: with a token, without, and with bytes of their own making."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from radtui.api.door import Door
from radtui.api.keyring import Keyring
from radtui.api.outside import Outside
from radtui.engine.handle import EngineHandle
from tests.api.callers import DEADLINE, Reply

LEADS = "lead-" + "a" * 27
LOOKS = "look-" + "b" * 27
HOST = "127.0.0.1"


def outside(**told: Any) -> Outside:
    """Return a port on this machine with one token of each scope."""
    keyring = Keyring([("alice", "control", LEADS), ("grafana", "read", LOOKS)])
    return Outside(**{"host": HOST, "port": 0, "keyring": keyring, **told})


def opened(handle: EngineHandle, path: Path, **told: Any) -> Door:
    """Return an open door at `path` and on TCP."""
    door = Door(handle, path, outside(**told))
    door.open()
    assert door.port, door.shut
    return door


class TcpCaller:
    """Sends requests to one port, each on a connection of its own."""

    def __init__(self, port: int, token: str | None = LEADS) -> None:
        self.port = port
        self.token = token

    def get(self, target: str, **headers: str) -> Reply:
        return self.ask("GET", target, None, **headers)

    def post(self, target: str, body: object = None, **headers: str) -> Reply:
        return self.ask("POST", target, None if body is None else json.dumps(body).encode(), **headers)

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        line = HTTPConnection(HOST, self.port, timeout=DEADLINE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token is not None else {}
        try:
            line.request(method, target, body, {"Content-Type": "application/json", **bearer, **named})
            answer = line.getresponse()
            text = answer.read()
            self.headers = answer.headers
            return Reply(answer.status, json.loads(text) if text else None)
        finally:
            line.close()

    def line(self) -> socket.socket:
        """Return a bare connection."""
        return socket.create_connection((HOST, self.port), timeout=DEADLINE)
