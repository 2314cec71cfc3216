"""What a run of the tests costs, that measurements run alone (two at once on two cores would measure each other), and
that no test rounds as another's library does or knows another's secrets."""

from __future__ import annotations

import decimal
import gc
import os
import sys
from collections.abc import Generator, Iterator

import pytest
from hypothesis import HealthCheck, settings

from radtui.resilience import redaction

# Hundreds of processes start here, each with the same modules: compiled once, whatever the environment says.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A tenth of the time went into looking for garbage among what is none.
gc.set_threshold(200_000, 20, 20)

# How long an example takes is the machine's mood, and no truth about the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Take back the worker processes of pyproject.toml where ``--benchmark-only`` is asked for."""
    if config.getoption("benchmark_only"):
        config.option.numprocesses = 0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the collector of garbage what is collected here: a million objects, none of which is any."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(autouse=True)
def _rounds_as_python_does() -> Iterator[None]:
    """Let no library's rounding outlive its test: ccxt tells the whole thread to round halves up."""
    with decimal.localcontext(decimal.Context()):
        yield


@pytest.fixture(autouse=True)
def _secrets_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test mask what another one called a secret."""
    monkeypatch.setattr(redaction, "_known", set(redaction._known))
