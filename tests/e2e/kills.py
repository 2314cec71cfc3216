"""Kill -9 at random moments of a real rehearsal, again and again, and the exchange's own record compared each time.

``python tests/e2e/kills.py --kills 200 --seed 1`` is the long version; it prints what it did and what it measured.
"""

from __future__ import annotations

import json
import random
import signal
import sys
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from flights import Flight
from journals import UNSETTLED, Facts
from records import Record, Watch
from simulators import Simulator

SERVED: Final = ("--symbols", "XBTUSDTM,ETHUSDTM", "--speed", "90", "--fault", "slow=30")
"""A one-minute candle closes in two thirds of a second; answers and frames take 30 ms, and overtake each other."""
REHEARSAL: Final = "radtui-rehearsal.db"
RESTLESS: Final = f"{Path(__file__).with_name('restless.py')}:Restless"
BOT: Final = {
    "RADTUI_BOT__TIMEFRAME": "1m",
    "RADTUI_BOT__SYMBOLS": "XBTUSDTM,ETHUSDTM",
    "RADTUI_ENGINE__WARMUP": "20",
    "RADTUI_RISK__POSITION_NOTIONAL": "100",
    "RADTUI_RISK__LOSING_STREAK": "1000",
    "RADTUI_RISK__DRAWDOWN": "1",
    "RADTUI_RISK__DAILY_LOSS": "1",
    "RADTUI_RISK__ENTRIES_PER_MINUTE": "1000",
}
"""Small positions and no breaker: it trades as long as there is a market."""
PROTECT_WITHIN: Final = 5.0
"""What the bot promises, in seconds (the setting's default)."""
_EARLY: Final = 0.25
"""Share of the kills while it starts and recovers."""
_ACTING: Final = 0.4
"""Share of the kills while an order is on its way."""
_STOPPED: Final = 0.25
"""Share of the kills while the exchange does not answer: what is on the way arrives after the engine's death."""


_STARTS: Final = 7
"""In a minute at most: each takes up to five connections, and KuCoin takes 30."""
_TOO_MANY: Final = "exceed max connection count limitation"
_PAUSE: Final = 10.0
_A_WHILE: Final = 2.0
"""Seconds that it flies at the end before it is landed."""
_ON_THE_WAY: Final = f"state IN {UNSETTLED}"


@dataclass
class Figures:
    """What a campaign did and saw.

    Attributes:
        at: kills by the purposes of the orders that the journal showed on their way, else ``starting`` or ``nothing``.
        refused: starts for which the exchange had no connection left; they are tried again.
        stopped: kills while the exchange did not answer. bare: kills that left a position without a stop.
        findings: of all recoveries. recovery: seconds from a process's start to its recovery.
        orders, entries, fills: that the exchange shows in the end. looks, worst: see `Watch`.
    """

    kills: int = 0
    refused: int = 0
    landed: bool = False
    at: Counter[str] = field(default_factory=Counter)
    bare: int = 0
    stopped: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    recovery: list[float] = field(default_factory=list)
    orders: int = 0
    entries: int = 0
    fills: int = 0
    looks: int = 0
    worst: dict[str, float] = field(default_factory=dict)


def keys(server: Simulator) -> dict[str, str]:
    """Return the environment that names the account there."""
    return {f"KUCOIN_API_{part.upper()}": server.ready[part] for part in ("key", "secret", "passphrase")}


class TooManyConnections(Exception):
    """An engine was not ready to fly, for the exchange takes so many connections a minute and no more."""


