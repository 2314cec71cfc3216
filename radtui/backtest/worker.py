"""``python -m radtui.backtest.worker``: flies one backtest for somebody who must not be held up by it.

It reads a `Job` as the first line of its standard input and says on its standard output how far it is, a line of JSON
each. It is the last to get processor time and the first to go where memory is short. The input stays open: where it
ends, whoever asked is gone, and so is this process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from radtui.backtest.job import Job, Said
    from radtui.backtest.result import Result

NICE: Final = 19
"""The lowest priority there is."""
_SAYS_EVERY: Final = 0.2
"""Seconds between two words about how far it is, at least."""
_FIRST_TO_GO: Final = b"1000"


def main() -> None:
    """Do one job."""
    _step_back()
    channel = _own_channel()
    from radtui.backtest.job import decode_job, encode_said  # after it has stepped back: imports take long

    def say(said: Said) -> None:
        channel.write(encode_said(said) + b"\n")
        channel.flush()

    job = decode_job(sys.stdin.buffer.readline())
    Thread(target=_end_with, args=(sys.stdin.fileno(),), name="who asked", daemon=True).start()
    carry_out(job, say)


def carry_out(job: Job, say: Callable[[Said], None]) -> None:
    """Fly a job's backtest, keep its result, and say what came of it; the last word is `Flown` or `Unflown`."""
    from radtui.backtest.job import Unflown, flown
    from radtui.strategies.base import StrategyRefused

    try:
        result = _flown(job, say)
        _keep(job, result)
    except (StrategyRefused, ValueError) as refused:  # BadHistory is a ValueError
        say(Unflown(why=str(refused)))
    except OSError as error:
        say(Unflown(why=f"its result cannot be written: {error.strerror or error}; look at the disk of {job.page}"))
    except MemoryError:
        say(Unflown(why="there is not enough memory for so many candles: choose a shorter time"))
    else:
        say(flown(result))


def _flown(job: Job, say: Callable[[Said], None]) -> Result:
    import msgspec

    from radtui.backtest.fitting import fitted
    from radtui.backtest.job import Begun
    from radtui.backtest.run import run
    from radtui.strategies.catalogue import load

    config = job.terms.config
    market = job.source.market(config.timeframe)
    factory = load(job.strategy, job.told)
    since, until = market.now, market.ends_at
    say(Begun(source=market.source, since=since, until=until))
    core = msgspec.structs.replace(fitted(config, market, factory.name), boot=since)
    terms = msgspec.structs.replace(job.terms, config=core)
    return run(terms, market, partial(factory, settings=job.told), _Teller(say, since, until).go_on)


class _Teller:
    """Says now and then how far it is."""

    def __init__(self, say: Callable[[Said], None], since: int, until: int) -> None:
        self._say, self._since, self._length = say, since, max(1, until - since)
        self._said_at = monotonic()

    def go_on(self, now: int) -> bool:
        """Say how far it is, where that was long ago; it always goes on."""
        from radtui.backtest.job import Come

        if monotonic() - self._said_at >= _SAYS_EVERY:
            self._said_at = monotonic()
            self._say(Come(share=(now - self._since) / self._length))
        return True


def _keep(job: Job, result: Result) -> None:
    """Write both files, each whole or not at all."""
    import msgspec

    from radtui.backtest.page import page
    from radtui.backtest.result import document

    _write(Path(job.document), msgspec.json.encode(document(result)))
    _write(Path(job.page), page(result).encode())


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _step_back() -> None:
    """Never be in an engine's way: neither on the processor nor where memory is short."""
    os.nice(NICE)
    with suppress(OSError):  # elsewhere than on Linux there is no such file
        Path("/proc/self/oom_score_adj").write_bytes(_FIRST_TO_GO)


def _own_channel() -> BinaryIO:
    """Return what the answers go to; whatever else is printed, by a strategy too, goes to standard error."""
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return channel


def _end_with(who_asked: int) -> None:
    """End at once when the input ends: nobody is there any more who wants the result."""
    while os.read(who_asked, 4096):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
