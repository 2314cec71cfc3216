from __future__ import annotations

import pytest

from radtui.core.words import counted


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 lot"), (-1, "-1 lot"), (0, "0 lots"), (2, "2 lots"), (-7, "-7 lots")]
)
def test_only_one_of_a_thing_is_singular(count: int, said: str) -> None:
    assert counted(count, "lot") == said
