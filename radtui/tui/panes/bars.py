"""The two lines at the foot: what came of the last key, and which keys there are (row T2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rich.cells import cell_len

from radtui.core.instruction import Ask
from radtui.tui.format import clean
from radtui.tui.keys import KEYS, Key, key_of, possible
from radtui.tui.panes.view import View
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Line, Span, Tone, line, plain

_ASKS: Final = {"start": Ask.START, "pause": Ask.PAUSE, "resume": Ask.RESUME}
_ASKING: Final = {"shutdown": Ask.SHUTDOWN, "reset": Ask.RESET_METRICS}
_SHORT: Final = {"reset": "reset", "emergency": "emergency"}
_LEAVES_FIRST: Final = ("palette", "filter", "why")


class MessageBar(Lines):
    """What was asked last, that it was heard, and what came of it. It stays until the next."""

    def __init__(self) -> None:
        super().__init__(1, id="message")

    def say(self, text: str, tone: Tone = Tone.PLAIN) -> None:
        """Show one line."""
        self.show([line(Span(f" {clean(text)}", tone))])


class KeyBar(Lines):
    """The keys; what is not possible now is dim."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(1, id="keys")
        self._keymap = keymap
        self._view: View | None = None
        self._rows = False

    def look(self, view: View, *, rows: bool) -> None:
        """Show one moment. `rows`: whether the present pane has a row to ask about."""
        self._view, self._rows = view, rows
        self.on_resize()

    def on_resize(self) -> None:
        if self._view is not None and self.size.width:
            self.show([key_line(self._view, self._keymap, self.size.width, rows=self._rows)])


def key_line(view: View, keymap: Mapping[str, str], width: int, *, rows: bool) -> Line:
    """Return the footer; where it is narrow, the least needed keys are left out, then the words."""
    keys = [key for key in KEYS if key.footer]
    text = _line(keys, view, keymap, rows=rows, gap="  ", short=False)
    if cell_len(plain(text)) <= width:
        return text
    for left_out in range(len(_LEAVES_FIRST) + 1):
        kept = [key for key in keys if key.id not in _LEAVES_FIRST[:left_out]]
        text = _line(kept, view, keymap, rows=rows, gap="  ", short=True)
        if cell_len(plain(text)) <= width:
            return text
    bare = [key for key in keys if key.id not in _LEAVES_FIRST]
    spans = [_span(f" {_narrow(key, keymap)}", key, view, rows=rows) for key in bare]
    if sum(cell_len(span.text) for span in spans) > width:
        spans = [_span(key_of(key.id, keymap) + " ", key, view, rows=rows) for key in bare]
    return tuple(spans)


def enabled(key: Key, view: View, *, rows: bool) -> bool:
    """Return whether a key does something now."""
    if key.id in _ASKS:
        return admitted(_ASKS[key.id], view) and possible(_ASKS[key.id], view.snapshot.status.state)
    if key.id in _ASKING:
        return admitted(_ASKING[key.id], view)
    if key.id in {"fleet", "bot.next", "bot.previous"}:
        return bool(view.reach.tabs)
    if key.id == "control":
        return view.reach.watching and view.reach.through
    return rows or key.id not in {"why", "filter", "open", "copy"}


def admitted(ask: Ask, view: View) -> bool:
    """Return whether an instruction would be heard, and taken from here."""
    return not view.silent and not view.hindered(ask)


def _narrow(key: Key, keymap: Mapping[str, str]) -> str:
    """Return a key for forty columns: those of the bot alone, those of the cockpit with their words."""
    return key_of(key.id, keymap) if key.group == "bot" else f" {key_of(key.id, keymap)} {key.label}"


def _line(keys: list[Key], view: View, keymap: Mapping[str, str], *, rows: bool, gap: str, short: bool) -> Line:
    spans = [Span(" ")]
    for place, key in enumerate(keys):
        parted = place and key.group != "bot" and keys[place - 1].group == "bot"
        spans.append(Span(f"{gap}│ " if parted and not short else gap if place else "", Tone.DIM))
        label = _SHORT.get(key.id, key.label) if short else key.label
        spans.append(_span(key_of(key.id, keymap), key, view, rows=rows)._replace(bold=True))
        spans.append(_span(f" {label}", key, view, rows=rows))
    return tuple(spans)


def _span(text: str, key: Key, view: View, *, rows: bool) -> Span:
    return Span(text) if enabled(key, view, rows=rows) else Span(text, Tone.DIM)
