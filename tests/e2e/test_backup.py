"""A journal is backed up while its bot flies, lost, and restored: the exchange's truth wins, no order comes twice."""

from __future__ import annotations

import json
import signal
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flights import Flight, Fly
from journals import Facts
from programs import DEADLINE, EAGER, RADTUI, environment
from simulators import Simulator

SYMBOLS = "XBTUSDTM,ETHUSDTM"
NAME = "radtui-rehearsal.db"


class Rehearsals:
    """One bot's rehearsals on one server."""

    def __init__(self, home: Path, fly: Fly, server: Simulator) -> None:
        self.home, self.fly, self.server = home, fly, server
        self.state = home / "bot"
        self.where = ("--exchange", "kucoin", "--kucoin-url", server.ready["url"])
        keys = {f"KUCOIN_API_{part.upper()}": server.ready[part] for part in ("key", "secret", "passphrase")}
        self.variables = {
            **keys,
            "RADTUI_BOT__TIMEFRAME": "1m",
            "RADTUI_BOT__SYMBOLS": SYMBOLS,
            "RADTUI_ENGINE__WARMUP": "20",
        }

    def start(self) -> tuple[Flight, Facts]:
        flight = self.fly(*self.where, "--strategy", EAGER, state=self.state, **self.variables)
        return flight, Facts(self.state, flight.process, NAME)

    def radtui(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*RADTUI, *words, "--state", str(self.state), *self.where],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment(self.home, **self.variables),
            cwd=self.home, timeout=DEADLINE, check=False,
        )  # fmt: skip

    def told(self, *words: str) -> dict[str, Any]:
        """Run a command that must succeed, and return its document."""
        done = self.radtui(*words, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def held(self) -> dict[str, int]:
        """Return what the exchange shows as held."""
        return {each["symbol"]: each["currentQty"] for each in self.server.data("GET", "/api/v1/positions")}

    def stops(self) -> Counter[str]:
        """Return how many stops rest at the exchange for each symbol."""
        return Counter(each["symbol"] for each in self.server.data("GET", "/api/v1/stopOrders")["items"])


@pytest.mark.long
def test_a_bot_whose_journal_was_lost_goes_on_from_a_backup_of_before_it_traded(fly: Fly, tmp_path: Path) -> None:
    with Simulator(tmp_path, "--symbols", SYMBOLS, "--seed", "7", "--speed", "60") as server:
        bot = Rehearsals(tmp_path, fly, server)
        flight, facts = bot.start()
        facts.until(lambda found: "running" in found.states(), "it flies")
        kept = bot.told("backup", "early.db")
        facts.until(lambda found: len(found.holdings()) == 2, "two positions")
        facts.until(lambda found: found.count("orders", "purpose = 'stop' AND state = 'working'") == 2, "two stops")
        refused = bot.radtui("restore", "early.db")
        assert refused.returncode == 1
        assert f"pid {flight.process.pid}" in refused.stderr
        flight.signal(signal.SIGKILL)
        flight.ended()
        ids = {each for (each,) in facts.rows("SELECT client_id FROM orders")}

        changed = bot.told("restore", "early.db")
        assert changed["now"]["sequence"] == kept["sequence"] <= changed["before"]["sequence"]
        again, facts = bot.start()
        facts.until(lambda found: found.states().count("running") == 2, "it flies again")
        again.signal(signal.SIGTERM)
        assert again.ended() == 143
        report = again.report()
        assert {each["symbol"]: each["lots"] for each in report["positions"]} == bot.held()
        assert all(each["stop_resting"] for each in report["positions"])
        assert bot.stops() == Counter(dict.fromkeys(bot.held(), 1)), "one stop for each position"
        aside = Facts(Path(changed["aside"]).parent, again.process, Path(changed["aside"]).name)
        assert {each for (each,) in aside.rows("SELECT client_id FROM orders")} == ids
