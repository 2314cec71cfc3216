"""What can be wrong with files of candles. Needs no polars, so that whoever has none is told of that instead."""

from __future__ import annotations


class ArchiveBroken(Exception):
    """A file of candles that cannot be read or written; the message names it and says what to do."""


class NotCandles(ValueError):
    """A file that holds no candles we understand. The message names it and says why."""
