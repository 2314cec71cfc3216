"""What is run for a visitor, and what their browser may say (the rest: tests/e2e)."""

from __future__ import annotations

import pytest

pytest.importorskip("textual_serve", reason="needs the extra: browser")

from radtui.cli.visit import cells, visitors_command


@pytest.mark.parametrize(
    ("text", "count"), [("80", 80), (None, 24), ("-1", 24), ("x", 24), ("0", 1), ("9" * 9, 1000), ("²", 24)]
)
def test_a_size_is_one_that_a_screen_can_have(text: str | None, count: int) -> None:
    assert cells(text) == count


def test_a_visitor_attaches_and_takes_no_program_from_the_working_folder() -> None:
    assert visitors_command(["alpha", "https://x:8001"])[1:] == [
        "-P",
        "-m",
        "radtui",
        "attach",
        "alpha",
        "https://x:8001",
    ]
