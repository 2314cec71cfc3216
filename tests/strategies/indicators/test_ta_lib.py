from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
LOOK = (
    "import sys; sys.path.insert(0, sys.argv[1]); from radtui.strategies.catalogue import load; "
    "before = 'talib' in sys.modules; load('ema_cross'); "
    "print(before, 'talib' in sys.modules, 'polars' in sys.modules, 'pandas' in sys.modules); "
    "import polars; print(polars.__name__)"
)


def test_only_a_strategy_that_needs_talib_imports_it_and_never_polars_with_it(tmp_path: Path) -> None:
    for installed in ("polars", "pandas"):
        (tmp_path / f"{installed}.py").write_text("class Series: ...")
    told = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path)], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert told.stdout.split() == ["False", "True", "False", "False", "polars"]
