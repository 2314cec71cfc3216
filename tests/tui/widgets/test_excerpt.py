"""A text longer than its place says so, and is whole for whoever copies it."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot

from radtui.tui.widgets.excerpt import Excerpt
from radtui.tui.widgets.tone import line


@pytest.mark.parametrize(
    ("there", "last"), [(3, "line 2"), (12, "line 11"), (13, "… 2 more lines: 4"), (40, "… 29 more lines: 4")]
)
async def test_what_is_left_out_is_counted(play: Any, there: int, last: str) -> None:
    excerpt = Excerpt()
    excerpt.way = "4"

    async def script(app: Any, pilot: Pilot[None]) -> None:
        excerpt.show([line(f"line {number}") for number in range(there)])
        await pilot.pause()
        assert [text for text in app.screen_text if text][-1] == last
        assert excerpt.text.split("\n") == [f"line {number}" for number in range(there)]

    await play(excerpt, script)
