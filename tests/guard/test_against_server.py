"""The guardian's own client before our own server, with every fault of the wire: the account ends as it should."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from radtui.core.guarding import Cover, Did, is_guardians
from radtui.guard.account import NewOrder
from radtui.guard.acting import Acting
from radtui.guard.client import Client, Failure, Refused
from radtui.guard.line import Answer, Unanswered, Unsent
from radtui.guard.plan import protected
from radtui.guard.signing import headers as signed
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.http import Request
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.venue.model import SeededMarket
from radtui.venue.venue import Venue
from tests.guard.makers import beat, config

EPOCH = 1_790_000_000 * 10**9
LONG, SHORT, OTHERS = "XBTUSDTM", "ETHUSDTM", "XRPUSDTM"
F = WireFault
STORMS: dict[str, dict[WireFault, float]] = {
    "none": {},
    "lost before": {F.LOST: 0.4},
    "lost after": {F.LOST_AFTER: 0.4},
    "twice": {F.TWICE: 0.5},
    "errors": {F.ERROR: 0.2, F.ERROR_AFTER: 0.2, F.HTML: 0.1},
    "limits": {F.RATE_LIMIT: 0.05},
    "skew ahead": {F.SKEW: 60_000.0},
    "skew behind": {F.SKEW: -60_000.0},
    "everything": {F.LOST: 0.1, F.LOST_AFTER: 0.1, F.TWICE: 0.1, F.ERROR_AFTER: 0.1, F.ERROR: 0.1, F.SKEW: 9000.0},
}


class World:
    """A server in memory, a clock that moves when somebody waits, and an account that an engine left behind."""

    def __init__(self, home: Path, seed: int, faults: dict[WireFault, float]) -> None:
        self.now = EPOCH
        self.key = seeded_key(seed)
        self.down = False
        market = SeededMarket((LONG, SHORT, OTHERS), seed=seed, start=self.now)
        self.faults = WireFaults(seed, faults)
        self.server = open_exchange(
            market, [self.key], now=lambda: self.now, seed=seed, balances={"USDT": Decimal(10_000)}, warmup=5,
            faults=self.faults,
        )  # fmt: skip
        self.config = config(home, key=self.key.key, secret=self.key.secret, passphrase=self.key.passphrase)
        self.client = Client(self.config, self, now=lambda: self.now // 1_000_000)

    @property
    def venue(self) -> Venue:
        return self.server.floor.venue

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Carry a request as the wire would."""
        if self.down:
            raise Unsent("the network is down")
        self.rest(0.01)
        plan = self.faults.answer()
        answer = plan.instead
        for _ in range(plan.times):
            answered = self._handle(method, target, headers, body)
            answer = plan.instead or answered
        if plan.lost or answer is None:
            self.rest(5.0)
            raise Unanswered("timed out")
        return Answer(answer.status, answer.body)

    def rest(self, seconds: float) -> bool:
        self.now += round(seconds * 1e9)
        self.server.look()
        return False

    def send(self, client_id: str, symbol: str, side: str, **order: object) -> None:
        """Place an order as somebody else would, on a line that never fails."""
        told = {"clientOid": client_id, "symbol": symbol, "side": side, "marginMode": "ISOLATED", "leverage": 3}
        body = json.dumps(told | order).encode()
        stamp = self.server.now() // 1_000_000
        parts = (self.key.key, self.key.secret, self.key.passphrase, "2")
        headers = signed(*parts, stamp=stamp, method="POST", path="/api/v1/orders", body=body)
        answer = self._handle("POST", "/api/v1/orders", headers, body)
        assert b'"200000"' in answer.body, answer.body

    def _handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Any:
        lower = {name.lower(): value for name, value in headers.items()}
        return self.server.handle(Request(method=method, target=target, headers=lower, body=body, at=self.server.now()))

    def mark(self, symbol: str) -> Decimal:
        return next(held.mark for held in self.venue.positions() if held.symbol == symbol)

    def leave(self) -> tuple[Cover, ...]:
        """Leave what a killed engine may leave, and what is somebody else's; return what it had told."""
        self.send("t-b-1", LONG, "buy", type="market", size=30)
        self.send("t-b-2", SHORT, "sell", type="market", size=40)
        self.send("web-1", OTHERS, "buy", type="market", size=5)
        self.rest(1.0)
        low = str((self.mark(LONG) * Decimal("0.96")).quantize(Decimal(1)))
        self.send("t-b-3", LONG, "buy", type="limit", size=1, price=low)
        self.send("web-2", LONG, "buy", type="limit", size=1, price=low)
        over = self.mark(SHORT) * Decimal("1.04")
        return (
            Cover(symbol=LONG, long=True, lots=30, stop=Decimal(low)),
            Cover(symbol=SHORT, long=False, lots=40, stop=over.quantize(Decimal("0.1"))),
        )


