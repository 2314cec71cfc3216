"""Measurements run alone: two at once on two cores would measure each other."""

from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Take back the worker processes of pyproject.toml where ``--benchmark-only`` is asked for."""
    if config.getoption("benchmark_only"):
        config.option.numprocesses = 0