class Campaign:
    """One account, one state folder, and an engine that is killed and started again.

    Args:
        home: folder of everything. seed: of the moments.
    """

    def __init__(self, home: Path, server: Simulator, seed: int) -> None:
        self.figures = Figures()
        self.watch = Watch(server)
        self._home = home
        self._server = server
        self._chance = random.Random(seed)
        self._variables: dict[str, Any] = {**BOT, **keys(server)}
        self._starts: deque[float] = deque(maxlen=_STARTS)

    def run(self, kills: int) -> None:
        """Kill it so often, then land it; every comparison that fails raises `AssertionError`."""
        with self.watch.watching():
            while self.figures.kills < kills:
                with self._patient():
                    self._one()
            while not self.figures.landed:
                with self._patient():
                    self._land()
        self.figures.looks, self.figures.worst = self.watch.looks, self.watch.worst
        assert self.watch.worst["bare"] <= PROTECT_WITHIN, self.watch.worst
        assert self.watch.worst["orphan"] <= 2 * PROTECT_WITHIN, self.watch.worst

    def _one(self) -> None:
        when, stopped = self._chance.random(), self._chance.random() < _STOPPED
        away, after = self._chance.uniform(0.0, 0.2), self._chance.uniform(0.0, 2.0)
        with closing(self._start()) as flight:
            facts = Facts(flight.state, flight.process, REHEARSAL)
            if when < _EARLY:
                time.sleep(self._chance.uniform(0.2, 4.0))
            else:
                self._flies(flight, facts, acting=when > 1 - _ACTING)
            back = self._away(away, after) if stopped else None
            self._check_alive(flight)
            flight.signal(signal.SIGKILL)
            flight.ended()
            self._killed(facts, early=when < _EARLY, stopped=stopped)
        if back is None:
            self._compare(facts)
        # else it comes back while the next engine is starting, and that is compared

    def _flies(self, flight: Flight, facts: Facts, *, acting: bool) -> None:
        """Wait until it has recovered, then for some moment, or for one with an order on its way."""
        self._recovered(flight, facts)
        with self.watch.counting():
            if acting:
                facts.until(lambda found: found.count("orders", _ON_THE_WAY), "an order is on its way")
                time.sleep(self._chance.uniform(0.0, 0.05))
            else:
                time.sleep(self._chance.uniform(0.0, 2.0))

    def _start(self) -> Flight:
        at = ("--exchange", "kucoin", "--kucoin-url", self._server.ready["url"], "--strategy", RESTLESS)
        while len(self._starts) == _STARTS and time.monotonic() - self._starts[0] < 60.0:
            time.sleep(0.1)  # the exchange takes so many connections a minute and no more
        self._starts.append(time.monotonic())
        flight = Flight(self._home, *at, **self._variables)
        self._recoveries = Facts(flight.state, flight.process, REHEARSAL).count("recoveries")
        return flight

    def _recovered(self, flight: Flight, facts: Facts) -> None:
        facts.until(
            lambda found: found.count("recoveries") > self._recoveries or flight.process.poll() is not None,
            "it has recovered",
        )
        self._check_alive(flight)
        self.figures.recovery.append(time.monotonic() - self._starts[-1])

    def _check_alive(self, flight: Flight) -> None:
        if flight.process.poll() is None:
            return
        if _TOO_MANY in flight.said:
            raise TooManyConnections
        raise AssertionError(f"it ended by itself: {flight.said[-3000:]}")

    @contextmanager
    def _patient(self) -> Iterator[None]:
        """Where the exchange takes no more connections: wait until it does, and let another start be tried."""
        try:
            yield
        except TooManyConnections:
            self.figures.refused += 1
            time.sleep(_PAUSE)

    def _away(self, before: float, after: float) -> threading.Timer:
        """Stop the server now; let it go on some time after the kill."""
        self._server.process.send_signal(signal.SIGSTOP)
        timer = threading.Timer(before + after, self._server.process.send_signal, [signal.SIGCONT])
        timer.start()
        time.sleep(before)
        return timer

    def _killed(self, facts: Facts, *, early: bool, stopped: bool) -> None:
        figures = self.figures
        figures.kills += 1
        figures.stopped += stopped
        flying = facts.rows(f"SELECT purpose FROM orders WHERE {_ON_THE_WAY}")  # noqa: S608 - our own words
        purposes = sorted({purpose for (purpose,) in flying})
        figures.at["+".join(purposes) or ("starting" if early else "nothing")] += 1

    def _compare(self, facts: Facts) -> None:
        """The engine is dead: what could open something was noted before it left; nothing was opened twice."""
        record = Record.of(self._server)
        self.figures.bare += bool(record.bare())
        noted = {client_id for (client_id,) in facts.rows("SELECT client_id FROM orders")}
        assert not record.entries() - noted, "an entry left that was not noted"
        assert not record.doubled(), record.doubled()

    def _land(self) -> None:
        """Start it once more, shut it down, and compare everything."""
        with closing(self._start()) as flight:
            facts = Facts(flight.state, flight.process, REHEARSAL)
            self._recovered(flight, facts)
            with self.watch.counting():
                time.sleep(_A_WHILE)
            flight.signal(signal.SIGTERM)
            assert flight.ended() == 143, flight.said[-3000:]
            self._landed(facts, flight.report())

    def _landed(self, facts: Facts, report: dict[str, Any]) -> None:
        record, figures = Record.of(self._server), self.figures
        figures.landed = True
        figures.orders, figures.entries, figures.fills = len(record.orders), len(record.entries()), len(record.fills)
        for kind, done in facts.rows("SELECT json_extract(body, '$.fact.kind'), done FROM findings"):
            figures.findings[f"{kind}: {done.partition(':')[0]}"] += 1
        assert not record.doubled()
        assert not record.bare()
        assert not record.orphans()
        stops = [record.orders[id_]["symbol"] for id_ in record.resting]
        assert sorted(stops) == sorted(record.positions), "one stop a position"
        assert {s: each["currentQty"] for s, each in record.positions.items()} == {
            each["symbol"]: each["lots"] for each in report["positions"]
        }
        assert all(order["clientOid"].startswith("radtui-") for order in record.orders.values())
        self._books(facts, record, report)

    def _books(self, facts: Facts, record: Record, report: dict[str, Any]) -> None:
        """Every fill of the exchange is in the journal, once, and the money adds up."""
        noted = facts.rows("SELECT symbol, trade_id, side, lots, fee FROM fills")
        kept = Counter((*row, Decimal(fee)) for *row, fee in noted)
        shown = Counter(
            (fill["symbol"], f"{fill['tradeId']}-{fill['side']}", fill["side"], fill["size"], Decimal(fill["fee"]))
            for fill in record.fills
        )
        assert kept == shown, f"only noted: {kept - shown}, only shown: {shown - kept}"
        assert report["money"]["identity_difference"] == "0", report["money"]


def main(words: Sequence[str]) -> int:
    """Run a campaign and print its figures."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", action="append", default=[], help="of the server: NAME=FIGURE")
    parser.add_argument("--home", type=Path, help="folder of everything; one that is deleted where none is given")
    asked = parser.parse_args(words)
    faults = [word for fault in asked.fault for word in ("--fault", fault)]
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home or Path(folder)
        home.mkdir(exist_ok=True)
        return _run(home, asked.kills, asked.seed, faults)


def _run(home: Path, kills: int, seed: int, faults: Sequence[str]) -> int:
    with Simulator(home, *SERVED, "--seed", str(seed), *faults) as server:
        campaign = Campaign(home, server, seed)
        try:
            campaign.run(kills)
        finally:
            print(json.dumps(vars(campaign.figures)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
