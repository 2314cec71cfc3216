"""Two logs of one day side by side: every divergence, with its cause.

Once the two have come apart (another position, another equity), what follows from that is named as such: it is the
first divergence of a chain that tells something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from radtui.backtest.honesty.flown import Run
from radtui.backtest.honesty.log import Decision, Done, Key
from radtui.core.money import ratio
from radtui.core.orders import Purpose
from radtui.core.signal import Action, Signal
from radtui.core.why_view import GateView

_BASIS_POINTS: Final = Decimal(10_000)
_LIVE_ONLY: Final = frozenset({"state", "ready", "market data", "signal age", "account", "clock skew", "spread"})
"""Gates that look at what only a live bot has: its state, its feeds, its clock, the book."""
_APART: Final = "the accounts had come apart before"


class Kind(StrEnum):
    """What is not the same."""

    NOT_DECIDED = "not decided"
    NO_CANDLE = "no candle"
    CANDLE = "candle"
    SIGNAL = "signal"
    GATE = "gate"
    SIZE = "size"
    FILL = "fill"
    CODE = "code"


class Divergence(msgspec.Struct, frozen=True, kw_only=True):
    """One difference.

    Attributes:
        at: close of the candle, market clock, nanoseconds UTC. count: candles that it holds for, this one the first.
        live, replay: what was, and what the replay makes of it. cause: why, in words.
        basis_points: of a fill: by how much live was worse than the replay; negative where it was better.
    """

    at: int
    symbol: str
    kind: Kind
    live: str
    replay: str
    cause: str
    count: int = 1
    basis_points: float | None = None


def divergences(
    live: Mapping[Key, Decision], replay: Mapping[Key, Decision], runs: Sequence[Run]
) -> tuple[Divergence, ...]:
    """Return how two logs of one day differ, by time.

    Args:
        runs: when the live bot decided at all.
    """
    found: list[Divergence] = []
    alone: dict[str, int] = {}
    for key in sorted(live.keys() | replay.keys()):
        here, there, symbol = live.get(key), replay.get(key), key[1]
        if here is not None and there is not None:
            found += _both(here, there)
            alone.pop(symbol, None)
            continue
        one = _one(key, here, runs)
        before = alone.get(symbol)
        if before is not None and found[before].cause == one.cause:
            found[before] = msgspec.structs.replace(found[before], count=found[before].count + 1)
        else:
            alone[symbol] = len(found)
            found.append(one)
    return tuple(found)


def _one(key: Key, here: Decision | None, runs: Sequence[Run]) -> Divergence:
    """Return what is to be said of a candle that only one of them decided on."""
    at, symbol = key
    if here is not None:
        cause = "data is missing: the recorded candles have none that closed then"
        return Divergence(at=at, symbol=symbol, kind=Kind.NO_CANDLE, live="decided", replay="nothing", cause=cause)
    ran = any(run.begin <= at <= run.end for run in runs)
    cause = "data was missing: the bot ran, and no such candle came" if ran else "the bot did not run, or heard nothing"
    return Divergence(at=at, symbol=symbol, kind=Kind.NOT_DECIDED, live="nothing", replay="decided", cause=cause)


def _both(here: Decision, there: Decision) -> Iterator[Divergence]:
    if here.price != there.price:
        yield _made(here, Kind.CANDLE, f"closed at {here.price}", f"closed at {there.price}", "the feeds differ")
    if _said(here.signal) != _said(there.signal):
        yield _made(here, Kind.SIGNAL, _said(here.signal), _said(there.signal), _why_signal(here, there))
        return
    if here.action is Action.HOLD:
        return
    if here.refused != there.refused or bool(here.gates) != bool(there.gates):
        yield _made(here, Kind.GATE, here.outcome or "not weighed", there.outcome, _why_gate(here, there))
        return
    for purpose in (Purpose.ENTRY, Purpose.EXIT, Purpose.STOP):
        yield from _executed(here, there, purpose)


def _said(signal: Signal) -> str:
    levels = "".join(
        f", {name} {price}" for name, price in (("stop", signal.stop), ("target", signal.target)) if price is not None
    )
    return signal.action if signal.action is Action.HOLD else f"{signal.action} {signal.confidence:.2f}{levels}"


def _why_signal(here: Decision, there: Decision) -> str:
    if here.price != there.price:
        return f"it saw another candle: closed at {here.price}, recorded {there.price}"
    if here.held != there.held:
        return f"{_APART}: live held {here.held} lots, the replay {there.held}"
    return "the strategy says otherwise now: its code, its parameters, or candles before this one were others"


def _why_gate(here: Decision, there: Decision) -> str:
    if here.held != there.held:
        return f"{_APART}: live held {here.held} lots, the replay {there.held}"
    theirs = {gate.gate: gate for gate in there.gates}
    reasons = [
        _gate(gate, theirs[gate.gate])
        for gate in here.gates
        if gate.gate in theirs and gate.passed != theirs[gate.gate].passed
    ]
    if here.gates and there.gates:
        odd = sorted({gate.gate for gate in here.gates} ^ theirs.keys())
        reasons += [f"{name}: only one of them has this gate" for name in odd]
    return "; ".join(reasons) or "it was weighed only once"


def _gate(here: GateView, there: GateView) -> str:
    what = f"{here.gate}: live {here.value} against {here.limit}, replay {there.value} against {there.limit}"
    return f"{what} (a replay has no feed, clock or book that can fail)" if here.gate in _LIVE_ONLY else what


def _executed(here: Decision, there: Decision, purpose: Purpose) -> Iterator[Divergence]:
    live, replay = here.done.get(purpose), there.done.get(purpose)
    if live is None and replay is None:
        return
    if live is None or replay is None:
        cause = f"one of them never came to its {purpose}: its price, its book or its money was another"
        yield _made(here, Kind.FILL, _filled(purpose, live), _filled(purpose, replay), cause)
        return
    if live.lots != replay.lots:
        cause = "its equity, its price or what the book held was another"
        yield _made(here, Kind.SIZE, _filled(purpose, live), _filled(purpose, replay), cause)
    if live.price != replay.price and live.lots * replay.lots > 0:
        worse = float(ratio(live.price - replay.price, replay.price) * _BASIS_POINTS) * (1 if live.lots > 0 else -1)
        cause = f"slippage: live was {abs(worse):.2f} bp {'worse' if worse > 0 else 'better'} than the replay assumes"
        found = _made(here, Kind.FILL, _filled(purpose, live), _filled(purpose, replay), cause)
        yield msgspec.structs.replace(found, basis_points=worse)


def _filled(purpose: Purpose, done: Done | None) -> str:
    if done is None:
        return f"no {purpose}"
    return f"{purpose} {done.lots:+} lots at {done.price:.8f}".rstrip("0").rstrip(".")


def _made(here: Decision, kind: Kind, live: str, replay: str, cause: str) -> Divergence:
    return Divergence(at=here.closed_at, symbol=here.symbol, kind=kind, live=live, replay=replay, cause=cause)
