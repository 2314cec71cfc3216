"""What is said on ``/ws/engine``: text frames of JSON, each a tagged value (row A2).

The server says `Hello` and `Whole` first, then what changed and what happened. Nothing waits in line for a slow reader:
the next `Changed` is made when the last one was taken, and is the difference to what that reader has.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Annotated, Any, Final

import msgspec

from radtui.core.facts import Envelope
from radtui.core.hand_order import HandOrder
from radtui.core.instruction import Ack, Ask, ExitPolicy, Receipt
from radtui.core.snapshot import Snapshot

VERSION: Final = 1
"""Of this protocol; another one is refused with words."""
PATH: Final = "/ws/engine"
ALIVE: Final = (5.0, 7.0)
"""Seconds between two pings, and until one without an answer ends the line: both ends find a half-open one in 12 s."""
LARGEST_SAID: Final = 8192
"""Bytes of the largest frame that a client may send."""
LARGEST_HEARD: Final = 16 * 1024 * 1024
"""Bytes of the largest frame that a server sends; a whole picture of a busy bot is below 100 kB."""
LONGEST: Final = 200
"""Letters of a reason."""
LONGEST_SUBJECT: Final = 2000
"""Letters of what an instruction is about: the settings of a change, or a backtest, as JSON."""
REFUSED: Final = "refused"
"""The status of a receipt that no engine wrote: the door turned the instruction away, and nothing was done."""
WITHDRAWN: Final = "not delivered"
"""The same: it never arrived, and now it never will."""
LOST: Final = "not known"
"""The same: the engine was restarted, and nobody can say whether it was carried out."""
NOT_DELIVERED: Final = "not delivered: the line was down; nothing was done; ask again once it is back"

Key = Annotated[str, msgspec.Meta(pattern=r"^[\x21-\x7e]{1,128}$")]
"""An Idempotency-Key, as REST has it."""


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag=True, omit_defaults=True):
    """Anything that is said."""


class Helm(Frame, frozen=True, kw_only=True, tag=True):
    """Who holds control among the cockpits: nobody where `holder` is empty.

    Attributes:
        since: wall clock of the engine's machine, nanoseconds UTC.
        yours: whether it is the one who is told this.
    """

    holder: str = ""
    since: int = 0
    yours: bool = False


class Hello(Frame, frozen=True, kw_only=True, tag=True):
    """The first word of a server.

    Attributes:
        version: of this protocol. shape: of its frames and all that is in them, see `shape`.
        radtui: the version there, for people.
        run: names this run of the engine: another one has not heard what the last was told.
        scope: ``read`` or ``control``: what the one who listens may do.
    """

    version: int
    shape: str
    radtui: str
    bot: str
    run: str
    mode: str
    scope: str
    helm: Helm


class Whole(Frame, frozen=True, kw_only=True, tag=True):
    """The whole picture."""

    sequence: int
    at: int
    snapshot: Snapshot


class Changed(Frame, frozen=True, kw_only=True, tag=True):
    """What is new in the picture since the last one that was sent on this line: the top-level fields that changed.

    Made by `changed`, read by `applied`.
    """

    sequence: int
    at: int
    fields: msgspec.Raw


class Events(Frame, frozen=True, kw_only=True, tag=True):
    """Facts, in order, without gaps but where `Missed` says so."""

    events: tuple[Envelope, ...]


class Missed(Frame, frozen=True, kw_only=True, tag=True):
    """Facts up to sequence `after` are no longer kept, or were never here; those above it follow."""

    after: int


class Acked(Frame, frozen=True, kw_only=True, tag=True):
    """The instruction of this key was given to the engine."""

    key: str
    ack: Ack


class Answered(Frame, frozen=True, kw_only=True, tag=True):
    """What came of the instruction of this key, also where it was not carried out."""

    key: str
    receipt: Receipt


FromServer = Hello | Whole | Changed | Events | Missed | Acked | Answered | Helm


class Resume(Frame, frozen=True, kw_only=True, tag=True):
    """Who listens, and what they have: facts above `after` are wanted.

    Attributes:
        after: the last sequence that is known; -1 asks for nothing of the past.
        seat: of the client's own making, the same over reconnects, told to nobody: whose the helm is.
        name: of who sits there, for people; the server puts the user's name before it.
    """

    after: Annotated[int, msgspec.Meta(ge=-1, le=2**63 - 1)]
    seat: Annotated[str, msgspec.Meta(pattern=r"^[\w-]{0,64}$")] = ""
    name: Annotated[str, msgspec.Meta(pattern=r"^[\w.@-]{0,40}$")] = ""


class Tell(Frame, frozen=True, kw_only=True, tag=True):
    """An instruction. Its key is its Idempotency-Key: said again, it is not carried out again.

    What `exits`, `subject`, `foreign` and `order` mean is said at `radtui.core.instruction.Instruction`.
    """

    key: Key
    ask: Ask
    why: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""
    exits: ExitPolicy | None = None
    subject: Annotated[str, msgspec.Meta(max_length=LONGEST_SUBJECT)] = ""
    foreign: bool = False
    order: HandOrder | None = None


class Withdraw(Frame, frozen=True, kw_only=True, tag=True):
    """An instruction that may have been lost is not wanted any more: never carry it out; if it was, answer as ever."""

    key: Key
    ask: Ask


class Await(Frame, frozen=True, kw_only=True, tag=True):
    """What came of the instruction with this id? It was given to an earlier run of the engine, under this key."""

    key: Key
    id: Annotated[str, msgspec.Meta(max_length=128)]
    ask: Ask


class TakeHelm(Frame, frozen=True, kw_only=True, tag=True):
    """Take control; from somebody else only with `over`."""

    over: bool = True


FromClient = Resume | Tell | Withdraw | Await | TakeHelm

encode: Final = msgspec.json.Encoder().encode
from_server: Final = msgspec.json.Decoder(FromServer).decode
from_client: Final = msgspec.json.Decoder(FromClient).decode

_FIELDS: Final = msgspec.structs.fields(Snapshot)
_Part: Final = msgspec.defstruct(
    "_Part",
    [(each.name, each.type | msgspec.UnsetType, msgspec.UNSET) for each in _FIELDS],
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
)
_part: Final = msgspec.json.Decoder(_Part).decode


@cache
def shape() -> str:
    """Return what every frame looks like, in a few letters: two ends with the same mean the same by the same words."""
    seen = _bare([msgspec.json.schema(FromServer), msgspec.json.schema(FromClient)])
    return sha256(msgspec.json.encode(seen, order="sorted")).hexdigest()[:12]


def _bare(schema: Any) -> Any:
    """Return a schema without its words for people."""
    if isinstance(schema, dict):
        words = {key for key in ("title", "description") if isinstance(schema.get(key), str)}
        return {key: _bare(value) for key, value in schema.items() if key not in words}
    return [_bare(each) for each in schema] if isinstance(schema, list) else schema


def changed(old: Snapshot, new: Snapshot) -> Changed:
    """Return what makes `new` of `old`."""
    fields: dict[str, Any] = {}
    for name in Snapshot.__struct_fields__:
        value = getattr(new, name)
        if value != getattr(old, name):
            fields[name] = value
    return Changed(sequence=new.sequence, at=new.at, fields=msgspec.Raw(encode(fields)))


def applied(old: Snapshot, change: Changed) -> Snapshot:
    """Return the picture after a change.

    Raises:
        msgspec.ValidationError: the other end means something else by its fields.
    """
    part = _part(change.fields)
    told = ((name, getattr(part, name)) for name in Snapshot.__struct_fields__)
    return msgspec.structs.replace(old, **{name: value for name, value in told if value is not msgspec.UNSET})
