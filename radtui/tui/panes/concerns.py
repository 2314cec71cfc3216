"""What needs a person's eye, worst first: one sentence each, with what is safe and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from radtui.core.alert_view import Severity
from radtui.core.lifecycle import State
from radtui.tui.format import SECOND, clean, since, stamp
from radtui.tui.panes.progress import failing, latest_error, recovery_words, starting_words, stop_words, took
from radtui.tui.panes.view import FEED_LIMIT, View, actor, elapsed, ours
from radtui.tui.widgets.tone import Tone

_GUARDIAN: Final = "guardian"
_WITHOUT: Final = {
    "journal": "no new entries",
    _GUARDIAN: "if the engine died, nobody would look after its orders",
}
"""What it means that a worker is silent, where that is not about the positions' stops."""
_ELSEWHERE: Final = frozenset(
    {
        "position-bare",
        "stop-unfinished",
        "breaker-tripped",
        "books-drift",
        "rival-engine",
        "books-unbalanced",
        "journal-failing",
        "guardian-missing",
        "bot-error",
        "feed-lost",
        "start-stuck",
        "strategy-failing",
        "worker-silent",
    }
)
"""Alerts that only repeat what is a concern or a notice already."""
_FRESH: Final = 600 * SECOND
"""So long what a start found is named among the concerns."""
_SLOW: Final = 10 * SECOND
"""What a start may take before it is said aloud that it takes long."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to know.

    Attributes:
        tone: error where a hand is needed, warn where it is good to know.
    """

    text: str
    tone: Tone = Tone.ERROR


def concerns(view: View) -> list[Concern]:
    """Return everything that needs an eye now, worst first."""
    found = [*_engine(view), *_stop(view), *_money(view)]
    if not view.silent:
        found += [*_state(view), *_breakers(view), *_feed(view), *_workers(view), *_recovery(view), *_alerts(view)]
    notices = view.snapshot.notices[1:] if view.snapshot.hangs else view.snapshot.notices  # the first one says so too
    found += [Concern(text, Tone.WARN) for text in map(clean, notices) if not _told(text, found, view)]
    return sorted(found, key=lambda concern: concern.tone is not Tone.ERROR)


def _told(notice: str, found: list[Concern], view: View) -> bool:
    """Return whether a notice only repeats a concern: the same text, or the same failure in other words."""
    snapshot = view.snapshot
    waiting = snapshot.stopping.waiting[:1] if snapshot.stopping else ()
    notes = (worker.note for worker in snapshot.workers if not worker.healthy)
    causes = {clean(text) for text in (notice, failing(snapshot), *waiting, snapshot.status.error, *notes) if text}
    return any(cause in notice and cause in concern.text for cause in causes for concern in found)


def kept(view: View) -> str:
    """Return what is safe, as far as it is known: a promise of stops where one is missing would be a lie."""
    held = ours(view.snapshot)
    bare = sum(not each.stop_resting for each in held)
    if bare:
        return f"{bare} of {len(held)} positions without a confirmed stop"
    if not held and view.read:
        return "no position is open"
    return "positions keep their stops on the exchange"


def _slow_start(view: View) -> str:
    latest = latest_error(view.snapshot)
    why = f": {clean(latest.message)}" if latest is not None else ""
    waits = starting_words(view.snapshot)
    return f"starting for {took(view.snapshot.status.since, view)}, no entry before it is done; it {waits}{why}"


def _engine(view: View) -> Iterator[Concern]:
    if view.engine_fault:
        what_to_do = f"{view.key('leave')} leaves, then start radtui again"
        yield Concern(f"the engine has ended: {clean(view.engine_fault)}; {kept(view)}; {what_to_do}")
    elif view.reach.trouble:
        yield _off_the_line(view)
    elif view.silent:
        yield Concern(f"the engine has not answered for {view.unheard} s; {kept(view)}")


