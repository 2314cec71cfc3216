"""The real program with a fault in its cockpit: the P/L pane fails as soon as the file in BREAK_NOW exists."""

from __future__ import annotations

import os
from pathlib import Path

from radtui.cli import main
from radtui.tui.panes.money import MoneyPane
from radtui.tui.panes.view import View

_whole = MoneyPane.look
_signal = Path(os.environ["BREAK_NOW"])


def _broken(pane: MoneyPane, view: View) -> None:
    if _signal.exists():
        raise ZeroDivisionError("a fault of the cockpit")
    _whole(pane, view)


MoneyPane.look = _broken  # type: ignore[assignment, method-assign]  # the fault this program is for
main()
