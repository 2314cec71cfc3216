"""Bearer tokens as they are written in the settings: each with a name for the audit and what it may."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

SHORTEST: Final = 24
"""Characters of a token: of random ones, so many cannot be guessed."""
ALLOWED: Final = (
    "NAME:SCOPE:TOKEN, separated by commas; SCOPE is read or control, "
    f"TOKEN has {SHORTEST} to 200 of A–Z, a–z, 0–9 and -._~"
)
_ONE: Final = re.compile(rf"([A-Za-z0-9_-]{{1,32}}):(read|control):([A-Za-z0-9._~-]{{{SHORTEST},200}})")


class Token(NamedTuple):
    """One token. `scope` is ``read`` or ``control``."""

    name: str
    scope: str
    secret: str

    def __repr__(self) -> str:
        return f"Token({self.name}, {self.scope})"


def parse_tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens of a text, separated by commas or line ends.

    Raises:
        ValueError: one cannot be used, or two share a name or a token; the message shows none of them.
    """
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    found = [_ONE.fullmatch(part) for part in parts]
    tokens = tuple(Token(*match.groups()) for match in found if match)
    if len(tokens) < len(parts):
        raise ValueError(ALLOWED)
    if len({token.name for token in tokens}) < len(tokens) or len({token.secret for token in tokens}) < len(tokens):
        raise ValueError("each token has a name of its own, and no two are the same")
    return tokens
