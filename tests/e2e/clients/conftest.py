"""One server of its own for each module of sessions; the folder's own modules are importable by its tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from serving import Served


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server on four contracts, with 10,000 USDT and one bitcoin; it ends with the module."""
    server = Served(tmp_path_factory.mktemp("served"), "--symbols", "XBTUSDTM,ETHUSDTM,XBTUSDM,XBTUSDCM")
    yield server
    server.close()
