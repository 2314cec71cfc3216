"""What core must not forget over a restart, packed for the journal."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.breaker_rules import Kept
from radtui.core.cycles import CycleMetrics
from radtui.core.instrument import Instrument
from radtui.core.positions import Plan, Position
from radtui.core.protection import BareTime
from radtui.core.purse import Sums
from radtui.core.snapshot import SCHEMA
from radtui.core.winding import Winding


class Memory(msgspec.Struct, kw_only=True):
    """Core's own state beside the orders, which the journal keeps one by one.

    Attributes:
        cycle_count: of all runs; it numbers the cycles in the journal.
        bare: time without a stop, of closed positions.
        at: wall clock of this note. boot: wall clock of the latest boot known.
        plans: of entries on their way, by client id. seen: keys of the latest fills taken, and their moments.
        counted: lots and value of the fills that are in these positions, of each order that may get more.
        instruments: of the contracts of orders on their way: they may be listed no more when we come back.
        breakers: which trading breakers are tripped, and what they count.
        winding: stops, shutdowns and emergency stops that were not finished.
    """

    version: int = SCHEMA
    cycles: CycleMetrics = CycleMetrics()
    cycle_count: int = 0
    sums: Sums = msgspec.field(default_factory=Sums)
    positions: dict[str, Position] = {}
    plans: dict[str, Plan] = {}
    seen: dict[str, int] = {}
    counted: dict[str, tuple[int, Decimal]] = {}
    instruments: dict[str, Instrument] = {}
    read_since: int = 0
    breakers: Kept = msgspec.field(default_factory=Kept)
    winding: Winding = Winding()
    bare: BareTime = msgspec.field(default_factory=BareTime)
    at: int = 0
    boot: int = 0


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Memory)


def pack(memory: Memory) -> bytes:
    """Return `memory` as bytes."""
    return _ENCODER.encode(memory)


def unpack(packed: bytes) -> Memory:
    """Return what was packed; nothing packed is an empty memory."""
    return _DECODER.decode(packed) if packed else Memory()
