"""The engine without a terminal: what it prints, how signals end it, and that none of them loses an order."""

from __future__ import annotations

import signal

import pytest
from flights import Flight, Fly
from journals import UNSETTLED, Facts
from programs import MARKET, QUICK

IN_FLIGHT = {"RADTUI_PAPER__FAULTS": "latency=300", "RADTUI_BOT__TIMEFRAME": "1m"}
"""Every call to the exchange takes 0.3 s and a candle one: orders are on their way for long enough to be caught."""


def trading(flight: Flight, positions: int = 1) -> Flight:
    flight.facts.until(lambda facts: len(facts.holdings()) >= positions, f"{positions} positions")
    return flight


def unsettled(facts: Facts) -> int:
    return facts.count("orders", f"state IN {UNSETTLED}")


def on_the_way(facts: Facts) -> int:
    return facts.count("orders", "state = 'sent'")


def settled_properly(flight: Flight, who: str, *before: str) -> None:
    """The journal ends with a receipt, no order in doubt, and a stop for every position.

    What `before` asked for and was cut short has its receipt too, and that claims nothing.
    """
    facts, report = flight.facts, flight.report()
    receipts = facts.rows("SELECT asked_by, success FROM receipts WHERE ask = 'shutdown' ORDER BY sequence")
    assert [(asked_by, bool(success)) for asked_by, success in receipts] == [
        *((forced, False) for forced in before),
        (who, True),
    ]
    assert unsettled(facts) == 0
    assert facts.states()[-1] == report["status"] == "stopped"
    assert {each["symbol"]: each["lots"] for each in report["positions"]} == {
        symbol: lots for symbol, (lots, _) in facts.holdings().items()
    }
    assert all(each["stop_resting"] for each in report["positions"])
    assert report["money"]["identity_difference"] == "0"


def test_a_short_flight(fly: Fly) -> None:
    flight = fly(*QUICK, "--for", "1.5")
    assert flight.ended() == 0
    report, log = flight.report(), flight.log()
    assert report["positions"]
    assert report["performance"]["failed_cycles"] == 0
    assert report["trades"]["fills"] == flight.facts.count("fills")
    assert {line["event"] for line in log} >= {"instruction", "state", "cycle", "order", "fill", "receipt"}
    assert all(line["level"] in {"info", "warning"} for line in log)
    settled_properly(flight, "--for")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.long)]
)
def test_a_signal_in_the_middle_of_a_cycle_loses_nothing(fly: Fly, number: signal.Signals, code: int) -> None:
    flight = fly(*MARKET, **IN_FLIGHT)
    flight.facts.until(on_the_way, "an order is on its way")
    flight.signal(number)
    assert flight.ended() == code
    settled_properly(flight, f"signal:{number.name}")
    entries = flight.facts.rows("SELECT symbol, client_id FROM orders WHERE purpose = 'entry' AND filled_lots > 0")
    assert len({symbol for symbol, _ in entries}) == len(entries) > 0
    assert flight.facts.count("fills") == len(entries) == len(flight.report()["positions"])


@pytest.mark.long
def test_a_second_signal_forces_the_end_and_the_next_start_finds_what_was_on_its_way(fly: Fly) -> None:
    flight = fly(*MARKET, **IN_FLIGHT | {"RADTUI_PAPER__FAULTS": "latency=500"})
    flight.facts.until(on_the_way, "an order is on its way")
    flight.signal(signal.SIGTERM)
    flight.facts.until(lambda facts: "stopping" in facts.states(), "it begins to stop")
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert on_the_way(flight.facts)
    again = fly(*QUICK, "--for", "1", state=flight.state)
    assert again.ended() == 0
    assert unsettled(again.facts) == 0
    settled_properly(again, "--for", "signal:SIGTERM")


def test_a_hang_up_is_nothing_to_it(fly: Fly) -> None:
    flight = trading(fly(*QUICK))
    flight.signal(signal.SIGHUP)
    flight.facts.moves_on()
    flight.signal(signal.SIGTERM)
    assert flight.ended() == 143
    assert "hang-up" in [line["event"] for line in flight.log()]
    settled_properly(flight, "signal:SIGTERM")
