"""One thing to say, where, and who would hear it."""

from __future__ import annotations

from typing import Protocol

import msgspec

from radtui.simserver.push.message import Message


class News(msgspec.Struct, frozen=True):
    """A message and the topic it is said under."""

    topic: str
    message: Message


class Audience(Protocol):
    """Those who listen."""

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every topic that somebody listens to."""
        ...

    def wants(self, topic: str) -> bool:
        """Return whether anybody listens to a topic."""
        ...
