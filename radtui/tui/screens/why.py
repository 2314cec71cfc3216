"""Why a symbol did or did not trade: the gates of its last evaluation (row S5)."""

from __future__ import annotations

from collections.abc import Sequence

from radtui.core.position_view import PositionView
from radtui.core.why_view import GateView, WhyView
from radtui.tui.format import clean, fit, number, stamp
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import titled
from radtui.tui.widgets.tone import Line, Span, Tone, line


def why_lines(view: View, symbol: str | None) -> Sequence[Line]:
    """Return the last evaluation of `symbol`, or of every symbol where none is named."""
    found = [each for each in view.snapshot.why if symbol is None or each.symbol == symbol]
    held = [each for each in view.snapshot.positions if symbol == each.symbol]
    if found:
        return [text for each in (*map(_held, held), *map(evaluation, found)) for text in each]
    subject = symbol or "any symbol"
    close = f"{view.snapshot.status.timeframe} close"
    return [
        *(text for each in held for text in _held(each)),
        line(f"No signal of {subject} has been evaluated since the engine started."),
        line(Span(f"The strategy speaks at each {close}; what it says is weighed here, gate by gate.", Tone.DIM)),
        *_blocked(view),
    ]


def evaluation(why: WhyView) -> list[Line]:
    """Return one evaluation: what was wanted, what came of it, and each gate with its verdict."""
    title = [
        titled(f"{why.symbol}: {clean(why.outcome)}"),
        line(f"{why.action} with confidence {why.confidence:.2f}: {clean(why.reason)}"),
        line(Span(f"signal of {stamp(why.at)} UTC, market time", Tone.DIM)),
        *_since(why),
        line(),
    ]
    if not why.gates:
        return [*title, line(Span("No order was wanted, so no gate was asked.", Tone.DIM)), line()]
    return [
        *title,
        line(Span(_columns("", "gate", "value", "limit"), Tone.DIM)),
        *(gate_line(gate) for gate in why.gates),
        line(),
    ]


def _since(why: WhyView) -> Sequence[Line]:
    if why.held_at is None:
        return ()
    return (line(Span(f"since then it holds, last at the close of {stamp(why.held_at)} UTC", Tone.DIM)),)


def _held(held: PositionView) -> list[Line]:
    side = "long" if held.lots > 0 else "short"
    return [
        titled(f"{held.symbol}: {side} {number(abs(held.lots))} lots since {stamp(held.opened_at)} UTC, market time"),
        line(f"opened because: {clean(held.reason)}" if held.reason else "opened because: not known to this bot"),
        *_moved(held),
        line(),
    ]


def _moved(held: PositionView) -> Sequence[Line]:
    """Return which exit rule has moved its stop."""
    if not held.rule or held.stop is None:
        return ()
    return (line(f"its stop was moved to {held.stop:.{held.price_decimals}f} by the rule: {clean(held.rule)}"),)


def gate_line(gate: GateView) -> Line:
    """Return one gate: verdict, name, value, limit."""
    text = _columns("✓" if gate.passed else "✗", clean(gate.gate), clean(gate.value), clean(gate.limit))
    return line(
        Span(text, Tone.PLAIN if gate.passed else Tone.ERROR), Span("" if gate.passed else "stopped it", Tone.ERROR)
    )


def _columns(verdict: str, gate: str, value: str, limit: str) -> str:
    return f"{verdict:<2}{fit(gate, 22)} {fit(value, 18, 'right')}   {fit(limit, 18)} "


def _blocked(view: View) -> list[Line]:
    blocked = view.snapshot.status.blocked
    return [line(), line(Span(f"No entry is possible now: {clean(blocked)}.", Tone.WARN))] if blocked else []
