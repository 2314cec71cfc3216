"""Each rule at both sides of each of its limits, and every rule in a life from firing to its end."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from radtui.core.alert_view import Phase, Severity
from radtui.core.fallen_view import FallenView
from radtui.core.instruction import Ask
from radtui.core.lifecycle import State
from radtui.core.market import MINUTE, SECOND
from radtui.core.snapshot import Snapshot
from radtui.core.strategy_view import StrategyFault
from radtui.health.alerts.book import Book
from radtui.health.alerts.own_rules import silence
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.rule import Judgement, Rule
from radtui.health.alerts.rules import JUDGED, RULES, judge
from tests.health.alerts import makers
from tests.health.alerts.makers import NOW, WELL, snapshot

BOUNDARIES: list[tuple[str, str, Snapshot, Snapshot]] = [
    (
        "success-rate",
        "cycles",
        snapshot(status__cycles=10, status__success_rate=90.0),
        snapshot(status__cycles=10, status__success_rate=89.99),
    ),
    (
        "success-rate",
        "cycles",
        snapshot(status__cycles=9, status__success_rate=0.0),
        snapshot(status__cycles=10, status__success_rate=0.0),
    ),
    (
        "failures-in-a-row",
        "cycles",
        snapshot(status__failures_in_a_row=1),
        snapshot(status__failures_in_a_row=2),
    ),
    ("slow-cycles", "cycles", snapshot(status__average_cycle=120.0), snapshot(status__average_cycle=120.001)),
    ("slow-cycles", "cycles", snapshot(status__average_cycle=None), snapshot(status__average_cycle=500.0)),
    ("bot-error", "bot", snapshot(status__state=State.STOPPED), snapshot(status__state=State.ERROR)),
    (
        "start-stuck",
        "start",
        snapshot(status__recovered=False, status__started_at=NOW - 120 * SECOND),
        snapshot(status__recovered=False, status__started_at=NOW - 121 * SECOND),
    ),
    ("start-stuck", "start", WELL, snapshot(status__recovered=False)),
    ("bot-ended", "beta", WELL, snapshot(fallen=(FallenView(bot="beta", why="RuntimeError: boom"),))),
    (
        "strategy-failing",
        "strategy",
        makers.strategy(failing=(StrategyFault(symbol="XBTUSDTM", in_a_row=1, why="boom"),)),
        makers.strategy(failing=(StrategyFault(symbol="XBTUSDTM", in_a_row=2, why="boom"),)),
    ),
    ("strategy-failing", "strategy", WELL, makers.strategy(hangs=5, hanging="XBTUSDTM")),
    ("strategy-failing", "strategy", makers.strategy(every=60.0, silent=300), makers.strategy(silent=301)),
    (
        "strategy-failing",
        "strategy",
        makers.strategy(every=300.0, silent=900),
        makers.strategy(every=300.0, silent=901),
    ),
    (
        "worker-silent",
        "worker journal",
        makers.worker("journal", healthy=True),
        makers.worker("journal", healthy=False),
    ),
    ("worker-silent", "worker journal", makers.at_fault("journal"), makers.worker("journal", healthy=False)),
    ("exchange-calls", "exchange calls", snapshot(api__success=90.01), snapshot(api__success=90.0)),
    ("position-bare", "XBTUSDTM", makers.position(5.0), makers.position(5.01)),
    ("position-bare", "XBTUSDTM", makers.position(99.0, own=False), makers.position(99.0)),
    ("position-bare", "XBTUSDTM", makers.position(99.0, stop_resting=True), makers.position(99.0)),
    ("stop-unverified", "stop", makers.stopped(Ask.STOP), makers.stopped(Ask.STOP, "order a is not shown")),
    ("stop-unverified", "shutdown", makers.stopped(Ask.START, "x"), makers.stopped(Ask.SHUTDOWN, "x")),
    ("stop-unfinished", "emergency stop", makers.flattening(60.0), makers.flattening(60.001)),
    ("stop-unfinished", "stop", makers.stopping(60.0), makers.stopping(61.0)),
    ("breaker-tripped", "drawdown", makers.breaker("drawdown"), makers.breaker("drawdown", tripped=True)),
    ("daily-loss", "daily loss", makers.breaker(share=79.99), makers.breaker(share=80.0)),
    ("daily-loss", "daily loss", makers.breaker(share=None), makers.breaker(share=99.0)),
    ("daily-loss", "daily loss", makers.breaker("drawdown", share=99.0), makers.breaker(share=99.0)),
    ("books-drift", "books", makers.drift(600.0), makers.drift(599.0)),
    ("rival-engine", "rival", WELL, snapshot(reconcile__rival="another engine")),
    ("books-unbalanced", "balance", makers.unbalanced(Decimal(0)), makers.unbalanced(Decimal("0.00000001"))),
    ("books-unbalanced", "balance", makers.unbalanced(None), makers.unbalanced(Decimal(-1))),
    ("journal-failing", "journal", WELL, snapshot(journal="the disk is full")),
    ("guardian-missing", "guardian", WELL, snapshot(guardian__missing="no guardian")),
    ("guardian-acted", "guardian", makers.acted(3600.0), makers.acted(3599.0)),
    ("feed-disconnect", "public 1", makers.connection(), makers.connection(state="waiting", reconnects=1)),
    (
        "feed-disconnect",
        "public 1",
        makers.connection(state="connecting"),
        makers.connection(state="connecting", reconnects=1),
    ),
    ("feed-latency", "public 1", makers.connection(latency=1.0), makers.connection(latency=1.001)),
    ("feed-latency", "public 1", makers.connection(latency=None), makers.connection(latency=9.0)),
    ("feed-errors", "public 1", makers.connection(errors=5.0), makers.connection(errors=5.01)),
    ("feed-reconnects", "public 1", makers.connection(reconnects=3), makers.connection(reconnects=4)),
    ("feed-score", "public 1", makers.connection(score=50.0), makers.connection(score=49.9)),
    ("feed-lost", "market feed", WELL, snapshot(feeds_lost=("market feed",))),
    ("line-breaker", "market", makers.line_breaker("closed"), makers.line_breaker("open")),
    ("line-breaker", "market", makers.line_breaker("half-open"), makers.line_breaker("forced open")),
    ("channel-dead", "mail", makers.channel("unused"), makers.channel("dead")),
    ("channel-dead", "mail", makers.channel("works"), makers.channel("dead")),
]


def subjects(of: str, seen: Snapshot) -> list[str]:
    return [each.finding.subject for each in judge(seen) if each.rule.name == of]


def test_nothing_is_to_be_told_of_a_bot_that_is_well() -> None:
    assert judge(WELL) == []


@pytest.mark.parametrize(("name", "subject", "just_well", "no_more"), BOUNDARIES)
def test_a_rule_fires_beyond_its_limit_and_not_at_it(
    name: str, subject: str, just_well: Snapshot, no_more: Snapshot
) -> None:
    assert subjects(name, just_well) == []
    assert subjects(name, no_more) == [subject]


def test_every_rule_has_its_boundary_here() -> None:
    assert {name for name, *_ in BOUNDARIES} == {rule.name for rule in JUDGED}


@pytest.mark.parametrize(("seconds", "fires"), [(30.0, False), (30.1, True)])
def test_a_loop_that_stood_still_is_told_of(seconds: float, fires: bool) -> None:
    assert [each.rule.name for each in silence(seconds)] == ["engine-silent"] * fires


@pytest.mark.parametrize("name", dict.fromkeys(name for name, *_ in BOUNDARIES))
def test_each_alert_fires_cools_down_is_acknowledged_and_resolves(name: str) -> None:
    found = [
        each for each in judge(next(seen for rule, _, _, seen in BOUNDARIES if rule == name)) if each.rule.name == name
    ]
    book, at = Book(Policy()), NOW
    ready = at + round(found[0].rule.persists * SECOND)
    book.look(found, at, recovered=True)
    book.look(found, ready, recovered=True)
    [fired] = book.due(ready)
    assert (fired.rule, fired.phase, fired.todo) == (name, Phase.FIRING, found[0].rule.todo)
    book.look(found, ready + 10 * MINUTE, recovered=True)
    assert book.due(ready + 10 * MINUTE) == [], "it cools down"
    [seen] = book.acknowledge(fired.id, "key:alice", ready + 11 * MINUTE)
    assert (seen.phase, seen.by) == (Phase.ACKNOWLEDGED, "key:alice")
    assert book.due(ready + 99 * MINUTE) == [], "somebody knows"
    book.look([], ready + 100 * MINUTE, recovered=True)
    assert (book.open, [each.phase for each in book.history]) == ((), [Phase.RESOLVED])
    assert [each.id for each in book.due(ready + 101 * MINUTE)] == [fired.id], "its end is told"


def test_what_is_grave_is_an_alarm_and_the_rest_a_warning() -> None:
    severities = {
        each.finding.subject: each.severity
        for name in ("daily loss", "drawdown", "order rate", "losing streak")
        for each in judge(makers.breaker(name, tripped=True))
    }
    alarm, warning = Severity.ALARM, Severity.WARNING
    assert severities == {"daily loss": alarm, "drawdown": alarm, "order rate": warning, "losing streak": warning}


def test_a_guardian_that_only_watched_is_a_warning() -> None:
    assert [each.severity for each in judge(makers.acted(1.0, changed=False))] == [Severity.WARNING]


def test_a_silent_guardian_is_told_of_once_by_its_own_rule() -> None:
    assert judge(makers.worker("guardian", healthy=False)) == []


def test_several_subjects_are_several_alerts() -> None:
    first, second = makers.position(9.0).positions[0], makers.position(9.0, symbol="ETHUSDTM").positions[0]
    assert subjects("position-bare", snapshot(positions=(first, second))) == ["XBTUSDTM", "ETHUSDTM"]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_says_what_it_looks_for_and_what_to_do(rule: Rule) -> None:
    assert rule.says
    assert rule.todo


def test_a_rule_that_breaks_is_told_of_and_silences_no_other() -> None:
    def broken(_: Snapshot) -> Any:
        raise ZeroDivisionError("division by zero")

    rules = [makers.rule("odd"), *JUDGED]
    rules[0] = Rule(name="odd", severity=Severity.ERROR, says="s", todo="t", find=broken)
    found: list[Judgement] = judge(makers.position(9.0), rules)
    assert [each.key for each in found] == [("rule-broken", "odd"), ("position-bare", "XBTUSDTM")]


def test_the_texts_name_the_figure_and_its_limit() -> None:
    told: dict[str, Callable[[], Snapshot]] = {
        "89.99 % of 10 cycles": lambda: snapshot(status__cycles=10, status__success_rate=89.99),
        "limit 1000 ms": lambda: makers.connection(latency=1.5),
        "9 s, limit 5 s": lambda: makers.position(9.0),
        "limit of 10 %": lambda: makers.breaker(share=85.0),
    }
    for words, seen in told.items():
        assert words in judge(seen())[0].finding.text
