"""Metric families of one bot: every sample carries its name, and what is not known is left out, never 0.

Labels come from fixed sets: states, endpoints, workers, contracts that are traded. No free text ever becomes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Final

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from radtui.core.market import SECOND

PREFIX: Final = "radtui_"
Value = int | float | Decimal | None
Row = tuple[Sequence[str], Value]


class Families:
    """Makes families of one bot."""

    def __init__(self, bot: str) -> None:
        self._bot = bot

    def info(self, name: str, meaning: str, **labels: str) -> Metric:
        """Return a family that tells texts; its value is always 1."""
        family = InfoMetricFamily(PREFIX + name, meaning, labels=["bot", *labels])
        family.add_metric([self._bot, *labels.values()], {})
        return family

    def gauge(self, name: str, meaning: str, value: Value) -> Metric:
        """Return one figure that goes up and down."""
        return self.gauges(name, meaning, (), [((), value)])

    def gauges(self, name: str, meaning: str, labels: Sequence[str], rows: Iterable[Row]) -> Metric:
        """Return such a figure for each of several things."""
        family = GaugeMetricFamily(PREFIX + name, meaning, labels=["bot", *labels])
        for names, value in known(rows):
            family.add_metric([self._bot, *names], value)
        return family

    def counter(self, name: str, meaning: str, value: Value) -> Metric:
        """Return one count; ``_total`` is added to its name."""
        return self.counters(name, meaning, (), [((), value)])

    def counters(self, name: str, meaning: str, labels: Sequence[str], rows: Iterable[Row]) -> Metric:
        """Return a count for each of several things."""
        family = CounterMetricFamily(PREFIX + name, meaning, labels=["bot", *labels])
        for names, value in known(rows):
            family.add_metric([self._bot, *names], value)
        return family

    def histograms(
        self,
        name: str,
        meaning: str,
        labels: Sequence[str],
        limits: Sequence[float],
        rows: Iterable[tuple[Sequence[str], Sequence[int], float]],
    ) -> Metric:
        """Return durations: of each its labels, the count of every bucket by itself, and all seconds together."""
        family = HistogramMetricFamily(PREFIX + name, meaning, labels=["bot", *labels])
        edges = [*(f"{limit:g}" for limit in limits), "+Inf"]
        for names, counts, seconds in rows:
            buckets: list[tuple[str, float]] = [
                (edge, float(count)) for edge, count in zip(edges, accumulate(counts), strict=True)
            ]
            family.add_metric([self._bot, *names], buckets, seconds)
        return family


def known(rows: Iterable[Row]) -> Iterator[tuple[Sequence[str], float]]:
    """Yield the rows whose value is known, as Prometheus takes them."""
    for names, value in rows:
        if value is not None:
            yield names, float(value)


def moment(at: int | None) -> float | None:
    """Return a moment as seconds of the Unix epoch."""
    return None if at is None else at / SECOND
