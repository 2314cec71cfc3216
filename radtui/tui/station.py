"""One engine of a cockpit: its door, what was asked of it, and how it was seen last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from radtui.tui.doors import Door
from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.view import View
from radtui.tui.reach import Tab
from radtui.tui.screens.asks import Asks
from radtui.tui.widgets.tone import Tone


class Station:
    """One engine, as one person sits at it.

    Attributes:
        key: tells it from the other engines of this cockpit.
        asks: what was asked of it and is not answered yet.
        fault: how its thread in this process ended; empty while it lives, and for an engine elsewhere.
        read: the receipts that the person has read, or that were there before they came.
    """

    def __init__(self, key: str, door: Door, *, user: str, keymap: Mapping[str, str]) -> None:
        self.key = key
        self.door = door
        self.asks = Asks(door.handle, user)
        self.fault = ""
        self.read: set[str] = set()
        self._user, self._keymap = user, keymap
        self._known = False
        self._view: View | None = None

    @property
    def view(self) -> View:
        """How it was seen last."""
        return self._view or self.look()

    def look(self, tabs: tuple[Tab, ...] = ()) -> View:
        """Look at it now; `tabs`: the engines of this cockpit, where it has several."""
        shown, now, reach = self.door.look()
        if reach.heard and not self._known:
            self._known = True
            self.read |= {shown.receipt.id} if shown.receipt else set()
        reach = replace(reach, tabs=tabs) if tabs else reach
        self._view = View(shown, now, self._user, self.fault, self._keymap, reach)
        return self._view

    def tab(self, *, here: bool) -> Tab:
        """Return it as a tab."""
        return Tab(self.view.reach.name, here, mark_of(self.view))


def mark_of(view: View) -> str:
    """Return ``‼`` where a hand is needed, ``!`` where something is good to know, else nothing."""
    found = concerns(view)
    return "" if not found else "‼" if found[0].tone is Tone.ERROR else "!"
