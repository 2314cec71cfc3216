"""The line to the exchange: calls, budgets, connections, breakers, clock (rows H1, S10, E3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client.core import Metric

from radtui.core.health_view import ApiView, EndpointView
from radtui.core.link_view import LinkView
from radtui.core.snapshot import Snapshot
from radtui.health.metrics.families import Families, Row, moment

_STATES: Final = ("closed", "half-open", "open", "forced open")


def call_families(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    """Yield how the exchange answers."""
    yield from _calls(snapshot.api, families)
    yield from _feeds(snapshot, families)
    yield from _limits(snapshot.link, families)


def _calls(api: ApiView, families: Families) -> Iterator[Metric]:
    rows = [row for each in api.endpoints for row in _results(each)]
    yield families.counters("api_calls", "Calls to the exchange by their end.", ("endpoint", "result"), rows)
    spent = [((each.name,), each.seconds) for each in api.endpoints]
    yield families.counters("api_call_seconds", "Time spent in calls.", ("endpoint",), spent)
    slow = [row for each in api.endpoints for row in _latencies(each)]
    yield families.gauges("api_latency_seconds", "Latency since the start.", ("endpoint", "percentile"), slow)
    yield families.gauge("api_success_ratio", "Share of the calls that succeeded; 1 without any.", api.success / 100)
    yield families.gauge("api_calls_last_minute", "Calls within the last 60 s.", api.per_minute)
    yield families.gauge("api_last_call_timestamp_seconds", "End of the last call.", moment(api.last_at))


def _results(endpoint: EndpointView) -> list[Row]:
    failed = endpoint.failed - endpoint.rate_limited
    counts = (("ok", endpoint.calls - endpoint.failed), ("rate_limited", endpoint.rate_limited), ("failed", failed))
    return [((endpoint.name, result), count) for result, count in counts]


def _latencies(endpoint: EndpointView) -> list[Row]:
    figures = (("50", endpoint.p50), ("99", endpoint.p99))
    return [((endpoint.name, which), None if value is None else value / 1000) for which, value in figures]


def _feeds(snapshot: Snapshot, families: Families) -> Iterator[Metric]:
    yield families.counter("feed_reconnects", "Times a feed was opened again.", snapshot.api.reconnects)
    yield families.gauge("feed_oldest_topic_seconds", "Silence of the stalest topic.", snapshot.api.oldest_topic)
    lines = snapshot.link.connections
    state = [((each.name,), int(each.state == "open")) for each in lines]
    yield families.gauges("connection_open", "1 while a connection of the feeds is open.", ("connection",), state)
    healthy = [((each.name,), int(each.healthy)) for each in lines]
    yield families.gauges("connection_healthy", "1 while it is in good order.", ("connection",), healthy)
    latency = [((each.name,), each.latency) for each in lines]
    yield families.gauges("connection_latency_seconds", "From a ping to its answer.", ("connection",), latency)
    rate = [((each.name,), each.rate) for each in lines]
    yield families.gauges("connection_messages_per_second", "Messages it brings.", ("connection",), rate)


def _limits(link: LinkView, families: Families) -> Iterator[Metric]:
    pools = link.pools
    limit = [((each.name,), each.limit) for each in pools]
    yield families.gauges("budget_limit", "Weight of a budget of requests.", ("pool",), limit)
    left = [((each.name,), each.remaining) for each in pools]
    yield families.gauges("budget_remaining", "What is left of it, the reserve included.", ("pool",), left)
    reserve = [((each.name,), each.reserve) for each in pools]
    yield families.gauges("budget_reserve", "What is kept for cancels, closes and status.", ("pool",), reserve)
    waiting = [((each.name,), each.waiting) for each in pools]
    yield families.gauges("budget_waiting", "Calls that wait for it.", ("pool",), waiting)
    states = [((each.name, state), int(each.state == state)) for each in link.breakers for state in _STATES]
    yield families.gauges("call_breaker_state", "1 for the state of a breaker of calls.", ("breaker", "state"), states)
    yield families.gauge("clock_skew_seconds", "The exchange's clock ahead of ours.", link.skew)
