"""Killed at moments that nobody chose, and found by the next start as the exchange has it."""

from __future__ import annotations

from pathlib import Path

from kills import SERVED, Campaign
from simulators import Simulator

SEED = 240
"""Three kills with an order on its way, one of them while the exchange does not answer, one in between, one early."""


def test_kill_9_at_any_moment_doubles_nothing_leaves_nothing_bare_and_the_books_are_equal(tmp_path: Path) -> None:
    """The long version is ``python tests/e2e/kills.py``: these are its comparisons, five kills long."""
    with Simulator(tmp_path, *SERVED, "--seed", "11") as server:
        campaign = Campaign(tmp_path, server, seed=SEED)
        campaign.run(5)
    assert campaign.figures.kills == 5
    assert campaign.figures.fills
    assert campaign.watch.looks
