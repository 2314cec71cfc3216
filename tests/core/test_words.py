from __future__ import annotations

import pytest

from radtui.core.words import counted, line, moved_by


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 lot"), (-1, "-1 lot"), (0, "0 lots"), (2, "2 lots"), (-7, "-7 lots")]
)
def test_only_one_of_a_thing_is_singular(count: int, said: str) -> None:
    assert counted(count, "lot") == said


def test_a_stop_that_was_moved_says_by_which_rule() -> None:
    assert moved_by("trailing") == ", moved there by trailing"
    assert moved_by("") == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("all is well", "all is well"),
        ("  two\nlines\tand more ", "two lines and more"),
        ("\x1b[31mred\x07 \ud800", "·[31mred· ·"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 299 + "…"),
        (" " * 601 + "x", "…"),
    ],
)
def test_a_foreign_text_becomes_a_line_that_can_be_written_anywhere(text: str, said: str) -> None:
    assert line(text) == said
    assert line(text).encode()
