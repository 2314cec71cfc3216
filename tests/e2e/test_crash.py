"""After a kill -9 the bot starts clean, shows what it knew, and neither repeats an order nor forgets a position."""

from __future__ import annotations

import signal
from decimal import Decimal

from flights import Flight, Fly
from journals import UNSETTLED, Facts
from programs import QUICK
from terminal import Open

KEPT = ("instructions", "transitions", "fills", "positions", "cycles", "receipts", "evaluations")


def everything(facts: Facts) -> set[tuple[str, int, str]]:
    """Return every fact that is kept for ever, with its table and sequence."""
    statements = {table: f"SELECT sequence, body FROM {table}" for table in KEPT}  # noqa: S608 - our own words
    return {(table, *row) for table, statement in statements.items() for row in facts.rows(statement)}


def orders(facts: Facts) -> set[tuple[str, str, int]]:
    return set(facts.rows("SELECT client_id, symbol, filled_lots FROM orders WHERE purpose = 'entry'"))


def crashed(flight: Flight) -> Flight:
    """Kill an engine that holds two positions."""
    flight.facts.until(lambda facts: facts.count("orders", "purpose = 'stop' AND state = 'working'") == 2, "two stops")
    flight.signal(signal.SIGKILL)
    assert flight.ended() == -signal.SIGKILL
    return flight


def test_what_was_known_is_known_again_and_no_order_is_sent_twice(fly: Fly) -> None:
    before = crashed(fly(*QUICK))
    facts, entries, held = everything(before.facts), orders(before.facts), before.facts.holdings()
    assert len(held) == len(entries) == 2
    assert before.facts.rows("SELECT clean FROM meta") == [(0,)]
    after = fly("--strategy", QUICK[QUICK.index("--strategy") + 1], "--speed", "1200", "--for", "1", state=before.state)
    assert after.ended() == 0
    report = after.report()
    assert facts <= everything(after.facts)
    assert orders(after.facts) == entries
    assert after.facts.count("orders", f"state IN {UNSETTLED}") == 0
    shown = {each["symbol"]: (each["lots"], Decimal(each["entry"])) for each in report["positions"]}
    assert shown == {symbol: (lots, Decimal(entry)) for symbol, (lots, entry) in held.items()}
    assert all(each["stop_resting"] and each["own"] for each in report["positions"])
    assert report["money"]["start"] == "10000"
    assert report["money"]["identity_difference"] == "0"
    assert report["trades"]["fills"] == len(entries)
    assert after.facts.rows("SELECT clean FROM meta") == [(1,)]


def test_a_pause_outlasts_the_crash_of_a_cockpit_and_is_shown_with_who(cockpit: Open) -> None:
    first = cockpit(*QUICK)
    first.wait_for("○ STOPPED", "6 of 6")
    first.type("s")
    first.wait_for("▲ long")
    first.type("p")
    first.wait_for("◐ PAUSED")
    held = first.facts.holdings()
    first.facts.until(lambda facts: facts.rows("SELECT 1 FROM bot_state WHERE body LIKE '%paused%'"), "the pause")
    first.engine.kill()
    assert first.ended() == 128 + signal.SIGKILL
    again = cockpit(*QUICK)
    again.wait_for("◐ PAUSED", "by you", "▲ long")
    assert again.facts.holdings() == held
    again.signal(signal.SIGTERM)
    assert again.ended() == 143
