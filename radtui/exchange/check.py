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
        flies: of a failure, that a flight goes on with all the same, without what it names: what is open is never left
            alone for it.
        passing: of a failure, that it may be over in a while: who is not a person waits for that.
    """

    name: str
    verdict: Verdict
    said: str
    remedy: str = ""
    flies: bool = False
    passing: bool = False


def ok(name: str, said: str) -> Check:
    """Return a finding that is as it should be."""
    return Check(name=name, verdict=Verdict.OK, said=said)


def warn(name: str, said: str, remedy: str) -> Check:
    """Return a finding that somebody should know of."""
    return Check(name=name, verdict=Verdict.WARN, said=said, remedy=remedy)


def fail(name: str, said: str, remedy: str, *, passing: bool = False) -> Check:
    """Return a finding with which the bot must not fly."""
    return Check(name=name, verdict=Verdict.FAIL, said=said, remedy=remedy, passing=passing)


def partial(name: str, said: str, remedy: str) -> Check:
    """Return a finding that is to be put right, and with which the bot flies without what it names."""
    return Check(name=name, verdict=Verdict.FAIL, said=said, remedy=remedy, flies=True)


def failures(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the findings that are to be put right."""
    return tuple(check for check in checks if check.verdict is Verdict.FAIL)


def grounding(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the findings that forbid a flight."""
    return tuple(check for check in failures(checks) if not check.flies)
