"""From options to an exchange: market, balances, clock, and what does not go together."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from radtui.core.market import SECOND
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import SimExchange
from radtui.simserver.http import Request
from radtui.simserver.serve import BadOption, Options, build
from radtui.venue.contracts import CONTRACTS, so_many
from radtui.venue.faults import BadFault
from radtui.venue.history import BadHistory

NOW = 1_767_225_600 * SECOND + 1_234 * SECOND


class Still:
    """A clock that stands."""

    def now(self) -> int:
        return NOW

    def monotonic(self) -> int:
        return NOW

    def wall(self) -> int:
        return NOW


def built(**options: object) -> SimExchange:
    return build(Options(**options), Still(), seeded_key(1))  # type: ignore[arg-type]


def ask(exchange: SimExchange, target: str) -> object:
    return json.loads(exchange.handle(Request(method="GET", target=target, at=exchange.now())).body)["data"]


def test_a_seeded_market_is_at_the_present_when_it_opens() -> None:
    exchange = built(symbols=("XBTUSDTM", "XBTUSDM", "XBTUSDCM"), balance=Decimal(500))
    venue = exchange.floor.venue
    assert NOW - venue.now < SECOND
    assert {currency: venue.account(currency).wallet for currency in venue.currencies} == {
        "USDT": Decimal(500),
        "USDC": Decimal(500),
        "XBT": Decimal(1),
    }
    assert ask(exchange, "/api/v1/timestamp") == NOW // 1_000_000


@pytest.mark.long
def test_every_contract_there_is_without_a_name() -> None:
    listed = ask(built(), "/api/v1/contracts/active")
    assert isinstance(listed, list)
    assert {each["symbol"] for each in listed} == set(CONTRACTS)


def test_faults_reach_clock_and_status() -> None:
    exchange = built(symbols=("XBTUSDTM",), faults=("skew=8000", "maintenance=1"))
    assert exchange.now() == NOW + 8 * SECOND
    assert ask(exchange, "/api/v1/timestamp") == NOW // 1_000_000 + 8000
    status = ask(exchange, "/api/v1/status")
    assert isinstance(status, dict)
    assert status["status"] == "cancelonly"


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"faults": ("nothing=1",)}, BadFault),
        ({"market": Path("nowhere.csv")}, BadHistory),
        ({"speed": 1_000.0}, BadOption),
        ({"speed": 5_000.0, "symbols": ("XBTUSDTM",)}, BadOption),
    ],
)
def test_options_that_mean_nothing_are_refused(options: dict[str, object], kind: type[Exception]) -> None:
    with pytest.raises(kind):
        built(**options)


def test_a_recorded_market_opens_after_500_bars_and_with_a_full_tape(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    rows = [f"{60 * n},100,101,99,100,4000" for n in range(1, 602)]
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    venue = built(market=file).floor.venue
    assert venue.now == 60 * 501 * SECOND
    assert len(venue.trades("XBTUSDTM", 100)) == 100


def test_more_contracts_than_are_known_are_made_up_and_trade_like_others() -> None:
    exchange = built(symbols=(*so_many(3)[:1], *so_many(40)[-2:]))
    shown = ask(exchange, "/api/v1/contracts/active")
    assert isinstance(shown, list)
    assert [each["symbol"] for each in shown] == ["XBTUSDTM", "MU003USDTM", "MU004USDTM"]
    assert all(each["status"] == "Open" and each["turnoverOf24h"] > 0 for each in shown)
