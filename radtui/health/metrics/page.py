"""The page that Prometheus scrapes, made from a snapshot: the engine does nothing for it and waits for nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from radtui.core.snapshot import Snapshot
from radtui.health.metrics.account import account_families
from radtui.health.metrics.bot import bot_families
from radtui.health.metrics.calls import call_families
from radtui.health.metrics.families import Families
from radtui.health.metrics.times import time_families
from radtui.health.metrics.workers import worker_families

MEDIA_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
"""The one form, which every scraper reads; the header of a request is anybody's and chooses nothing."""
PARTS: Final = (bot_families, account_families, call_families, worker_families, time_families)


class SnapshotCollector(Collector):
    """Collects from the snapshots of the bots of one process."""

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        self._snapshots = snapshots

    def collect(self) -> Iterator[Metric]:
        """Yield every family once, with the samples of every bot: the text form knows a name one time only."""
        found: dict[str, Metric] = {}
        for snapshot in self._snapshots:
            families = Families(snapshot.bot)
            for family in chain.from_iterable(part(snapshot, families) for part in PARTS):
                if (known := found.setdefault(family.name, family)) is not family:
                    known.samples.extend(family.samples)
        yield from found.values()


def page(*snapshots: Snapshot) -> bytes:
    """Return the page of one bot, or of several."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SnapshotCollector(snapshots))
    return generate_latest(registry)
