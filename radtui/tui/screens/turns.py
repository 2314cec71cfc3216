"""What changed on the line and at the helm between two looks, in words (row A4)."""

from __future__ import annotations

from collections.abc import Iterator

from radtui.tui.format import clean
from radtui.tui.reach import Reach
from radtui.tui.screens.asks import Saying
from radtui.tui.widgets.tone import Tone


def turns(before: Reach, now: Reach, take_over: str) -> Iterator[Saying]:
    """Yield what to say of a change. `take_over`: the key that takes control."""
    if not (before.heard and now.heard):
        return
    if before.through is not now.through:
        yield _line_turn(before, now)
    steered = (before.helm.holder, before.helm.yours) != (now.helm.holder, now.helm.yours)
    if steered and now.through and (before.watching or now.watching):  # our own going and coming is no news
        yield _helm_turn(before, now, take_over)


def _line_turn(before: Reach, now: Reach) -> Saying:
    if now.through:
        return Saying(f"the line to {clean(now.name)} is back; it was {before.trouble}")
    why = f": {clean(now.line.why)}" if now.line is not None and now.line.why else ""
    return Saying(f"{now.trouble}{why}; keys wait for it, the bot does not", Tone.WARN)


def _helm_turn(before: Reach, now: Reach, take_over: str) -> Saying:
    if now.helm.yours:
        return Saying("you hold control now")
    if not now.helm.holder:
        return Saying("nobody holds control any more: your next key takes it")
    if before.helm.yours:
        return Saying(f"{clean(now.holder)} has taken control: you watch; {take_over} takes it back", Tone.WARN)
    return Saying(f"{clean(now.holder)} holds control now; {take_over} takes over", Tone.WARN)
