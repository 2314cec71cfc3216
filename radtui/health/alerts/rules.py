"""All rules, and judging them: on what is, never on lines of a log."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from radtui.core.snapshot import Snapshot
from radtui.health.alerts import cycle_rules, feed_rules, own_rules, safety_rules, squad_rules, strategy_rules
from radtui.health.alerts.own_rules import BROKEN, SILENT
from radtui.health.alerts.rule import Finding, Judgement, Rule
from radtui.resilience.redaction import named

JUDGED: Final = (
    *safety_rules.RULES,
    *squad_rules.RULES,
    *cycle_rules.RULES,
    *feed_rules.RULES,
    *strategy_rules.RULES,
    *own_rules.RULES,
)
"""Those that are judged of a snapshot."""
RULES: Final = {rule.name: rule for rule in (*JUDGED, SILENT, BROKEN)}
"""All of them, by name."""


def judge(snapshot: Snapshot, rules: Iterable[Rule] = JUDGED) -> list[Judgement]:
    """Return what is true now, a rule and a subject each."""
    found: list[Judgement] = []
    for rule in rules:
        try:
            found += [Judgement(rule, finding) for finding in rule.find(snapshot)]
        except Exception as error:  # supervision point: a rule that breaks must not silence the others
            text = f"the rule {rule.name} cannot be judged: {named(error)}"
            found.append(Judgement(BROKEN, Finding(rule.name, text)))
    return found
