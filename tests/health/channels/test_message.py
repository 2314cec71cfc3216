"""What people read: what is, what to do, how to say that it was seen."""

from __future__ import annotations

from msgspec.structs import replace

from radtui.core.alert_view import AlertView, Phase, Severity
from radtui.core.market import MINUTE
from radtui.health.channels.message import MOST_LINES, Message, merged, of_alert, of_silence, of_test
from tests.health.alerts.makers import NOW

ALERT = AlertView(
    id="12",
    rule="position-bare",
    subject="XBTUSDTM",
    severity=Severity.ALARM,
    text="XBTUSDTM has had no confirmed stop for 9 s, limit 5 s",
    todo="look at the exchange",
    since=NOW,
    fired_at=NOW,
)


def test_one_that_fires_says_what_is_what_to_do_and_how_to_acknowledge() -> None:
    message = of_alert(replace(ALERT, times=3), "alpha", "live")
    assert message.title == "radtui alpha LIVE: ALARM: position-bare XBTUSDTM"
    assert message.body.splitlines() == [
        "XBTUSDTM has had no confirmed stop for 9 s, limit 5 s",
        "What to do: look at the exchange",
        "since 2026-01-01 00:00:00 UTC, 3 times; `radtui alerts ack 12`",
    ]
    assert message.severity is Severity.ALARM


def test_one_that_is_over_says_since_when() -> None:
    message = of_alert(replace(ALERT, phase=Phase.RESOLVED, resolved_at=NOW + 5 * MINUTE), "alpha", "paper")
    assert message.title == "radtui alpha PAPER: over: position-bare XBTUSDTM"
    assert message.body.endswith("no longer so since 2026-01-01 00:05:00 UTC; it began 2026-01-01 00:00:00 UTC")
    assert message.severity is None


def test_silence_and_tests_say_what_they_are() -> None:
    assert "stood still for 31 s" in of_silence("alpha", "live", 31.4).body
    assert "nothing is wrong" in of_test("alpha", "live", "cli:bob").body


def test_one_message_stays_as_it_is() -> None:
    message = of_alert(ALERT, "alpha", "live")
    assert merged([message]) is message


def test_what_waited_together_comes_as_one_the_newest_first_and_as_bad_as_the_worst() -> None:
    letters = [
        Message(title=f"t{number}", body=f"b{number}", severity=Severity.WARNING if number else Severity.ERROR)
        for number in range(MOST_LINES + 5)
    ]
    together = merged([*letters, Message(title="over", body="well again")])
    assert together.title == f"over (and {MOST_LINES + 5} more)"
    assert together.severity is Severity.ERROR
    assert together.body.startswith("over\nwell again\n\nt24\nb24")
    assert together.body.endswith("… and 6 older ones: `radtui alerts history`")
