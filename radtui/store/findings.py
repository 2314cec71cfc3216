"""What comparing with the exchange has found, read from a journal (row O3)."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from radtui.core.facts import Envelope, Found, Reconciled
from radtui.store.contents import snapshot_of
from radtui.store.schema import TABLE_OF

LISTED: Final = 500
"""The latest differences that are read."""
_decode: Final = msgspec.json.Decoder(Envelope).decode


def findings(file: Path) -> list[Envelope]:
    """Return the latest recovery of the journal `file` and the latest differences, oldest first.

    Raises:
        BackupRefused: the journal is not there, or cannot be read.
    """
    with snapshot_of(file) as connection:
        rows: list[tuple[str]] = []
        for kind, most in ((Reconciled, 1), (Found, LISTED)):
            table = TABLE_OF[kind].name
            rows += connection.execute(f"SELECT body FROM {table} ORDER BY sequence DESC LIMIT {most}").fetchall()  # noqa: S608  # names of ours
    return sorted((_decode(body) for (body,) in rows), key=lambda each: each.sequence)
