"""What core wants done. The rim carries commands out in their order."""

from __future__ import annotations

import msgspec

from radtui.core.facts import AnyFact
from radtui.core.instruction import Receipt
from radtui.core.order import OrderRequest


class Command(msgspec.Struct, frozen=True, tag=True):
    """Anything the rim is asked to do."""


class Place(Command, frozen=True, tag=True):
    """Send an order. With `durable_first` its intent must be on disk before the request leaves (an entry)."""

    request: OrderRequest
    durable_first: bool


class Cancel(Command, frozen=True, tag=True):
    """Cancel an order; repeated until the exchange answers definitely."""

    symbol: str
    client_id: str


class CancelOther(Command, frozen=True, tag=True):
    """Cancel by the exchange's own id, once, an order that our books do not know as live; a reading shows the rest."""

    symbol: str
    order_id: str


class Describe(Command, frozen=True, tag=True):
    """Read the rules of a contract that is not traded here, for a position stands in it, and say so as `Described`."""

    symbol: str


class Survey(Command, frozen=True, tag=True):
    """Read the books of `symbols` for a preview, each within a second, and say so as `BooksShown`."""

    id: str
    symbols: tuple[str, ...]


class Answer(Command, frozen=True, tag=True):
    """Give a receipt to whoever waits for it; nothing was changed, so nothing is kept of it."""

    receipt: Receipt


class Seek(Command, frozen=True, tag=True):
    """Ask the exchange for an order by its client id, not before the wall clock reads `not_before`."""

    symbol: str
    client_id: str
    not_before: int


class Read(Command, frozen=True, tag=True):
    """Read orders, fills since `since` (market clock), positions and account, and say so as `ExchangeShown`."""

    since: int


class Schedule(Command, frozen=True, tag=True):
    """The next cycle is due when the wall clock reads `at`; None: none is due."""

    at: int | None


class Say(Command, frozen=True, tag=True):
    """Publish a fact and keep it."""

    fact: AnyFact
    who: str


class Remember(Command, frozen=True, tag=True):
    """Keep core's memory and the desired state."""


class End(Command, frozen=True, tag=True):
    """The engine's work is done: the process may go."""
