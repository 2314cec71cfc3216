"""Settings changed under an engine that flies, by the commands: as a person would, with a file."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from flights import Fly
from programs import DEADLINE, QUICK, environment

from tests.warm import Warm

SECRET = "marker-5ecret-of-a-key"
LESS = f"""[risk]
max_positions = 1
[cycle]
interval = 2
[log]
level = "debug"
[ui]
theme = "radtui-light"
[kucoin]
secret = "{SECRET}"
"""
BOTS = """[bots.alpha]
symbols = ["XBTUSDTM"]
budget = 0.5
[bots.alpha.risk]
leverage = {leverage}
[bots.beta]
symbols = ["ETHUSDTM"]
budget = 0.5
"""


class Shell:
    """Runs commands, and keeps all that they say."""

    def __init__(self, home: Path, warm: Warm) -> None:
        self._home = home
        self._warm = warm
        self.said = ""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = self._warm.run(*arguments, env=environment(self._home), cwd=self._home, timeout=2 * DEADLINE)
        self.said += done.stdout + done.stderr
        return done

    def changes(self, *arguments: str) -> dict[str, dict[str, Any]]:
        """Return what a command says it changed or would change, by setting."""
        done = self.run("config", *arguments, "--json")
        assert done.returncode == 0, done.stderr
        return {each["key"]: each for each in json.loads(done.stdout)["receipt"]["changes"]}

    def until_running(self, *more: str) -> None:
        give_up = time.monotonic() + DEADLINE
        while '"state": "running"' not in self.run("status", "--json", *more).stdout:
            assert time.monotonic() < give_up, self.said[-2000:]
            time.sleep(0.2)


def test_a_file_is_changed_compared_taken_over_and_taken_back(fly: Fly, tmp_path: Path, warm: Warm) -> None:
    file, shell = tmp_path / "mine.toml", Shell(tmp_path, warm)
    file.write_text("[risk]\nmax_positions = 4\n")
    flight = fly(*QUICK, "--config", str(file))
    shell.until_running()
    assert "nothing would change" in shell.run("config", "diff").stdout

    file.write_text(LESS)
    live = {"risk.max_positions", "cycle.interval", "log.level"}
    assert "restart" in shell.run("config", "diff").stdout
    changes = shell.changes("reload", "--why", "less risk")
    assert {key for key, each in changes.items() if each["live"]} == live
    assert (changes["kucoin.secret"]["after"], changes["ui.theme"]["live"]) == ("••••", False)
    assert {key for key, each in shell.changes("diff").items() if each["live"]} == set()

    file.write_text("[risk]\nmax_positions = 0\n")
    refused = shell.run("config", "reload")
    assert (refused.returncode, "allowed is" in refused.stderr, "nothing was changed" in refused.stderr) == (
        1,
        True,
        True,
    )
    assert shell.changes("rollback")["risk.max_positions"]["after"] == "4"
    assert shell.run("config", "rollback").returncode == 1

    assert shell.run("shutdown", "--keep").returncode == 0
    assert flight.ended() == 0
    assert '"level":"debug"' in flight.said, "the log followed"
    assert '"ask":"reload-config"' in flight.said, "it is in the log, with who"
    assert SECRET not in shell.said + flight.said + flight.output
    assert SECRET.encode() not in b"".join(each.read_bytes() for each in flight.state.rglob("*") if each.is_file())


@pytest.mark.long
def test_of_several_bots_each_has_its_own(fly: Fly, tmp_path: Path, warm: Warm) -> None:
    file, shell = tmp_path / "two.toml", Shell(tmp_path, warm)
    file.write_text(BOTS.format(leverage=3))
    flight = fly("--seed", "3", "--speed", "1200", "--config", str(file))
    for name in ("alpha", "beta"):
        shell.until_running("--bot", name)
    file.write_text(BOTS.format(leverage=7))
    assert shell.changes("diff", "--bot", "beta") == {}
    assert shell.changes("reload", "--bot", "alpha")["risk.leverage"]["after"] == "7"
    assert shell.changes("diff", "--bot", "alpha") == {}
    flight.process.terminate()
    assert flight.ended() == 143


def test_without_an_engine_it_is_exit_3(tmp_path: Path, warm: Warm) -> None:
    for command in ("diff", "reload", "rollback"):
        assert Shell(tmp_path, warm).run("config", command).returncode == 3
