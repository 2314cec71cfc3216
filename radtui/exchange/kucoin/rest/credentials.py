"""The API key: kept where it cannot be printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NoReturn

from radtui.resilience.failures import BadCredentials

MASK: Final = "••••"
KEY_VERSIONS: Final = ("2", "3")
"""Versions of keys that the exchange makes today; both sign alike, and older ones it refuses."""
_SHORTEST: Final = 4
"""Characters from which on a text is looked for in messages: shorter ones stand in every other word."""


class Credentials:
    """An API key with its secret and passphrase. Its text is masked, it cannot be changed, pickled or encoded.

    Raises:
        BadCredentials: a part is missing or is no plain text, as after an incomplete copy.
    """

    __slots__ = ("_key", "_passphrase", "_secret", "_version")
    _key: str
    _secret: str
    _passphrase: str
    _version: str

    def __init__(self, key: str, secret: str, passphrase: str, *, version: str = "2") -> None:
        for name, part in (("key", key), ("secret", secret), ("passphrase", passphrase)):
            _check(name, part)
        if version not in KEY_VERSIONS:
            raise BadCredentials(
                f"API key version {version!r} is not one of {', '.join(KEY_VERSIONS)}. Nothing was sent. "
                "Look the version up beside the key in the exchange's API management.",
                code="key version",
            )
        for name, part in (("_key", key), ("_secret", secret), ("_passphrase", passphrase), ("_version", version)):
            object.__setattr__(self, name, part)

    @property
    def key(self) -> str:
        """The public part."""
        return self._key

    @property
    def secret(self) -> str:
        """What signs."""
        return self._secret

    @property
    def passphrase(self) -> str:
        """The words chosen when the key was made."""
        return self._passphrase

    @property
    def version(self) -> str:
        """``2`` or ``3``."""
        return self._version

    def hide(self, text: str) -> str:
        """Return `text` without any part of these credentials."""
        return _hide(text, (self.key, self.secret, self.passphrase))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("credentials cannot be changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are not written down")

    def __repr__(self) -> str:
        return f"Credentials({MASK})"


def _check(name: str, part: str) -> None:
    if not part:
        what = "is missing"
    elif part != part.strip():
        what = "begins or ends with a blank or a line break"
    elif not part.isascii() or not part.isprintable():
        what = "holds a character that no KuCoin key has"
    else:
        return
    raise BadCredentials(
        f"The API {name} {what}. Nothing was sent: no order can be placed or cancelled. Copy it once more.",
        code=f"{name} format",
    )


def _hide(text: str, parts: Iterable[str]) -> str:
    for part in sorted(parts, key=len, reverse=True):
        if len(part) >= _SHORTEST:
            text = text.replace(part, MASK)
    return text
