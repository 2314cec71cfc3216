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
    r"kc[-_]?api[-_]?[a-z-]+|(?:x-)?api[-_]?keys?|[a-z]*[-_]?secrets?(?:[-_]?keys?)?|private[-_]?keys?|pass[-_]?phrases?"
    r"|passwords?|passwd|pwd|credentials?|session[-_]?id|(?:proxy-)?authorization|[a-z]*[-_]?token(?:s(?=\W{1,6}\S{6}))?"
    r"|signature|sign|set-cookie|cookies?"
)
_SECRET_KEY: Final = re.compile(rf"(?:[a-z0-9]+[-_.]+)*(?:{_NAMES}|[a-z]*[-_]?tokens|pass|auth|bearer)", re.IGNORECASE)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_IS: Final = r"\\?[\"']?\s*(?:[:=]|%3[ad])\s*+"
_NAMED: Final = re.compile(
    rf"(?P<name>(?<![a-z])(?:{_NAMES}){_IS}\[?)"
    r"(?:(?P<escaped>\\\")(?:(?!\\\").)*(?:\\\"|$)"
    r"|(?P<quote>[\"'])(?:\\.|(?!(?P=quote)).)*(?:(?P=quote)|$)"
    r"|(?:(?:bearer|basic)\s+)?[^\s,;&}\])\"'\\]+)",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_PAIR: Final = re.compile(
    rf"(?P<name>(?P<around>[\"'])(?:[a-z0-9]+[-_])*(?:{_NAMES})(?P=around)\s*,\s*b?)"
    r"(?P<quote>[\"'])(?:\\.|(?!(?P=quote)).)*(?P=quote)(?P<escaped>)",
    re.IGNORECASE | re.ASCII,
)
"""A header as libraries hold it: its name, a comma, its value."""
_PATTERNS: Final = tuple(
    (stem, re.compile(pattern, re.IGNORECASE | re.DOTALL), kept)
    for stem, pattern, kept in (
        ("authorization", rf"(authorization{_IS})[^\r\n\"'}}\]\\]+", rf"\1{MASK}"),  # the whole line of the header
        ("cookie", rf"(cookie{_IS})[^\r\n\"'}}\]\\]+", rf"\1{MASK}"),
        ("bearer", r"\b(bearer[\s:=]+)[a-z0-9._~+/=-]{6,}", rf"\1{MASK}"),
        ("basic", r"\b(basic[\s:=]+)[a-z0-9._~+/=-]{6,}", rf"\1{MASK}"),
        ("://", r"(://)[^/@\s\"']+@", rf"\1{MASK}@"),
        # of a channel of the alerts the whole address is a secret, and so of any other service that we do not know
        (
            "://",
            r"\b(?!(?:https?|wss?|file|sqlite|postgresql|tcp|unix)\b)([a-z][a-z0-9.]+://)[^\s\"'<>]{6,}",
            rf"\1{MASK}",
        ),
        (":read:", r"(:read:)[a-z0-9._~-]{6,}", rf"\1{MASK}"),  # a token of our own API
        (":control:", r"(:control:)[a-z0-9._~-]{6,}", rf"\1{MASK}"),
        ("eyj", r"\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*", MASK),  # a JSON Web Token
        ("private key", r"(-----BEGIN [a-z ]*PRIVATE KEY-----).*?(-----END|$)", rf"\1{MASK}\2"),
    )
)
"""What each pattern needs, the pattern, and what is left of it."""
_NAME_STEMS: Final = (
    "key", "secret", "pass", "pwd", "token", "auth", "sign", "cookie", "kc", "credential", "session",
)  # fmt: skip
_STEMS: Final = tuple(dict.fromkeys((*_NAME_STEMS, *(stem for stem, _, _ in _PATTERNS))))
"""A text without any of these has nothing for the patterns: most lines of a log are through in a microsecond."""

_known: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """Mask these very texts from now on, wherever they turn up in this process's output.

    An address that has nothing behind its scheme is none: masked, it would keep the patterns from knowing the others.
    """
    _known.update(secret for secret in secrets if len(secret) >= _SHORTEST and not secret.endswith("://"))


def redact(text: str) -> str:
    """Return `text` without secrets."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    lower = text.lower()
    if not any(stem in lower for stem in _STEMS):
        return text
    for stem, pattern, kept in _PATTERNS:
        if stem in lower:
            text = pattern.sub(kept, text)
    if any(stem in lower for stem in _NAME_STEMS):
        text = _NAMED.sub(_masked, _PAIR.sub(_masked, text))
    return text


def named(error: BaseException) -> str:
    """Return the kind and the words of an error that anything may have raised, without secrets."""
    return redact(f"{type(error).__name__}: {error}")


def suspicious(raw: bytes) -> bool:
    """Return whether texts inside `raw` may hold a secret; where not, `redact` would leave all of them as they are."""
    lower = raw.lower()
    return any(stem.encode() in lower for stem in _STEMS) or any(secret.encode() in raw for secret in _known)


def redact_values(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Return `fields` fit for JSON: secret names masked, every text inside without secrets, other things as their text.

    It works on the values, not on the finished JSON, so that what comes out is still JSON.
    """
    return {_name(name): MASK if _hides(name, value) else _inside(value) for name, value in fields.items()}


def _hides(name: object, value: object) -> bool:
    """Return whether a field is a secret; of many a number is only how many there are."""
    text = name.decode(errors="replace") if isinstance(name, bytes) else str(name)
    return _is_secret(text) and not (text.endswith("s") and isinstance(value, int | float))


@lru_cache(1024)
def _is_secret(name: str) -> bool:
    return _SECRET_KEY.fullmatch(_HUMP.sub("_", name)) is not None


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
    if not isinstance(value, list | tuple):
        return redact(str(value))
    if len(value) == 2 and isinstance(value[0], str | bytes) and _hides(*value):
        return [_inside(value[0]), MASK]
    return [_inside(part) for part in value]


def _masked(found: re.Match[str]) -> str:
    quote = found["escaped"] or found["quote"] or ""
    return f"{found['name']}{quote}{MASK}{quote}"
