"""A survey in words, and as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from radtui.simserver.explore.batch import Survey, Verdict, digest
from radtui.simserver.explore.minimise import MOST_RUNS, Minimal
from radtui.simserver.explore.outcome import Exposure, Plan


def command(plan: Plan) -> str:
    """Return what replays a plan."""
    faults = str(plan.selection) or "none"
    return f"radtui sim run --seeds 1 --first-seed {plan.seed} --faults {faults} --minutes {plan.minutes:g}"


def failure(verdict: Verdict) -> str:
    """Return what a failed seed shows, for people."""
    violation, minimal = verdict.outcome.violation, verdict.minimal
    if violation is None or minimal is None:
        return ""
    found, plan = minimal.outcome.violation or violation, minimal.outcome.plan
    lines = [
        f"seed {plan.seed}: {violation.invariant}: {violation.what} (after {violation.at:.1f} s)",
        f"  needs: {', '.join(minimal.kinds) or 'no fault at all'}",
        f"  with:  {str(plan.selection) or 'no fault at all'}{_rest(minimal)}",
        f"  then:  {found.what} (after {found.at:.1f} s)",
        f"  again: {command(plan)}",
    ]
    return "\n".join(lines)


def document(asked: Survey, verdicts: Sequence[Verdict], wall: float) -> dict[str, Any]:
    """Return everything, for a machine."""
    outcomes = sorted((each.outcome for each in verdicts), key=lambda each: each.plan.seed)
    simulated, spent = (sum(getattr(each, name) for each in outcomes) for name in ("simulated", "spent"))
    tally = {name: sum(getattr(each.tally, name) for each in outcomes) for name in TALLIED}
    return {
        "version": 1,
        "seeds": asked.seeds,
        "first_seed": asked.first,
        "faults": str(asked.selection),
        "minutes": asked.minutes,
        "digest": digest(outcomes),
        "digests": {str(each.plan.seed): each.digest for each in outcomes},
        "simulated_s": round(simulated, 3),
        "processor_s": round(spent, 3),
        "wall_s": round(wall, 3),
        "simulated_per_processor_s": round(simulated / spent, 1) if spent else None,
        "seen": tally,
        "protection": _protection([each.exposure for each in outcomes]),
        "clean": sum(each.violation is None for each in outcomes),
        "violations": [_violation(each) for each in verdicts if each.outcome.violation is not None],
    }


TALLIED = ("lives", "crashes", "requests", "orders", "asks", "faults")


def _protection(exposures: Sequence[Exposure]) -> dict[str, float]:
    """Return how closely positions were watched: seconds with one, shares of them, the worst time without a stop."""
    held = sum(each.held for each in exposures)
    return {
        "position_s": round(held, 3),
        "excused_share": round(sum(each.excused for each in exposures) / held, 4) if held else 0.0,
        "bare_share": round(sum(each.bare for each in exposures) / held, 6) if held else 0.0,
        "worst_bare_s": round(max((each.worst for each in exposures), default=0.0), 3),
    }


def summary(document: dict[str, Any]) -> str:
    """Return a survey in one sentence."""
    seen = ", ".join(f"{count} {name}" for name, count in document["seen"].items())
    hours, pace = document["simulated_s"] / 3600, document["simulated_per_processor_s"] or 0
    watched = document["protection"]
    return (
        f"{document['clean']} of {document['seeds']} seeds clean; {hours:.1f} simulated hours "
        f"({pace:.0f} s a second of one core); {seen}; at most {watched['worst_bare_s']:.1f} s without a stop "
        f"and an excuse, {watched['excused_share']:.0%} of the time with a position excused; hash {document['digest']}"
    )


def _violation(verdict: Verdict) -> dict[str, Any]:
    violation, minimal = verdict.outcome.violation, verdict.minimal
    if violation is None or minimal is None:
        return {}
    return {
        "seed": verdict.outcome.plan.seed,
        "invariant": violation.invariant,
        "at_s": violation.at,
        "what": violation.what,
        "kinds": list(minimal.kinds),
        "minimal": str(minimal.outcome.plan.selection),
        "runs": minimal.runs,
        "replay": command(minimal.outcome.plan),
        "digest": verdict.outcome.digest,
    }


def _rest(minimal: Minimal) -> str:
    return f" (perhaps fewer: the search ended after {MOST_RUNS} runs)" if minimal.runs >= MOST_RUNS else ""
