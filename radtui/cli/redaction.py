"""No secret in any output (row C4): by the name of its key, by the pattern of a line, and by the secret's own text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

MASK: Final = "••••"
_SHORTEST: Final = 6
"""A shorter secret would turn up inside ordinary words; the patterns still catch it under its name."""

_NAMES: Final = (
    r"kc-api-[a-z-]+|(?:x-)?api[-_]?key|(?:api[-_]?)?secret(?:[-_]?key)?|private[-_]?key|passphrase|password|passwd"
    r"|(?:proxy-)?authorization|[a-z]*[-_]?token|signature|sign|set-cookie|cookie"
)
_SECRET_KEY: Final = re.compile(rf"(?:[a-z0-9]+[-_])*(?:{_NAMES})", re.IGNORECASE)
_NAMED: Final = re.compile(
    rf"(?P<name>(?<![a-z])(?:{_NAMES})\\?[\"']?\s*[:=]\s*)"
    r"(?:(?P<escaped>\\\")(?:(?!\\\").)*(?:\\\"|$)"
    r"|(?P<quote>[\"'])(?:\\.|(?!(?P=quote)).)*(?:(?P=quote)|$)"
    r"|(?:(?:bearer|basic)\s+)?[^\s,;&}\])\"'\\]+)",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_BEARER: Final = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}", re.IGNORECASE)
_LOGIN: Final = re.compile(r"(://)[^/@\s\"']+@")

_STEMS: Final = ("key", "secret", "pass", "token", "auth", "sign", "cookie", "kc-api", "bearer", "basic", "://")
"""A text without any of these has nothing for the patterns: most lines of a log are through in a microsecond."""

_known: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """Mask these very texts from now on, wherever they turn up in this process's output."""
    _known.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def redact(text: str) -> str:
    """Return `text` without secrets."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    lower = text.lower()
    if not any(stem in lower for stem in _STEMS):
        return text
    text = _NAMED.sub(_masked, text)
    text = _BEARER.sub(rf"\1 {MASK}", text)
    return _LOGIN.sub(rf"\1{MASK}@", text)


def suspicious(raw: bytes) -> bool:
    """Return whether texts inside `raw` may hold a secret; where not, `redact` would leave all of them as they are."""
    lower = raw.lower()
    return any(stem.encode() in lower for stem in _STEMS) or any(secret.encode() in raw for secret in _known)


def redact_values(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Return `fields` fit for JSON: secret names masked, every text inside without secrets, other things as their text.

    It works on the values, not on the finished JSON, so that what comes out is still JSON.
    """
    return {_name(name): MASK if _is_secret(str(name)) else _inside(value) for name, value in fields.items()}


@lru_cache(1024)
def _is_secret(name: str) -> bool:
    return _SECRET_KEY.fullmatch(name) is not None


def _name(name: object) -> str:
    """Return the name of a field, cleaned where it is more than a plain name."""
    text = str(name)
    return text if text.isidentifier() and not _known else redact(text)


def _inside(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return redact_values(value)
    return [_inside(part) for part in value] if isinstance(value, list | tuple) else redact(str(value))


def _masked(found: re.Match[str]) -> str:
    quote = found["escaped"] or found["quote"] or ""
    return f"{found['name']}{quote}{MASK}{quote}"
