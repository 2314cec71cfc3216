"""``radtui replay``: a recorded flight told to core once more, up to the first answer that is another one now."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, Final

import msgspec
from cyclopts import Parameter

from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.core.orders import DONE
from radtui.core.snapshot import Snapshot
from radtui.store.recording import NotARecording, chain, opened
from radtui.store.rerun import Divergence, Outcome, Until, rerun

_SECOND: Final = 1_000_000_000
_MOST_ORDERS: Final = 8


def replay(
    where: Annotated[Path, Parameter(help="A segment, the folder of a start, or one above it.")],
    /,
    *,
    until: Annotated[
        str | None, Parameter(help="Last event: its number, or a moment in UTC like 2026-01-31T12:00:00.")
    ] = None,
    as_json: Annotated[bool, Parameter(name="--json", help="Print one JSON document.", negative="")] = False,
) -> int:
    """Run a recorded flight again and compare what core decides with what it decided then.

    Exits with 0 where all is the same, 1 at the first difference, 2 where it is not a recording.
    """
    try:
        boots = chain(where)
        ends = _ends(until, len(boots))
        replayed = [_timed(boot, ends) for boot in boots]
    except NotARecording as unreadable:
        raise Failure(str(unreadable), todo="give a .radrec file or its folder", code=Exit.USAGE) from None
    if until is not None and not any(outcome.events for outcome, _ in replayed):
        raise _too_early(until, replayed[0][0])
    if as_json:
        say(json.dumps({"recordings": [_document(outcome, seconds) for outcome, seconds in replayed]}, indent=2))
    else:
        say("\n\n".join("\n".join(_page(outcome, seconds)) for outcome, seconds in replayed))
    return Exit.REFUSED if any(outcome.diverged for outcome, _ in replayed) else Exit.DONE


def _timed(boot: list[Path], ends: Until) -> tuple[Outcome, float]:
    began = perf_counter()
    outcome = rerun((opened(path) for path in boot), ends)
    if not outcome.replayed and outcome.events:
        raise NotARecording(f"{boot[0].name} cannot be replayed: {'; '.join(outcome.notes)}")
    return outcome, perf_counter() - began


def _ends(until: str | None, boots: int) -> Until:
    """Return what tells of an event whether the replay is over before it."""
    if until is None:
        return lambda _sequence, _at: False
    if until.isdecimal():
        if boots > 1:
            raise Failure("--until NUMBER needs one start", todo="give the folder of one start", code=Exit.USAGE)
        last = int(until)
        return lambda sequence, _at: sequence > last
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        todo = "give an event's number, or UTC like 2026-01-31T12:00:00"
        raise Failure(f"--until {until} is neither", todo=todo, code=Exit.USAGE) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    end = round(moment.timestamp() * _SECOND)
    return lambda _sequence, at: at > end


def _too_early(until: str, earliest: Outcome) -> Failure:
    head = earliest.heads[0]
    begins = f"What is there begins with event {head.first}, of the start of {_utc(head.config.boot)}."
    return Failure(f"--until {until}: no event lies before it", means=begins, todo="give a later one", code=Exit.USAGE)


def _document(outcome: Outcome, seconds: float) -> dict[str, Any]:
    first = outcome.heads[0]
    return {
        "same": outcome.diverged is None,
        "bot": first.config.bot,
        "boot": first.config.boot,
        "radtui": first.radtui,
        "segments": len(outcome.heads),
        "events": outcome.events,
        "replayed": outcome.replayed,
        "from": outcome.since or None,
        "to": outcome.until or None,
        "kinds": dict(outcome.kinds.most_common()),
        "commands": dict(outcome.commands.most_common()),
        "facts": dict(outcome.facts.most_common()),
        "receipts": outcome.receipts,
        "masked": outcome.masked,
        "notes": outcome.notes,
        "seconds": round(seconds, 3),
        "events_per_second": round(outcome.replayed / seconds) if seconds else None,
        "diverged": msgspec.to_builtins(outcome.diverged),
        "snapshot": msgspec.to_builtins(outcome.snapshot),
    }


def _page(outcome: Outcome, seconds: float) -> Iterator[str]:
    first = outcome.heads[0]
    count = len(outcome.heads)
    yield f"{first.config.bot}, started {_utc(first.config.boot)}, radtui {first.radtui}, segments: {count}"
    if not outcome.events:
        yield "  no event lies in what was asked for"
        yield from _noted(outcome)
        return
    yield f"  {outcome.events} events, {_utc(outcome.since)} to {_utc(outcome.until)}"
    yield f"  told: {_counted(outcome.kinds)}"
    yield f"  answered: {_counted(outcome.commands)}"
    yield f"  said: {_counted(outcome.facts)}"
    yield from (f"  receipt: {receipt}" for receipt in outcome.receipts)
    yield from _noted(outcome)
    yield f"  replayed {outcome.replayed} in {seconds:.2f} s, {outcome.replayed / max(seconds, 1e-9):,.0f} a second"
    if outcome.diverged is not None:
        yield from _diverged(outcome.diverged)
        return
    if outcome.snapshot is not None:
        yield from _picture(outcome.snapshot)
    yield "the same: core answers every event as it did then"


def _noted(outcome: Outcome) -> Iterator[str]:
    yield from (f"  note: {note}" for note in outcome.notes)
    if outcome.masked:
        yield f"  note: {outcome.masked} texts were masked when this was written; they may differ for that alone"


def _diverged(found: Divergence) -> Iterator[str]:
    kind = found.event.get("type")
    told = json.dumps({name: value for name, value in found.event.items() if name != "type"}, default=str)
    yield f"DIFFERENT at event {found.sequence}, {kind} at {_utc(found.at)}: {told[:2000]}"
    yield from (f"  {difference}" for difference in found.differences)
    yield "  as core is now, after it:"
    yield from (f"  {line}" for line in _picture(found.snapshot))


def _picture(snapshot: Snapshot) -> Iterator[str]:
    status, money = snapshot.status, snapshot.money
    yield f"  {status.state}: {status.why or status.who}; equity {money.equity} {money.currency}"
    for position in snapshot.positions:
        rests = "resting" if position.stop_resting else "not confirmed"
        yield f"  position {position.symbol} {position.lots} lots, stop {position.stop} {rests}"
    for order in [order for order in snapshot.orders if order.state not in DONE][:_MOST_ORDERS]:
        yield f"  order {order.client_id} {order.symbol} {order.purpose} {order.state}"


def _counted(counts: Counter[str]) -> str:
    return " · ".join(f"{name} {count}" for name, count in counts.most_common()) or "nothing"


def _utc(at: int) -> str:
    moment = datetime.fromtimestamp(at // _SECOND, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{at // 1_000_000 % 1000:03} UTC"
