"""Several bots by command: what is said of each, and what is refused before anything starts."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from radtui.api.socket import listen
from radtui.cli.account import control_socket
from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.settings.places import places
from radtui.store.lock import AccountLock
from tests.cli.conftest import Run

TWO = """
[bot]
timeframe = "1m"
[bots.alpha]
symbols = ["XBTUSDTM"]
budget = 0.4
[bots.beta]
symbols = ["ETHUSDTM"]
budget = 0.5
"""
FLY = ("run", "--headless", "--config", "two.toml", "--report", "json")


def test_a_virtual_flight_reports_each_and_is_the_same_each_time(run: Run, own_folders: Path) -> None:
    (own_folders / "two.toml").write_text(TWO)
    first, second = (run(*FLY, "--virtual", "--for", "900") for _ in range(2))
    assert first.returncode == 0, first.stderr
    assert first.stdout == second.stdout
    document = json.loads(first.stdout)
    assert document["died"] == {}
    starts = {name: report["money"]["start"] for name, report in document["bots"].items()}
    assert starts == {"alpha": "4000", "beta": "5000"}
    assert {tuple(report["symbols"]) for report in document["bots"].values()} == {("XBTUSDTM",), ("ETHUSDTM",)}


def test_each_has_its_journal_and_goes_on_with_it(run: Run, own_folders: Path) -> None:
    (own_folders / "two.toml").write_text(TWO)
    for _ in range(2):
        flown = run(*FLY, "--for", "2", "--state", "s")
        assert flown.returncode == 0, flown.stderr
        assert all(report["healthy"] for report in json.loads(flown.stdout)["bots"].values())
    assert {path.name for path in (own_folders / "s").glob("*.db")} == {"alpha.db", "beta.db", "shared-account.db"}
    (own_folders / "two.toml").write_text(TWO.replace("ETHUSDTM", "SOLUSDTM"))
    other = run(*FLY, "--for", "2", "--state", "s")
    assert other.returncode == 1
    assert "lives on another market" in other.stderr
    with sqlite3.connect(own_folders / "s" / "alpha.db") as journal:
        assert journal.execute("SELECT count(*) FROM receipts WHERE ask = 'shutdown'").fetchone() == (2,)
    journal.close()


def test_one_of_them_flies_alone_on_its_share_and_not_beside_a_squad_that_flies(run: Run, own_folders: Path) -> None:
    (own_folders / "two.toml").write_text(TWO)
    alone = run(*FLY, "--virtual", "--for", "600", "--bot", "beta")
    assert alone.returncode == 0, alone.stderr
    document = json.loads(alone.stdout)
    assert {name: report["money"]["start"] for name, report in document["bots"].items()} == {"beta": "5000"}
    lock = AccountLock(own_folders / "s" / "locks" / "paper-shared-account.lock", "the paper account of several bots")
    lock.acquire()
    without = run(*FLY, "--for", "2", "--bot", "beta", "--state", "s")
    bot = opened(Flags(config=own_folders / "two.toml", bot="beta", state=own_folders / "s")).settings
    with listen(control_socket(bot, places(bot))):
        beside = run(*FLY, "--for", "2", "--bot", "beta", "--state", "s")
    lock.release()
    assert (without.returncode, beside.returncode) == (1, 1)
    assert "flies the account without beta" in without.stderr
    assert "`radtui start --bot beta` starts it there" in beside.stderr


def test_what_cannot_fly_together_does_not_start(run: Run, own_folders: Path) -> None:
    (own_folders / "two.toml").write_text(TWO.replace("ETHUSDTM", "XBTUSDTM"))
    both = run(*FLY, "--for", "2")
    assert both.returncode == 2
    assert "bots.alpha and bots.beta both trade XBTUSDTM" in both.stderr
    assert not list(own_folders.rglob("*.db"))