def _off_the_line(view: View) -> Concern:
    """Say that an engine elsewhere is not heard, and what that means: nothing, for the engine itself."""
    reach, wire = view.reach, view.reach.line
    why = f" ({clean(wire.why)})" if wire is not None and wire.why else ""
    lasted = elapsed(wire.since if wire is not None else None)
    if reach.trouble == "connecting":
        return Concern(f"connecting for {lasted}{why}", Tone.WARN)
    if reach.trouble == "refused":
        return Concern(f"this cockpit is not let in{why}; what flies there flies on")
    safe = f"{kept(view)}, as seen last" if reach.heard else "what it holds is not known"
    flies = "; an engine needs none to fly" if reach.host else ""  # one of this machine that is off it hangs or is dead
    return Concern(f"off the line for {lasted}{flies}; {safe}{why}")


def _stop(view: View) -> Iterator[Concern]:
    under_way = stop_words(view)
    if under_way:
        failed = failing(view.snapshot)
        said = "" if failed in under_way else f"; {failed}"
        why = f"{said}; the engine goes on trying" if failed else ""
        yield Concern(f"{under_way}{why}", Tone.ERROR if failed else Tone.WARN)


def _recovery(view: View) -> Iterator[Concern]:
    """Say for a while that the start found something, so that it is read once."""
    report = view.snapshot.recovery
    if report is not None and report.findings and view.now - report.ended_at < _FRESH:
        yield Concern(f"{recovery_words(report)} at the start; {view.key('palette')} recovery explains", Tone.WARN)


def _money(view: View) -> Iterator[Concern]:
    danger, limit = view.key("emergency"), view.snapshot.protection.limit
    for held in ours(view.snapshot):
        if not held.stop_resting:
            bare = f"{held.symbol} has had no confirmed stop for {held.bare_seconds:.0f} s"
            soon = held.bare_seconds <= limit
            then = f"closed after {limit:.0f} s" if soon else f"{danger} closes everything"
            yield Concern(f"{bare}; {then}", Tone.WARN if soon else Tone.ERROR)
    if view.snapshot.money.identity:
        yield Concern(f"the books do not balance: {view.snapshot.money.identity:+f}; compare with the exchange")


def _state(view: View) -> Iterator[Concern]:
    status = view.snapshot.status
    if status.state is State.ERROR:
        why = clean(status.error) or "the bot stopped on an error"
        yield Concern(f"{why}; {kept(view)}; {view.key('start')} starts again")
    if status.state is State.STARTING and view.now - status.since > _SLOW:
        yield Concern(_slow_start(view), Tone.WARN)
    if status.state is State.PAUSED:
        by = actor(status.who, view.user)
        yield Concern(
            f"paused since {since(status.since, view.now)} by {by}; no entries; {view.key('resume')} resumes", Tone.WARN
        )


def _breakers(view: View) -> Iterator[Concern]:
    for breaker in view.snapshot.breakers:
        if breaker.tripped:
            by_hand = f"you reset it: {view.key('palette')} reset {breaker.name}"
            until = by_hand if breaker.resets_at is None else f"{stamp(breaker.resets_at)} UTC, market time"
            yield Concern(f"{breaker.name} {breaker.why}: only closes, no entries, until {until}", Tone.WARN)


def _workers(view: View) -> Iterator[Concern]:
    for worker in view.snapshot.workers:
        if not worker.healthy:
            if worker.fault:
                yield Concern(f"{clean(worker.fault)}; {kept(view)}")
                continue
            silent = "has never beaten" if worker.age is None else f"is silent for {elapsed(worker.age)}"
            what = _WITHOUT.get(worker.name) or kept(view)
            note = f" ({clean(worker.note)})" if worker.note else ""
            text = f"worker {worker.name} {silent}, limit {worker.limit:.0f} s{note}; {what}"
            yield Concern(text, Tone.WARN if worker.name == _GUARDIAN else Tone.ERROR)


def _alerts(view: View) -> Iterator[Concern]:
    """Say what fires and was not seen, as far as nothing else here says it."""
    for alert in view.snapshot.alerts.firing:
        if alert.rule not in _ELSEWHERE:
            tone = Tone.WARN if alert.severity is Severity.WARNING else Tone.ERROR
            yield Concern(f"{clean(alert.text)}; {view.key('palette')} alerts", tone)


def _feed(view: View) -> Iterator[Concern]:
    silent = view.snapshot.api.oldest_topic
    if silent is not None and silent > FEED_LIMIT:
        began = since(view.snapshot.at - round(silent * SECOND), view.now)
        yield Concern(f"no market data since {began}: no entries; {kept(view)}")
