from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog


def _drop(_logger: Any, _method: str, _event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    raise structlog.DropEvent


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Engines that fly a simulated day say much: nobody reads it here, except who captures it."""
    structlog.configure(processors=[_drop])
    yield
    structlog.reset_defaults()
