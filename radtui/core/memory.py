"""What core must not forget over a restart, packed for the journal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import msgspec

from radtui.core.breaker_rules import Kept
from radtui.core.cycles import CycleMetrics
from radtui.core.instruction import Ask, ExitPolicy
from radtui.core.instrument import Instrument
from radtui.core.positions import Plan, Position
from radtui.core.protection import BareTime
from radtui.core.purse import Sums
from radtui.core.winding import Winding
from radtui.core.windowing import Traded

VERSION: Final = 4
"""Of what is packed; a change that older code would misread or lose takes the next one, and a way from the last."""
_SECOND: Final = 2
_UNDATED: Final = 2**62
"""Wall clock of a memory that bears none: as late as can be, so that what each order notes of itself stands."""
_UNTOUCHED: Final = "Orders, positions and stops on the exchange are untouched; nothing was started."
_KEPT: Final = "What the bot kept of its positions and its money"


class MemoryRefused(Exception):
    """What was kept cannot be used. The message says why, what it means for the money and what to do."""


class Memory(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Core's own state beside the orders, which the journal keeps one by one.

    Attributes:
        version: of its form, see `VERSION`.
        cycle_count: of all runs; it numbers the cycles in the journal.
        bare: time without a stop, of closed positions.
        at: wall clock of this note. boot: wall clock of the latest boot known.
        plans: of entries on their way, by client id. seen: keys of the latest fills taken, and their moments.
        counted: lots and value of the fills that are in these positions, of each order that may get more.
        instruments: of the contracts of orders on their way: they may be listed no more when we come back.
        breakers: which trading breakers are tripped, and what they count.
        winding: stops, shutdowns and emergency stops that were not finished.
        placed: orders placed by hand, by the key they came with: client ids, the latest last.
        window: entries of the day.
    """

    version: int = VERSION
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
    placed: dict[str, str] = {}
    at: int = 0
    boot: int = 0
    window: Traded = msgspec.field(default_factory=Traded)


class _Head(msgspec.Struct):
    version: int = 1


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Memory)
_HEAD: Final = msgspec.msgpack.Decoder(_Head)
_PLAIN: Final = msgspec.msgpack.Decoder(dict[str, Any])


def pack(memory: Memory) -> bytes:
    """Return `memory` as bytes."""
    return _ENCODER.encode(memory)


def unpack(packed: bytes) -> Memory:
    """Return what was packed, also by an older radtui; nothing packed is an empty memory.

    Raises:
        MemoryRefused: it is damaged, or a newer radtui's.
    """
    if not packed:
        return Memory()
    try:
        version = _HEAD.decode(packed).version
        if version > VERSION:
            raise _newer(version)
        return _DECODER.decode(packed if version == VERSION else _ENCODER.encode(_newest(_PLAIN.decode(packed))))
    except msgspec.MsgspecError as error:
        raise _unreadable(error) from None


def _newest(older: dict[str, Any]) -> dict[str, Any]:
    """Return an older form's memory in the present one.

    The third also knows orders placed by hand, the fourth what the trading window counts and the exit rules go by.
    """
    second = older if older.get("version", 1) >= _SECOND else _second(older)
    return {**second, "version": VERSION}


def _second(first: dict[str, Any]) -> dict[str, Any]:
    """Return the second form of a memory in the first, which had many while it grew and one number for them all.

    Fills taken were a list without moments, reading began at the last fill, the one stop that was kept was a flatten,
    and it was not noted when that was.
    """
    second = {**first, "version": 2}
    second.setdefault("read_since", second.pop("last_fill_at", 0))
    if isinstance(seen := second.get("seen"), list):
        second["seen"] = dict.fromkeys(seen, second["read_since"])
    flattening = second.pop("flattening", None)
    if flattening is not None:
        second["winding"] = _wound(flattening, second.get("at", 0))
    second.setdefault("at", _UNDATED)
    return second


def _wound(flattening: dict[str, Any], at: int) -> dict[str, Any]:
    shutdown = flattening.get("ask") == Ask.SHUTDOWN
    return {"pending": [{"instruction": flattening, "at": at}], "ending": ExitPolicy.FLATTEN if shutdown else None}


def _newer(version: int) -> MemoryRefused:
    return MemoryRefused(
        f"{_KEPT} was written by a newer radtui (form {version}, this one knows {VERSION}). {_UNTOUCHED} "
        "Start the newer radtui."
    )


def _unreadable(error: Exception) -> MemoryRefused:
    return MemoryRefused(
        f"{_KEPT} cannot be read ({str(error).rstrip('.')}). {_UNTOUCHED} Restore a backup with `radtui restore FILE`, "
        "or move the journal aside and start again: the exchange is then asked what is open, and profit is counted "
        "from there."
    )
