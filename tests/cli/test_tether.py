"""A signal counts once, on whatever ways it comes, and whoever lets the shell go has nothing left of its terminal."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.cli.tether import Pairs

ALONE = """
import os, signal, socket, sys
from radtui.cli.tether import Tether
line = socket.socket(fileno=int(sys.argv[1]))
tether = Tether(line)
tether.hold()
heard = []
def act(number):
    heard.append(number.name)
    print(number.name, flush=True)
with tether.heard_by(act):
    print("ready", flush=True)
    while len(heard) < int(sys.argv[2]):
        signal.pause()
print("done", flush=True)
"""


class Engine:
    """A process with a tether, whose other end we hold."""

    def __init__(self, count: int) -> None:
        self.ours, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, "-c", ALONE, str(theirs.fileno()), str(count)],
            pass_fds=[theirs.fileno()], stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        theirs.close()
        assert self.said() == "ready"

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.ours.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made = Engine(request.param)
    yield made
    made.close()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([2, 15])), max_size=20))
def test_of_each_signal_as_many_are_new_as_came_on_the_busier_way(arrivals: list[tuple[bool, int]]) -> None:
    pairs = Pairs(now=lambda: 0.0)
    new = [number for handed_on, number in arrivals if pairs.is_new(number, handed_on=handed_on)]
    for number in (2, 15):
        ways = [handed_on for handed_on, each in arrivals if each == number]
        assert new.count(number) >= max(ways.count(True), ways.count(False))


@given(st.permutations([True, False] * 3))
def test_three_signals_to_both_are_three_in_whatever_order_they_arrive(ways: list[bool]) -> None:
    pairs = Pairs(now=lambda: 0.0)
    assert sum(pairs.is_new(15, handed_on=way) for way in ways) == 3


def test_signals_far_apart_are_two() -> None:
    clock = iter([0.0, 10.0])
    pairs = Pairs(now=lambda: next(clock))
    assert pairs.is_new(15, handed_on=True)
    assert pairs.is_new(15, handed_on=False)


@pytest.mark.parametrize("engine", [2], indirect=True)
def test_what_came_on_both_ways_is_heard_once(engine: Engine) -> None:
    engine.process.send_signal(signal.SIGTERM)
    assert engine.said() == "SIGTERM"
    engine.ours.send(bytes([signal.SIGTERM, signal.SIGINT]))
    assert engine.said() == "SIGINT"
    assert engine.said() == "done"


@pytest.mark.parametrize("engine", [3], indirect=True)
def test_two_signals_to_the_other_process_are_two(engine: Engine) -> None:
    engine.ours.send(bytes([signal.SIGTERM]))
    assert engine.said() == "SIGTERM"
    engine.ours.send(bytes([signal.SIGTERM]))
    assert engine.said() == "SIGTERM"
    engine.process.send_signal(signal.SIGINT)
    assert (engine.said(), engine.said()) == ("SIGINT", "done")


@pytest.mark.parametrize("engine", [1], indirect=True)
def test_the_death_of_the_other_process_is_a_hang_up(engine: Engine) -> None:
    engine.ours.close()
    assert (engine.said(), engine.said()) == ("SIGHUP", "done")


def test_before_anything_flies_signals_do_what_they_always_do() -> None:
    ours, theirs = socket.socketpair()
    program = (
        "import socket, sys, time; from radtui.cli import tether; tether.hold(socket.socket(fileno=int(sys.argv[1])))"
    )
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", f"{program}; print('ready', flush=True); time.sleep(60)", str(theirs.fileno())],
            pass_fds=[theirs.fileno()], stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        ours.send(bytes([signal.SIGTERM]))
        process.communicate(timeout=30)
    assert process.returncode == -signal.SIGTERM


def test_whoever_lets_the_shell_go_is_a_daemon() -> None:
    program = """
import os, socket, sys
from radtui.cli.tether import Tether
if os.fork():
    os._exit(0)
before = os.getcwd()
tether = Tether(socket.socket(fileno=int(sys.argv[1])))
tether.release(7)
print("nobody reads this", flush=True)
print("nor this", file=sys.stderr, flush=True)
where = {os.readlink(f"/proc/self/fd/{number}") for number in (0, 1, 2)}
mask = os.umask(0)
told = (os.getsid(0) == os.getpid(), where == {os.devnull}, mask == 0o077, os.getcwd() == before)
os.write(int(sys.argv[1]), repr(told).encode())
"""
    ours, theirs = socket.socketpair()
    with ours:
        done = subprocess.run(
            [sys.executable, "-c", program, str(theirs.fileno())], pass_fds=[theirs.fileno()], capture_output=True,
            check=True, timeout=30,
        )  # fmt: skip
        theirs.close()
        assert ours.recv(1) == bytes([7])
        told = b"".join(iter(lambda: ours.recv(100), b""))
    assert told == b"(True, True, True, True)"
    assert (done.stdout, done.stderr) == (b"", b"")
