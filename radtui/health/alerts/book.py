"""The book of alerts: firing, acknowledged, resolved, and what came back before its cooldown was over. Pure.

An alert is a rule and a subject. It is over when nothing was found for a while, so one that flickers is one alert; one
that comes back within the cooldown is the same alert again. All of it survives a restart through the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from radtui.core.alert_view import AlertView, Phase
from radtui.core.market import SECOND
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.rule import Judgement
from radtui.health.alerts.rules import RULES

MOST_OPEN: Final = 200
"""Alerts that are open at once; what is found beyond them waits."""
KEPT: Final = 200
"""Resolved ones."""

Key = tuple[str, str]


class NoSuchAlert(Exception):
    """No open alert has that id; the message names those there are."""


class Book:
    """Keeps alerts.

    Args:
        known: those of earlier runs, oldest first.
        at: wall clock, nanoseconds UTC: what was found then is taken to be so still, until this run has looked.
    """

    def __init__(self, policy: Policy, known: Iterable[AlertView] = (), at: int = 0) -> None:
        self.policy = policy
        alerts = list(known)
        self._open = {_key(each): each for each in alerts if each.open}
        self._seen_at = dict.fromkeys(self._open, at)
        self._history = [each for each in alerts if not each.open][-KEPT:]
        self._number = max((int(each.id) for each in alerts if each.id.isdecimal()), default=0)
        self._found_since: dict[Key, int] = {}
        self._changed: dict[str, AlertView] = {}

    @property
    def open(self) -> tuple[AlertView, ...]:
        """Firing and acknowledged ones, the worst first, then the newest."""
        return tuple(sorted(self._open.values(), key=lambda each: (-each.severity.rank, -each.fired_at)))

    @property
    def history(self) -> tuple[AlertView, ...]:
        """Resolved ones, the newest first."""
        return tuple(reversed(self._history))

    def look(self, judgements: Iterable[Judgement], at: int, *, recovered: bool) -> None:
        """Take in what was found at `at`.

        Args:
            recovered: the engine has compared everything with the exchange; before that, what needs it is not over.
        """
        found = {each.key: each for each in judgements if each.rule.name not in self.policy.muted}
        self._found_since = {key: self._found_since.get(key, at) for key in found}
        self._seen_at = {key: self._seen_at.get(key, at) for key in self._open} | dict.fromkeys(found, at)
        for key, judgement in found.items():
            self._take(key, judgement, at)
        for key, alert in list(self._open.items()):
            if key not in found and at - self._seen_at[key] >= self.policy.calm and (recovered or _judgeable(alert)):
                self._resolve(key, alert, at)

    def due(self, at: int) -> list[AlertView]:
        """Return what is to be told now, and note that it was."""
        fires = [each for each in self.open if self.policy.fires(each, at)]
        clears = [each for each in self._history if self.policy.clears(each, at)]
        fired = [self._put(replace(each, sent_at=at)) for each in fires]
        return [*fired, *(self._put(replace(each, cleared_at=at)) for each in clears)]

    def acknowledge(self, alert_id: str, who: str, at: int) -> list[AlertView]:
        """Note that somebody has seen an alert, or all that fire where none is named; return which that is news of.

        Raises:
            NoSuchAlert: none that is open has that id.
        """
        meant = [each for each in self.open if alert_id in {"", each.id}]
        if alert_id and not meant:
            there = ", ".join(each.id for each in self.open) or "none"
            raise NoSuchAlert(f"no open alert has the id {alert_id}; open are: {there}")
        seen = [each for each in meant if each.firing]
        return [self._put(replace(each, phase=Phase.ACKNOWLEDGED, by=who, acknowledged_at=at)) for each in seen]

    def changes(self) -> list[AlertView]:
        """Return what has changed since the last call, to be kept."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def _take(self, key: Key, judgement: Judgement, at: int) -> None:
        alert = self._open.get(key)
        if alert is not None:
            self._renew(key, alert, judgement, at)
        elif at - self._found_since[key] >= judgement.rule.persists * SECOND and len(self._open) < MOST_OPEN:
            self._fire(key, judgement, at)

    def _renew(self, key: Key, alert: AlertView, judgement: Judgement, at: int) -> None:
        fresh = replace(alert, text=judgement.finding.text, severity=judgement.severity)
        self._open[key] = fresh
        if judgement.severity.rank > alert.severity.rank:  # who has seen the lesser one has not seen this
            self._put(replace(fresh, phase=Phase.FIRING, fired_at=at, sent_at=None, by="", acknowledged_at=None))

    def _fire(self, key: Key, judgement: Judgement, at: int) -> None:
        before = next((each for each in self.history if _key(each) == key), None)
        if before is not None and at - before.since < self.policy.cooldown:
            self._history.remove(before)
            self._open[key] = self._again(before, judgement, at)
        else:
            self._number += 1
            self._open[key] = _new(str(self._number), judgement, at)
        self._put(self._open[key])

    @staticmethod
    def _again(before: AlertView, judgement: Judgement, at: int) -> AlertView:
        return replace(
            before,
            severity=judgement.severity,
            text=judgement.finding.text,
            fired_at=at,
            times=before.times + 1,
            phase=Phase.ACKNOWLEDGED if before.by else Phase.FIRING,
            resolved_at=None,
        )

    def _resolve(self, key: Key, alert: AlertView, at: int) -> None:
        del self._open[key]
        over = replace(alert, phase=Phase.RESOLVED, resolved_at=at)
        self._history.append(over)
        del self._history[:-KEPT]
        self._changed[over.id] = over

    def _put(self, alert: AlertView) -> AlertView:
        """Put a changed alert in the place of what it was."""
        if alert.open:
            self._open[_key(alert)] = alert
        else:
            self._history = [alert if each.id == alert.id else each for each in self._history]
        self._changed[alert.id] = alert
        return alert


def _key(alert: AlertView) -> Key:
    return alert.rule, alert.subject


def _judgeable(alert: AlertView) -> bool:
    rule = RULES.get(alert.rule)
    return rule is None or not rule.recovered


def _new(alert_id: str, judgement: Judgement, at: int) -> AlertView:
    rule, finding = judgement.rule, judgement.finding
    return AlertView(
        id=alert_id,
        rule=rule.name,
        subject=finding.subject,
        severity=judgement.severity,
        text=finding.text,
        todo=rule.todo,
        since=at,
        fired_at=at,
    )
