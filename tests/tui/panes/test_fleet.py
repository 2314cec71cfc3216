"""One engine as a row among others."""

from __future__ import annotations

import scenes
from lines import REACHES, nothing
from pieces import NOW

from radtui.core.market import SECOND
from radtui.core.protection_view import ProtectionView
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.fleet import COLUMNS, fleet_row, line_span
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Span, Tone


def cells(shown: Snapshot, name: str = "live", late: int = 0) -> dict[str, Span]:
    view = View(shown, NOW + late * SECOND, "lena", reach=REACHES[name])
    return dict(zip((column.key for column in COLUMNS), fleet_row("k", 3, view).cells, strict=True))


def test_a_row_says_state_money_protection_and_health() -> None:
    bare = scenes.changed(scenes.running(), protection=ProtectionView(limit=5.0, worst=6.25, positions=4))
    row = cells(bare)
    texts = [row[key].text for key in ("number", "name", "mode", "state", "equity", "today", "positions", "bare")]
    assert texts == ["3", "alpha", "PAPER ×60", "● RUNNING", "10,214.38", "+46.21", "3", "6.2"]
    assert row["bare"].tone is Tone.ERROR
    assert [row[key].text for key in ("api", "hearts", "errors", "line")] == ["99.87", "6/6", "4", "live"]


def test_real_money_is_unmistakable() -> None:
    assert cells(scenes.live())["mode"].text.strip() == "LIVE"


def test_what_was_never_heard_is_no_zero() -> None:
    row = cells(nothing(), "refused")
    assert {span.text for key, span in row.items() if key not in {"number", "name", "line"}} == {"–"}
    assert row["line"].text == "refused 2 s"


def test_what_is_old_is_dim_and_says_how_old() -> None:
    assert cells(scenes.running(), "lost", 16)["equity"].tone is Tone.STALE
    assert line_span(View(scenes.running(), NOW + 2 * SECOND, "lena", reach=REACHES["live"])).text == "2 s old"
    assert line_span(View(scenes.running(), NOW, "lena", reach=REACHES["lost"])) == Span("lost 14 s", Tone.ERROR)
    assert line_span(View(nothing(), NOW, "lena", reach=REACHES["connecting"])).text == "… 3 s"
