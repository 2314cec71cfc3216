"""Bytes from the terminal to text: what is not UTF-8 is left out, and so is a mouse report of the old kind."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from typing import Final

_X10: Final = re.compile(rb"\x1b\[M[\s\S]{3}")
"""A mouse report of X10: three raw bytes after the header, above 127 from column 96 on. A terminal that was attached
again sends them, and read as keys they could be a command."""
_BEGUN: Final = re.compile(rb"\x1b\[(?:M[\s\S]{0,2})?\Z")
_HEADER: Final = b"\x1b[M"


class Keystream:
    """Decodes what is read, piece by piece. No byte can make it fail, and none takes a following key along."""

    def __init__(self) -> None:
        self._decode = getincrementaldecoder("utf-8")("ignore").decode
        self._held = b""

    def feed(self, data: bytes) -> str:
        """Return the text of `data`; the beginning of a mouse report is held back until the rest of it comes."""
        whole = _X10.sub(b"", self._held + data)
        begun = _BEGUN.search(whole)
        self._held = begun.group() if begun else b""
        return self._decode(whole[: len(whole) - len(self._held)])

    def idle(self) -> str:
        """Return what was held back, now that nothing followed; half a mouse report is forgotten."""
        held, self._held = self._held, b""
        return "" if held.startswith(_HEADER) else self._decode(held)
