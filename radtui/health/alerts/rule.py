"""What a rule is: something that is judged of a snapshot, for each subject by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from radtui.core.alert_view import Severity
from radtui.core.snapshot import Snapshot


class Finding(msgspec.Struct, frozen=True):
    """A subject of which a rule is true now.

    Attributes:
        text: what is, against its limit, and what it means for the money.
        severity: where it is not the rule's own.
    """

    subject: str
    text: str
    severity: Severity | None = None


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule.

    Attributes:
        name: unique; what settings and people call it.
        says: what it looks for, with its limits, for people.
        todo: what to do when it fires.
        find: returns what it is true of; at most one finding a subject.
        persists: seconds for which it must stay true before it fires.
        recovered: it can be judged only after the engine has compared everything with the exchange.
    """

    name: str
    severity: Severity
    says: str
    todo: str
    find: Callable[[Snapshot], Iterable[Finding]]
    persists: float = 0.0
    recovered: bool = False


class Judgement(msgspec.Struct, frozen=True):
    """A finding with its rule."""

    rule: Rule
    finding: Finding

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same alert: rule and subject."""
        return self.rule.name, self.finding.subject

    @property
    def severity(self) -> Severity:
        """The finding's own severity, else the rule's."""
        return self.finding.severity or self.rule.severity
