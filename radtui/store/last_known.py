"""What a journal last knew to be open, read beside whoever may write it (row L9)."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from radtui.core.facts import Envelope, OrderChanged
from radtui.core.memory import unpack
from radtui.core.orders import DONE, Order, OrderState
from radtui.core.positions import Position
from radtui.store.contents import contents_of, snapshot_of
from radtui.store.faults import BackupRefused
from radtui.store.port import BotState
from radtui.store.schema import BOT_STATE, ORDERS

_OPEN: Final = tuple(sorted(set(OrderState) - DONE))
_state: Final = msgspec.json.Decoder(BotState).decode
_envelope: Final = msgspec.json.Decoder(Envelope).decode


class LastKnown(NamedTuple):
    """What was open by our own books; the exchange may show something else by now."""

    positions: tuple[Position, ...] = ()
    orders: tuple[Order, ...] = ()


def last_known(file: Path) -> LastKnown:
    """Return what the journal `file` knew to be open when it was written last; nothing in it is changed.

    Raises:
        BackupRefused: it is not there, or cannot be read.
        MemoryRefused: what the bot kept is damaged, or a newer radtui's.
    """
    marks = ", ".join("?" * len(_OPEN))
    with snapshot_of(file) as connection:
        contents_of(connection, file)
        state = connection.execute(f"SELECT body FROM {BOT_STATE.name}").fetchone()  # noqa: S608  # names of ours
        live = connection.execute(
            f"SELECT body FROM {ORDERS.name} WHERE state IN ({marks}) ORDER BY sequence",  # noqa: S608
            _OPEN,
        ).fetchall()
    try:
        kept = unpack(_state(state[0]).memory) if state else unpack(b"")
        facts = [_envelope(body).fact for (body,) in live]
    except msgspec.MsgspecError as error:
        raise BackupRefused(f"{file} cannot be read: {error}.") from error
    orders = tuple(fact.order for fact in facts if isinstance(fact, OrderChanged))
    return LastKnown(tuple(kept.positions.values()), orders)
