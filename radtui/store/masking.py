"""Secrets taken out of MessagePack before it reaches a disk: text by text, so that what comes out can still be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

_ENCODER: Final = msgspec.msgpack.Encoder()
_TAG: Final = "type"


class Redaction(msgspec.Struct, frozen=True):
    """How secrets are found; what composes the recorder knows.

    Attributes:
        suspects: whether any text inside the bytes may need masking; quick, and wrong in one direction only.
        redact: returns a text without its secrets.
    """

    suspects: Callable[[bytes], bool]
    redact: Callable[[str], str]


OPEN: Final = Redaction(suspects=lambda _: False, redact=lambda text: text)
"""Masks nothing: for simulations, which have no secrets."""


def masked(packed: bytes, redaction: Redaction) -> tuple[bytes, int]:
    """Return MessagePack with the secrets in its texts masked, and how many texts that were.

    Packed values inside byte strings are looked into as well. Names of fields and of kinds stay as they are.
    """
    if not redaction.suspects(packed):
        return packed, 0
    mask = _Mask(redaction)
    cleaned = mask.value(msgspec.msgpack.decode(packed))
    return (_ENCODER.encode(cleaned), mask.count) if mask.count else (packed, 0)


class _Mask:
    def __init__(self, redaction: Redaction) -> None:
        self._redaction = redaction
        self.count = 0

    def value(self, value: Any) -> Any:
        """Return `value` with the texts inside masked."""
        match value:
            case str():
                return self._text(value)
            case list():
                return [self.value(part) for part in value]
            case dict():
                return {self._key(key): part if key == _TAG else self.value(part) for key, part in value.items()}
            case bytes() if value:
                return self._packed(value)
        return value

    def _text(self, text: str) -> str:
        cleaned = self._redaction.redact(text)
        self.count += cleaned != text
        return cleaned

    def _key(self, key: Any) -> Any:
        is_field = not isinstance(key, str) or (key.isidentifier() and key.islower())
        return key if is_field else self._text(key)

    def _packed(self, value: bytes) -> bytes:
        try:
            cleaned, count = masked(value, self._redaction)
        except msgspec.MsgspecError:  # not ours: nobody can say what is in it
            cleaned, count = b"", 1
        self.count += count
        return cleaned
