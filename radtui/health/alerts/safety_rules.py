"""Rules on the money: stops, stops of the bot, breakers, books, journal, guardian (rows W3, O3, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.instruction import Ask
from radtui.core.market import HOUR, MINUTE, SECOND
from radtui.core.snapshot import Snapshot
from radtui.health.alerts.rule import Finding, Rule

NEAR: Final = 80.0
"""Percent of its limit from which on the loss of a day is worth a warning."""
LONGEST_STOP: Final = 60.0
"""Seconds that a stop of the bot may take."""
DAILY_LOSS: Final = "daily loss"
_RECENT: Final = 10 * MINUTE
"""So long a difference between books and exchange counts as new."""
_TOLD: Final = HOUR
"""So long what a guardian did is news."""
_GRAVE: Final = frozenset({DAILY_LOSS, "drawdown"})
_RESTS: Final = frozenset({Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP})


def _bare(snapshot: Snapshot) -> Iterator[Finding]:
    limit = snapshot.protection.limit
    for held in snapshot.positions:
        if held.own and not held.stop_resting and held.bare_seconds > limit:
            text = f"{held.symbol} has had no confirmed stop for {held.bare_seconds:.0f} s, limit {limit:g} s"
            yield Finding(held.symbol, f"{text}; it is being closed, and closing is tried again until it is done")


def _unverified(snapshot: Snapshot) -> Iterator[Finding]:
    receipt = snapshot.receipt
    if receipt is not None and receipt.ask in _RESTS and receipt.unverified:
        yield Finding(f"{receipt.ask}", f"{receipt.ask} ended unverified: {'; '.join(receipt.unverified)}")


def _unfinished(snapshot: Snapshot) -> Iterator[Finding]:
    way = snapshot.flatten or snapshot.stopping
    if way is None or snapshot.at - way.since <= LONGEST_STOP * SECOND:
        return
    name = "emergency stop" if snapshot.flatten else "stop"
    left = snapshot.flatten.remaining if snapshot.flatten else snapshot.stopping.waiting if snapshot.stopping else ()
    why = f" ({way.failing})" if way.failing else ""
    said = "; ".join(left) or "the exchange has not shown that all is done"
    yield Finding(name, f"a {name} is not done after {(snapshot.at - way.since) // SECOND} s: {said}{why}; it goes on")


def _breakers(snapshot: Snapshot) -> Iterator[Finding]:
    for breaker in snapshot.breakers:
        if breaker.tripped:
            severity = Severity.ALARM if breaker.name in _GRAVE else Severity.WARNING
            yield Finding(breaker.name, f"{breaker.name} tripped: {breaker.why}; no entries, only closes", severity)


def _loss(snapshot: Snapshot) -> Iterator[Finding]:
    for breaker in snapshot.breakers:
        if breaker.name == DAILY_LOSS and _near(breaker):
            text = f"the day's loss is {breaker.value}, {breaker.share:.0f} % of its limit of {breaker.limit}"
            yield Finding(breaker.name, f"{text}; beyond it entries end for the day")


def _near(breaker: TradingBreakerView) -> bool:
    return not breaker.tripped and breaker.share is not None and breaker.share >= NEAR


def _drift(snapshot: Snapshot) -> Iterator[Finding]:
    books = snapshot.reconcile
    if books.last is not None and books.last_drift_at is not None and snapshot.at - books.last_drift_at < _RECENT:
        last = f"{books.last.subject}: {books.last.difference}"
        yield Finding("books", f"{books.drifts} differences to the exchange that ours do not explain, the last: {last}")


def _rival(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.reconcile.rival:
        yield Finding("rival", f"{snapshot.reconcile.rival}; no entries here")


def _unbalanced(snapshot: Snapshot) -> Iterator[Finding]:
    money = snapshot.money
    if money.identity:
        yield Finding("balance", f"the account differs from our own sums by {money.identity:+f} {money.currency}")


def _journal(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.journal:
        yield Finding("journal", snapshot.journal)


def _guardian(snapshot: Snapshot) -> Iterator[Finding]:
    if snapshot.guardian.missing:
        yield Finding("guardian", snapshot.guardian.missing)


def _deeds(snapshot: Snapshot) -> Iterator[Finding]:
    at = snapshot.guardian.acted_at
    if at is not None and snapshot.at - at < _TOLD:
        severity = Severity.ALARM if snapshot.guardian.changed else Severity.WARNING
        yield Finding("guardian", snapshot.guardian.deeds, severity)


RULES: Final = (
    Rule(
        name="position-bare",
        severity=Severity.ALARM,
        says="a position has no confirmed stop beyond the limit of protection.within",
        todo="look at the exchange; `radtui emergency-stop` closes everything",
        find=_bare,
        recovered=True,
    ),
    Rule(
        name="stop-unverified",
        severity=Severity.ALARM,
        says="a stop of the bot ended without the exchange having shown that all is settled",
        todo="look at the exchange for what is named; `radtui emergency-stop` closes everything",
        find=_unverified,
    ),
    Rule(
        name="stop-unfinished",
        severity=Severity.ALARM,
        says=f"a stop of the bot is not done after {LONGEST_STOP:g} s",
        todo="look at the exchange for what is named; the engine goes on trying",
        find=_unfinished,
    ),
    Rule(
        name="breaker-tripped",
        severity=Severity.WARNING,
        says="a trading breaker tripped: no entries until it resets",
        todo="see why: `radtui breakers`; `radtui reset-breakers` lets entries through again",
        find=_breakers,
        recovered=True,
    ),
    Rule(
        name="daily-loss",
        severity=Severity.WARNING,
        says=f"the day's loss is at {NEAR:g} % of its limit",
        todo="pause the bot if you do not trust it today: `radtui pause`",
        find=_loss,
        recovered=True,
    ),
    Rule(
        name="books-drift",
        severity=Severity.ERROR,
        says="books and exchange differ, and nothing of ours explains it",
        todo="see `radtui report reconcile`: somebody else may trade on this account",
        find=_drift,
        recovered=True,
    ),
    Rule(
        name="rival-engine",
        severity=Severity.ALARM,
        says="another engine flies under this bot's name",
        todo="shut one of the two down: `radtui shutdown`",
        find=_rival,
    ),
    Rule(
        name="books-unbalanced",
        severity=Severity.ERROR,
        says="equity and its parts differ",
        todo="compare with the exchange: `radtui report reconcile`",
        find=_unbalanced,
        persists=10.0,
        recovered=True,
    ),
    Rule(
        name="journal-failing",
        severity=Severity.ALARM,
        says="the journal cannot be written: no entries",
        todo="free or mend the disk; writing goes on by itself",
        find=_journal,
    ),
    Rule(
        name="guardian-missing",
        severity=Severity.ERROR,
        says="no guardian answers: nobody would look after the orders of a dead engine",
        todo="start one: `radtui guard`; its log says why it ended",
        find=_guardian,
    ),
    Rule(
        name="guardian-acted",
        severity=Severity.ALARM,
        says="the guardian acted while the engine was silent",
        todo="see what it did, and why the engine was silent: `radtui report reconcile`",
        find=_deeds,
    ),
)
"""All of them."""
