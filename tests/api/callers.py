"""A caller of the control socket, and an engine's door that a test scripts."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from radtui.api.socket import connect
from radtui.core.config import CoreConfig
from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot
from radtui.engine.host import EngineHost

DEADLINE = 20.0


class Heard(NamedTuple):
    """One instruction as it came through."""

    ask: Ask
    who: str
    why: str
    exits: ExitPolicy | None
    subject: str
    foreign: bool
    order: HandOrder | None = None


class Scripted:
    """An `EngineHandle` that keeps what it hears, and answers what a test puts into `receipts`."""

    def __init__(self, **shown: Any) -> None:
        before = EngineHost(CoreConfig(bot="scripted", boot=1), lambda: None).handle.snapshot()  # type: ignore[arg-type, return-value]
        self.seen: Snapshot = _with(before, recovered=True, **shown)
        self.facts: list[Envelope] = []
        self.heard: list[Heard] = []
        self.receipts: dict[str, Receipt] = {}
        self.lost: set[str] = set()
        self._count = count(1)

    def snapshot(self) -> Snapshot:
        return self.seen

    def events(self, after: int = 0) -> list[Envelope]:
        return [each for each in self.facts if each.sequence > after]

    def send(
        self,
        ask: Ask,
        *,
        who: str,
        why: str = "",
        exits: ExitPolicy | None = None,
        subject: str = "",
        foreign: bool = False,
        order: HandOrder | None = None,
    ) -> Ack:
        self.heard.append(Heard(ask, who, why, exits, subject, foreign, order))
        return Ack(id=f"i{next(self._count)}", ask=ask, at=1)

    def receipt(self, instruction_id: str) -> Receipt | None:
        return self.receipts.get(instruction_id)

    def forgotten(self, instruction_id: str) -> bool:
        return instruction_id in self.lost

    def done(self, id_: str = "i1", **fields: Any) -> None:
        """Let an instruction be done."""
        told = {"ask": Ask.STOP, "success": True, "message": "done", "status": "stopped", "at": 1, **fields}
        self.receipts[id_] = Receipt(id=id_, **told)


class Reply(NamedTuple):
    """An answer: its status, and what its JSON holds."""

    status: int
    body: Any


class Caller:
    """Sends requests to one socket, each on a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def get(self, target: str) -> Reply:
        return self.ask("GET", target)

    def post(self, target: str, body: object = None, **headers: str) -> Reply:
        return self.ask("POST", target, None if body is None else json.dumps(body).encode(), **headers)

    def ask(self, method: str, target: str, body: bytes | None = None, **headers: str) -> Reply:
        line = HTTPConnection("localhost")
        line.sock = connect(self.path, DEADLINE)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            line.request(method, target, body, {"Content-Type": "application/json", **named})
            answer = line.getresponse()
            return Reply(answer.status, json.loads(answer.read()))
        finally:
            line.close()


def _with(before: Snapshot, *, recovered: bool, **shown: Any) -> Snapshot:
    status = msgspec.structs.replace(before.status, recovered=recovered)
    return msgspec.structs.replace(before, status=status, **shown)
