"""The help: every key as it is bound now, what it does, and what the words and signs mean (row T2)."""

from __future__ import annotations

from collections.abc import Mapping

from radtui.tui.format import fit
from radtui.tui.keys import GROUPS, KEYS, PANES, Key, key_of
from radtui.tui.panes.bars import enabled
from radtui.tui.panes.view import View
from radtui.tui.screens.sheet import titled
from radtui.tui.widgets.tone import Line, Span, Tone, line

_SIGNS = (
    ("● ◐ ○ ✗", "works · on its way or paused · stopped · failed"),
    ("▲ ▼", "long · short"),
    ("✓ ✗", "the stop rests on the exchange · nothing protects the position"),
    ("–", "a figure that did not arrive; never a 0 in its place"),
    ("dim", "older than its limit, or not possible now"),
)


def help_lines(view: View, keymap: Mapping[str, str], *, rows: bool) -> list[Line]:
    """Return the keys by group, then the signs. A key that does nothing now says so."""
    lines: list[Line] = []
    for group, heading in GROUPS.items():
        lines.append(titled(heading))
        if group == "view":
            lines.append(_entry(f"1…{len(PANES)}", "Go to a pane by its number.", possible=True))
        lines += [
            _entry(key_of(key.id, keymap), key.help, possible=enabled(key, view, rows=rows)) for key in _listed(group)
        ]
        lines.append(line())
    lines += [_entry("↑ ↓ j k", "Move in a table; home, end, page up and page down too.", possible=True), line()]
    lines.append(titled("Signs"))
    lines += [line(f"  {fit(sign, 10)} {words}") for sign, words in _SIGNS]
    ids = ", ".join(key.id for key in KEYS)
    lines += [line(), line(Span(f"Any key can be changed: the configuration's keymap knows them as {ids}.", Tone.DIM))]
    return lines


def _listed(group: str) -> list[Key]:
    return [key for key in KEYS if key.group == group and not key.id.startswith("pane.")]


def _entry(key: str, words: str, *, possible: bool) -> Line:
    tone = Tone.PLAIN if possible else Tone.DIM
    return line(Span(f"  {fit(key, 10)} ", tone, bold=possible), Span(words + ("" if possible else " Not now."), tone))
