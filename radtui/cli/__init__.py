"""The command line. Importing it loads next to nothing: each command brings what it needs when it is called."""

from __future__ import annotations

import os
import sys
from typing import Final

from radtui import __version__

_NO_COCKPIT: Final = frozenset({"--help", "-h", "--version"})
_TURN: Final = 0.001
"""Seconds for which a thread that computes keeps the others waiting: loop, screen, door and journal share a process."""


def main() -> None:
    """Run ``radtui`` with the arguments of this process, and end the process with its exit code."""
    from radtui.cli.ending import settle
    from radtui.cli.garbage import hold_off

    hold_off()
    sys.setswitchinterval(_TURN)
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # a search through every package; and none may see a secret
    arguments = sys.argv[1:]
    if _opens_the_cockpit(arguments):
        from radtui.cli.detach import part

        part()
    sys.exit(settle(lambda: _answer(arguments), arguments))


def _opens_the_cockpit(arguments: list[str]) -> bool:
    """Return whether this is the cockpit with its engine: flags and no command."""
    return not arguments or (arguments[0].startswith("-") and _NO_COCKPIT.isdisjoint(arguments))


def _answer(arguments: list[str]) -> int:
    if arguments == ["--version"]:
        from radtui.cli.streams import say

        say(__version__)
        return 0
    if not arguments:
        from radtui.cli.cockpit import cockpit
        from radtui.cli.flags import Flags

        return cockpit(flags=Flags())
    from radtui.cli.app import answer

    return answer(arguments)
