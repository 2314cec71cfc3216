"""Who may ask over TCP: bearer tokens, and how often somebody may be wrong about theirs."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Callable, Iterable
from enum import StrEnum
from hashlib import sha256
from typing import Final, NamedTuple

WRONG_AT_MOST: Final = 10
"""Failures of one peer within `_WINDOW` that are answered one by one."""
_WINDOW: Final = 60.0
_PEERS: Final = 1024
"""Peers whose failures are remembered; the one that was heard longest ago goes first."""


class Scope(StrEnum):
    """What a caller may do: look, or also lead."""

    READ = "read"
    CONTROL = "control"


class Caller(NamedTuple):
    """Who asks. `name` is for the journal: ``cli:USER`` on the control socket, ``api:NAME`` with a token."""

    name: str
    scope: Scope

    @property
    def controls(self) -> bool:
        """Whether it may give instructions."""
        return self.scope is Scope.CONTROL


class Keyring:
    """The tokens, as digests: comparing takes the same time whichever is right, and whether one is.

    Args:
        tokens: name, scope and text of each.
    """

    def __init__(self, tokens: Iterable[tuple[str, str, str]]) -> None:
        self._callers = [(_digest(text), Caller(f"api:{name}", Scope(scope))) for name, scope, text in tokens]

    def __len__(self) -> int:
        return len(self._callers)

    def find(self, text: str) -> Caller | None:
        """Return whose token `text` is, or None."""
        digest, found = _digest(text), None
        for known, caller in self._callers:  # to the end, also after a match
            if hmac.compare_digest(known, digest):
                found = caller
        return found


class Failures:
    """Counts the failures of each peer.

    A right token passes however many wrong ones came from its address: else whoever shares it could keep the operator
    from an emergency stop. Tokens are too long to be guessed; what is limited is the work and the log of the attempts.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._of: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def add(self, peer: str) -> int:
        """Note one, and return how many there were within the window."""
        since, count = self._of.pop(peer, (self._now(), 0))
        if self._now() - since >= _WINDOW:
            since, count = self._now(), 0
        self._of[peer] = (since, count + 1)
        if len(self._of) > _PEERS:
            self._of.popitem(last=False)
        return count + 1

    def wait(self, peer: str) -> int:
        """Return the whole seconds until a peer's window is over."""
        since, _ = self._of.get(peer, (self._now(), 0))
        return max(1, round(since + _WINDOW - self._now()))


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogateescape")).digest()
