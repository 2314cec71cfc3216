"""What a signal means before an engine flies: an end in words, for a script would else see nothing but a code."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from radtui.cli.streams import complain


@contextmanager
def ended_in_words() -> Iterator[None]:
    """Let SIGINT and SIGTERM end this process with a word and exit code 130 or 143, for as long as nothing is open.

    It ends at once, as without a word: a look at an exchange that hangs is not waited for, and a lock dies with us.
    """
    before = {number: signal.signal(number, _ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ended(number: int, _frame: FrameType | None) -> None:
    complain(f"radtui: {signal.Signals(number).name} came before the engine flew")
    complain("  Nothing was started and no order was sent. Positions keep the stops that rest on the exchange.")
    os._exit(128 + number)
