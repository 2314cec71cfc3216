"""One engine an account: the second one is refused, whatever it is, and told who flies and how to end that."""

from __future__ import annotations

import platform
import signal
import subprocess
from pathlib import Path

import pytest
from flights import Flight, Fly
from journals import Facts
from programs import DEADLINE, EAGER, QUICK, RADTUI, environment
from simulators import Simulator
from terminal import Open


def test_a_second_engine_is_refused_and_told_who_flies_and_how_to_end_it(fly: Fly, cockpit: Open) -> None:
    first = fly(*QUICK)
    first.facts.until(lambda facts: "running" in facts.states(), "the first one flies")
    pid = first.process.pid
    second = cockpit(*QUICK)
    assert second.ended() == 1
    said = second.shell_lines()
    assert "radtui: this bot is already flying" in said
    assert f"(pid {pid}, started" in said
    assert f"`kill -TERM {pid}` ends it gracefully" in said
    assert second.is_as_before()
    first.facts.moves_on()
    first.signal(signal.SIGTERM)
    assert first.ended() == 143


@pytest.mark.long
def test_one_engine_a_key_from_whatever_folder(fly: Fly, tmp_path: Path) -> None:
    with Simulator(tmp_path, "--symbols", "XBTUSDTM", "--seed", "7", "--speed", "60") as server:
        words = ("--exchange", "kucoin", "--kucoin-url", server.ready["url"], "--strategy", EAGER)
        keys = {f"KUCOIN_API_{part.upper()}": server.ready[part] for part in ("key", "secret", "passphrase")}
        variables = {**keys, "RADTUI_BOT__SYMBOLS": "XBTUSDTM"}
        first = fly(*words, **variables)
        wait_for_start(first)
        holds = list((tmp_path / "state" / "radtui" / "accounts").glob("*.lock"))
        assert len(holds) == 1
        second = subprocess.run(
            [*RADTUI, "run", "--headless", "--state", str(tmp_path / "another"), *words],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment(tmp_path, **variables),
            cwd=tmp_path, timeout=DEADLINE, check=False,
        )  # fmt: skip
        assert (second.returncode, second.stdout) == (1, "")
        assert f"pid {first.process.pid}, started 20" in second.stderr
        assert f" on {platform.node()} as `" in second.stderr
        assert "already holds the KuCoin account of this API key" in second.stderr
        assert not list((tmp_path / "another").glob("*.db"))


def wait_for_start(flight: Flight) -> None:
    """Wait until a rehearsal has a journal."""
    Facts(flight.state, flight.process, "radtui-rehearsal.db").until(lambda found: found.states(), "it flies")
