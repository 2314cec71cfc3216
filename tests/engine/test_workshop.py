"""A backtest's process cannot harm whoever asked for it: whatever it does, its last word comes, once, and in words."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest

from radtui.backtest.job import AnySaid, Come, Flown, Job, Unflown
from radtui.backtest.source import Source
from radtui.engine.workshop import Errand, Unflyable, Workshop
from tests.backtest.worlds import terms

JOB = Job(strategy="x", told={}, terms=terms(), source=Source(), document="d", page="p")
COME = """print('{"kind":"Come","share":0.5}', flush=True)"""
LAST = """print('{"kind":"Unflown","why":"no candles"}', flush=True)"""
READ = "import sys; sys.stdin.readline();"
WAIT = "sys.stdin.readline()"


class Bench:
    """A workshop whose process runs a script."""

    def __init__(self, script: str) -> None:
        self.shop = Workshop((sys.executable, "-S", "-E", "-c", script))
        self.said: SimpleQueue[AnySaid] = SimpleQueue()

    def begin(self, prepare: Callable[[], Job] = lambda: JOB) -> Errand | None:
        return self.shop.begin(prepare, self.said.put)

    def word(self) -> AnySaid:
        return self.said.get(timeout=10)

    def last(self) -> str:
        while not isinstance(said := self.word(), Unflown | Flown):
            continue
        assert isinstance(said, Unflown)
        with pytest.raises(Empty):
            self.said.get(timeout=0.01)
        return said.why


def test_every_word_is_heard_and_noise_is_not() -> None:
    bench = Bench(f"{READ} print('hello'); print('{{\"kind\":\"Nix\"}}'); {COME}; {LAST}; {COME}")
    assert bench.begin() is not None
    assert bench.word() == Come(share=0.5)
    assert bench.last() == "no candles"


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (f"{READ} sys.exit('out of paper')", "its process ended with code 1: out of paper"),
        ("raise SystemExit(3)", "its process ended with code 3"),
        (
            f"{READ} import os; os.kill(os.getpid(), 9)",
            "was killed by SIGKILL: the system may have been short",
        ),
        (f"{READ} import os; os.kill(os.getpid(), 11)", "was killed by SIGSEGV"),
        (f"{READ} print('kucoin_secret=abcdef123456')", "ended with code 0: kucoin_secret=••••"),
    ],
)
def test_one_that_dies_says_how_and_the_next_one_may_begin(script: str, why: str) -> None:
    bench = Bench(script)
    assert bench.begin() is not None
    assert why in bench.last()
    assert bench.begin() is not None
    bench.last()


def test_one_flies_at_a_time_and_a_kill_makes_room() -> None:
    bench = Bench(f"{READ} {COME}; {WAIT}")
    errand = bench.begin()
    assert errand is not None
    assert bench.begin() is None
    assert bench.word() == Come(share=0.5)
    errand.kill()
    assert signal.SIGKILL.name in bench.last()
    errand.kill()
    again = bench.begin()
    assert again is not None
    again.kill()
    bench.last()


def test_what_cannot_be_prepared_begins_nothing() -> None:
    bench = Bench("raise AssertionError")

    def refused() -> Job:
        raise Unflyable("no such strategy")

    def broken() -> Job:
        raise RuntimeError("a fault of ours")

    for prepare, why in ((refused, "no such strategy"), (broken, "RuntimeError: a fault of ours")):
        assert bench.begin(prepare) is not None
        assert bench.last() == why


def test_one_that_is_unwanted_before_it_began_never_begins(tmp_path: Path) -> None:
    bench = Bench(f"open({str(tmp_path / 'begun')!r}, 'w')")
    held: SimpleQueue[Job] = SimpleQueue()
    errand = bench.begin(lambda: held.get(timeout=10))
    assert errand is not None
    errand.kill()
    held.put(JOB)
    assert bench.last() == "it was cancelled before it began"
    assert not (tmp_path / "begun").exists()


def test_a_command_that_there_is_not_is_said() -> None:
    shop, said = Workshop(("/nowhere/python",)), SimpleQueue[AnySaid]()
    assert shop.begin(lambda: JOB, said.put) is not None
    last = said.get(timeout=10)
    assert isinstance(last, Unflown)
    assert "FileNotFoundError" in last.why


def test_no_secret_of_the_environment_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUCOIN_API_SECRET", "very-secret-1")
    monkeypatch.setenv("RADTUI_API__TOKENS", "very-secret-2")
    bench = Bench(f"{READ} import os; sys.exit(str(sorted(os.environ)))")
    assert bench.begin() is not None
    last = bench.last()
    assert "PATH" in last
    assert "KUCOIN" not in last
    assert "RADTUI" not in last
    assert "PATH" in os.environ
