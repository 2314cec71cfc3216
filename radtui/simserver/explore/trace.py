"""Everything that happened in a world, as one hash: the same seed gives the same one, in every process."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from radtui.core.facts import Envelope

_encode = msgspec.msgpack.Encoder().encode


class Trace:
    """A running hash of facts, requests and answers, and of what the world did."""

    def __init__(self) -> None:
        self._hash = blake2b(digest_size=16)
        self.events = 0

    def note(self, at: int, what: str, *details: str | int | bytes) -> None:
        """Take in something that happened."""
        self.events += 1
        self._hash.update(_encode((at, what, details)))

    def fact(self, at: int, envelope: Envelope) -> None:
        """Take in a fact."""
        self.events += 1
        self._hash.update(_encode((at, envelope)))

    def hexdigest(self) -> str:
        """Return the hash of all there was."""
        return self._hash.hexdigest()