@pytest.mark.parametrize("flatten", [False, True], ids=["stops", "flat"])
@pytest.mark.parametrize(
    "storm", ["everything", *(pytest.param(each, marks=pytest.mark.long) for each in STORMS if each != "everything")]
)
def test_what_a_killed_engine_left_is_put_in_order(tmp_path: Path, storm: str, flatten: bool) -> None:
    world = World(tmp_path, 1, STORMS[storm])
    covers = world.leave()
    notes: list[Did] = []
    last = beat(*covers, at=world.server.now())
    acting = Acting(
        world.client, last, flatten=flatten, note=lambda did, *_: notes.append(did), rest=world.rest, at=world.now
    )
    assert acting.run() is not None
    orders = {order.client_id for order in world.venue.open_orders() if not order.waits}
    stops = [order for order in world.venue.open_orders() if order.waits]
    held = {position.symbol: position.lots for position in world.venue.positions()}
    assert orders == {"web-2"}
    assert held == ({OTHERS: 5} if flatten else {LONG: 30, SHORT: -40, OTHERS: 5})
    assert {stop.symbol for stop in stops} == (set() if flatten else {LONG, SHORT})
    assert len(stops) == (0 if flatten else 2), "one stop each, whatever was lost on the way"
    assert all(stop.close_order and is_guardians(stop.client_id) for stop in stops)
    assert Did.CANCELLED in notes or "lost" in storm or storm in {"errors", "everything", "twice"}


def test_an_armed_switch_of_the_exchange_takes_none_of_its_stops(tmp_path: Path) -> None:
    world = World(tmp_path, 1, {})
    covers = world.leave()
    world.server.floor.deadman.set(180, (LONG, SHORT), world.server.now())
    last = beat(*covers, at=world.server.now())
    acting = Acting(world.client, last, flatten=False, note=lambda *_: None, rest=world.rest, at=world.now, switch=True)
    assert acting.run() is not None
    world.rest(400.0)
    assert {stop.symbol for stop in world.venue.open_orders() if stop.waits} == {LONG, SHORT}


def test_what_it_reads_is_what_stands_there(tmp_path: Path) -> None:
    world = World(tmp_path, 1, {})
    world.leave()
    shown = world.client.read()
    assert {held.symbol: held.lots if held.long else -held.lots for held in shown.holdings} == {
        LONG: 30, SHORT: -40, OTHERS: 5,
    }  # fmt: skip
    assert {order.client_oid for order in shown.orders} == {"t-b-3", "web-2"}
    assert {order.client_oid for order in shown.done} == {"t-b-1", "t-b-2", "web-1"}
    long = next(held for held in shown.holdings if held.symbol == LONG)
    new = NewOrder(
        client_oid="t-_1-1", symbol=LONG, side="sell", margin_mode=long.mode, position_side="BOTH", stop="down",
        stop_price="1000",
    )  # fmt: skip
    world.client.try_out(new)
    assert not protected(long, world.client.read().stops)
    world.client.place(new)
    world.client.place(new)
    assert protected(long, world.client.read().stops)
    [stop] = world.client.read().stops
    world.client.cancel(stop)
    with pytest.raises(Refused):
        world.client.cancel(stop)


def test_a_wrong_key_is_told_without_its_parts(tmp_path: Path) -> None:
    world = World(tmp_path, 1, {})
    told = config(tmp_path, key=world.key.key, secret="another-secret", passphrase=world.key.passphrase)
    with pytest.raises(Failure) as failure:
        Client(told, world, now=lambda: world.now // 1_000_000).read()
    assert not any(part in str(failure.value) for part in (world.key.key, "another-secret", world.key.passphrase))
