"""Standard output and error of a command, also where they are closed, full, or not able to show every letter."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Final, TextIO

_PATIENCE: Final = 1.0
_never_there = ""


class OutputLost(Exception):
    """Nobody reads what a command prints. `why` is empty where the reader just left, as ``head`` does."""

    def __init__(self, why: str = "") -> None:
        super().__init__(why)
        self.why = why


def prepare() -> None:
    """Give every standard stream a file, and make letters that a terminal cannot show a ``?``.

    A descriptor that is closed at the start would be taken by the next file that is opened, and what is printed would
    land in it. A closed standard output becomes a pipe that nobody reads.
    """
    for descriptor in (0, 1, 2):
        if not _is_open(descriptor):
            _occupy(descriptor)
    if sys.stdout is None:
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def say(text: str) -> None:
    """Print `text` on standard output.

    Raises:
        OutputLost: it cannot be written.
    """
    _write(sys.stdout, f"{text}\n")


def flush() -> None:
    """Write out what was printed.

    Raises:
        OutputLost: it cannot be written.
    """
    _write(sys.stdout, "")


def complain(text: str) -> None:
    """Print `text` on standard error, if there still is one that takes it: nothing more can be done about it."""
    if sys.stderr is not None and _takes(sys.stderr):
        try:
            _write(sys.stderr, f"{text}\n")
        except OutputLost:
            _forget(2)


def give_up_output() -> None:
    """Send what is still to be printed nowhere, so that the end of the process does not trip over it."""
    _forget(1)


def let_go() -> None:
    """Leave the terminal: nothing is read from it or written to it any more."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with suppress(OSError):  # it is gone already
                stream.flush()
    for descriptor in (0, 1, 2):
        _forget(descriptor)


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        raise OutputLost(_never_there) from None
    except OSError as error:
        raise OutputLost(error.strerror or str(error)) from None


def _takes(stream: TextIO) -> bool:
    """Return whether it can be written to: a terminal on a frozen line would hold this process up for ever."""
    import select

    try:
        return not stream.isatty() or bool(select.select([], [stream], [], _PATIENCE)[1])
    except (OSError, ValueError):  # it has no descriptor, or is closed: writing to it does not wait
        return True


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _occupy(descriptor: int) -> None:
    global _never_there  # noqa: PLW0603  # it is the process that was started so
    if descriptor != 1:
        _move(os.open(os.devnull, os.O_RDWR), descriptor)
        return
    _never_there = "standard output is closed"
    reader, writer = os.pipe()
    os.close(reader)
    _move(writer, descriptor)


def _forget(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _move(taken: int, descriptor: int) -> None:
    """Make `descriptor` the file of `taken`, for the commands that a process starts as well."""
    os.dup2(taken, descriptor)
    if taken == descriptor:
        os.set_inheritable(descriptor, True)
    else:
        os.close(taken)
