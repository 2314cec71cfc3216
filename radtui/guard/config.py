"""What a guardian is told once, at its start, over its standard input: never in the process list or a file."""

from __future__ import annotations

from typing import Final

import msgspec

MASK: Final = "••••"


class GuardConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a guardian needs.

    Attributes:
        bot: prefix of the orders that are ours.
        url: scheme, host and port of the futures host. unified: those of the unified account's host.
        key, secret, passphrase: of the API key. key_version: ``2`` or ``3``.
        socket: where the engine beats. lock: held as long as the guardian lives.
        record: file of its deeds. memory: file of what it must remember over its own restart.
        silence: seconds without a beat after which it acts.
        flatten: it closes the positions too.
        switch: the engine arms the exchange's own dead man's switch, which is to be switched off before it acts.
        terms: digest of these settings, told in each answer.
        hired: it was started by an engine: it ends when that has landed.
    """

    bot: str
    url: str
    key: str
    secret: str
    passphrase: str
    socket: str
    lock: str
    record: str
    memory: str
    key_version: str = "2"
    silence: float = 60.0
    flatten: bool = False
    unified: str = ""
    switch: bool = False
    terms: str = ""
    hired: bool = False

    def hide(self, text: str) -> str:
        """Return `text` without any part of the key."""
        for part in (self.passphrase, self.secret, self.key):
            text = text.replace(part, MASK) if part else text
        return text

    def __repr__(self) -> str:
        return f"GuardConfig({self.bot}, {self.url}, {MASK})"
