"""What must be seen first, under the vital signs: one line for the worst concern, and large where the engine is silent.

Its line is always there, so that nothing moves. Only of an engine that is silent for long it takes more: then all that
is shown is old, and how to get out of that is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rich.cells import cell_len

from radtui.tui.format import SECOND, clean, cut
from radtui.tui.panes.concerns import concerns, kept
from radtui.tui.panes.view import View
from radtui.tui.widgets.lines import Lines
from radtui.tui.widgets.tone import Ground, Line, Span, Tone, line
from radtui.tui.widgets.wrap import wrap

LOUD: Final = 10
"""Seconds of silence from which on it is said in large: a longer hiccup than any that passes by itself."""
_TALL: Final = 32
"""Lines of a terminal that has room for a bar of three."""
_LOW: Final = 14
"""Lines of a terminal below which only the commands are named: what is shown is dim and says itself how old it is."""
_COMMAND: Final = re.compile("`([^`]+)`")


class Banner(Lines):
    """The worst concern and how many more there are, or the silence of the engine."""

    def __init__(self) -> None:
        super().__init__(1, id="banner")
        self._view: View | None = None

    def look(self, view: View) -> None:
        """Show one moment."""
        self._view = view
        self.on_resize()

    def on_resize(self) -> None:
        width = self.size.width
        if self._view is None or not width:
            return
        lines = banner_lines(self._view, width, self.app.size.height)
        if self._count != len(lines):
            self._count = len(lines)
            self.refresh(layout=True)
        self.show(lines)


def banner_lines(view: View, width: int, height: int) -> Sequence[Line]:
    """Return what stands under the vital signs of a terminal of `height` lines."""
    said = silence(view)
    if not said:
        return [banner_line(view, width)]
    tone = Tone.WARN if _off_the_line(view) else Tone.ERROR  # an engine flies on without a line
    bar = Span(cut(said[0], width).center(width), tone, bold=True, ground=Ground.REVERSE)
    blank = bar._replace(text=" " * width)
    band = [line(blank), line(bar), line(blank)] if height >= _TALL else [line(bar)]
    told = said[1:] if height >= _LOW else (_commands(said[-1]),)
    return [*band, *(piece for text in told for piece in wrap(line(f" {text}"), width))]


def banner_line(view: View, width: int) -> Line:
    """Return the worst of the concerns in `width` cells; blank where there is none."""
    found = concerns(view)
    if not found:
        return line()
    more = f"  +{len(found) - 1}: {view.key('palette')} concerns" if len(found) > 1 and width >= 60 else ""
    sign = "‼" if found[0].tone is Tone.ERROR else "!"
    return line(Span(cut(f" {sign} {found[0].text}", width - cell_len(more)), found[0].tone), Span(more, Tone.DIM))


def silence(view: View) -> tuple[str, ...]:
    """Return what to say in large of an engine that is silent, what it means for the money, and the way out of it.

    Nothing of one that answers, that was silent for a moment only, or that does not let this cockpit in.
    """
    if not view.silent or view.reach.trouble == "refused":
        return ()
    if view.engine_fault:
        return ("THE ENGINE HAS ENDED", clean(view.engine_fault), f"{_meaning(view)} {_start_again(view)}")
    if view.unheard < LOUD:
        return ()
    return (f"{_subject(view)} FOR {view.unheard} s", _meaning(view), " ".join(_ways_out(view)))


def _commands(said: str) -> str:
    """Return the commands that a sentence names, or the sentence where it names none."""
    return " · ".join(_COMMAND.findall(said)) or said


def _subject(view: View) -> str:
    return "LINE LOST" if _off_the_line(view) else "ENGINE SILENT"


def _off_the_line(view: View) -> bool:
    return bool(view.reach.host) and not view.reach.through and not view.engine_fault


def _meaning(view: View) -> str:
    if not view.reach.heard:
        return "Nothing was heard of it yet: what it holds is not known."
    safe = kept(view)
    return f"What is shown is {view.age // SECOND} s old. As seen last: {safe}."


def _ways_out(view: View) -> Iterator[str]:
    """Yield what to do, in the order to do it."""
    reach, pid = view.reach, view.snapshot.process.pid
    bot = clean(view.snapshot.bot)
    if _off_the_line(view):
        yield "A bot flies on without a line; the line is tried again by itself."
    where = f"On {clean(reach.host)}" if reach.host else "From another terminal"
    if not reach.through:
        yield f"{where}: `radtui status` says whether it runs."
        where = "If it hangs"
    ends = f"`radtui emergency-stop --bot {bot}` ends it and closes everything"
    yield f"{where}: {ends}; or `kill -9 {pid}`, and start radtui again." if pid else f"{where}: {ends}."


def _start_again(view: View) -> str:
    return f"{view.key('leave')} leaves; then start radtui again: it first looks at what is open."
