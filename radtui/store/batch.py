"""What goes to disk in one transaction, and how a fact becomes a row of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from radtui.core.facts import Envelope, EquityRead, Evaluated
from radtui.core.market import Candle
from radtui.store.limits import QUEUE_LIMIT
from radtui.store.port import BotState, PaperMemory
from radtui.store.schema import TABLE_OF

_CAN_BE_MISSED: Final = (EquityRead, Evaluated)
_NAME_OF: Final = {kind: table.name for kind, table in TABLE_OF.items()}
_ENCODER: Final = msgspec.json.Encoder()


def json_of(value: msgspec.Struct) -> str:
    """Return `value` as JSON; what is no Unicode in it (bytes of a broken terminal) becomes a question mark."""
    try:
        return _ENCODER.encode(value).decode()
    except UnicodeEncodeError:
        return json.dumps(msgspec.to_builtins(value), ensure_ascii=False).encode("utf-8", "replace").decode()


class Batch:
    """Facts by table, each in the order in which it came, and who waits for them.

    Attributes:
        rows: sequence and JSON of the envelopes, by the name of their table.
        state, paper: the JSON of the latest, where it is to be written.
        wipe: the paper venue of before is to be dropped first.
        size: how many things were queued.
        sequence: the highest of the facts.
        promises: futures to complete when it is on disk.
    """

    def __init__(self) -> None:
        self.rows: dict[str, list[tuple[int, str]]] = {}
        self.state: str | None = None
        self.paper: str | None = None
        self.candles: list[Candle] = []
        self.wipe = False
        self.promises: list[asyncio.Future[None]] = []
        self.size = 0
        self.sequence = 0

    def add(self, envelopes: Iterable[Envelope], limit: int = QUEUE_LIMIT) -> int:
        """Queue facts and return how many of them were dropped, for there were more than `limit` already."""
        dropped = 0
        for envelope in envelopes:
            if self.size >= limit and isinstance(envelope.fact, _CAN_BE_MISSED):
                dropped += 1
                continue
            row = (envelope.sequence, json_of(envelope))
            self.rows.setdefault(_NAME_OF[type(envelope.fact)], []).append(row)
            self.size += 1
            self.sequence = max(self.sequence, envelope.sequence)
        return dropped

    def set_state(self, state: BotState) -> None:
        """Queue the bot's state, instead of one that is not written yet."""
        self.state = json_of(state)
        self.size += 1

    def set_paper(self, source: str, state: bytes, candles: Sequence[Candle]) -> None:
        """Queue the paper venue, instead of one that is not written yet; candles add up."""
        self.paper = json_of(PaperMemory(source=source, state=state))
        self.candles.extend(candles)
        self.size += 1

    def forget_paper(self) -> None:
        """Queue the end of the paper venue of before."""
        self.wipe = True
        self.paper = None
        self.candles.clear()
        self.size += 1
