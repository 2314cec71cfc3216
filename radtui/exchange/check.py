"""One finding before a flight: what was looked at, whether it will do, and what to do where it will not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec


class Verdict(StrEnum):
    """How a finding stands to a flight."""

    OK = "ok"
    WARN = "warn"
    """The bot may fly, but somebody should know."""
    FAIL = "fail"
    """The bot must not fly so."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One finding.

    Attributes:
        name: what was looked at, in a word or two.
        said: what was found, one or two sentences.
        remedy: what to do about it; empty where nothing is to be done.
    """

    name: str
    verdict: Verdict
    said: str
    remedy: str = ""


def ok(name: str, said: str) -> Check:
    """Return a finding that is as it should be."""
    return Check(name=name, verdict=Verdict.OK, said=said)


def warn(name: str, said: str, remedy: str) -> Check:
    """Return a finding that somebody should know of."""
    return Check(name=name, verdict=Verdict.WARN, said=said, remedy=remedy)


def fail(name: str, said: str, remedy: str) -> Check:
    """Return a finding with which the bot must not fly."""
    return Check(name=name, verdict=Verdict.FAIL, said=said, remedy=remedy)


def failures(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the findings that forbid a flight."""
    return tuple(check for check in checks if check.verdict is Verdict.FAIL)
