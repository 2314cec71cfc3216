"""The captured answers, which are not part of the project."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

KUCOIN = Path(os.environ.get("RADTUI_SHARED", "../shared")) / "kucoin"
FIXTURES = KUCOIN / "fixtures"


def captured(path: Path) -> Any:
    """Return a capture, its bare numbers exact; skip where there is none."""
    if not path.exists():
        pytest.skip("the captured answers of the exchange are not part of the project; set RADTUI_SHARED to check them")
    return json.loads(path.read_text(), parse_float=Decimal)


def names(folder: str) -> list[str]:
    """Return the captures of a folder, or one name that will be skipped."""
    return sorted(path.name for path in (FIXTURES / folder).glob("*.json")) or ["none.json"]
