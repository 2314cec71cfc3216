"""The benchmarks use the terminals of the end-to-end tests."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

sys.path.insert(0, str(Path(__file__).parents[1] / "e2e"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A measure beside two other workers tells of them: these are run alone, with `pytest -m long`."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.long)


@pytest.fixture
def rounds(benchmark: BenchmarkFixture) -> Callable[[Callable[[], object], int], None]:
    """Run a measurement so many times under the clock of pytest-benchmark, also where that clock is off."""

    def run(measure: Callable[[], object], count: int) -> None:
        if benchmark.disabled:
            for _ in range(count):
                measure()
            count = 1
        benchmark.pedantic(measure, rounds=count)  # type: ignore[no-untyped-call]  # the plugin is not typed

    return run
