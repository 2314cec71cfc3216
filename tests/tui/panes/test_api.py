import pytest
import scenes
from pieces import NOW
from scripted import cockpit, screen_text

from radtui.core.health_view import ApiView
from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.api import broad_lines, call_lines, endpoint_lines, rate_line
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain


def texts(snapshot: Snapshot) -> list[str]:
    return [plain(each) for each in call_lines(View(snapshot, NOW, "lena"))]


def test_the_rate_stands_against_its_limit() -> None:
    assert plain(rate_line(scenes.running().api)) == "99.87 % > 90 %    312/min"
    low = rate_line(ApiView(total=10, ok=8, failed=2, success=80.0))
    assert "80.00 % below 90 %" in plain(low)
    assert low[0].tone is Tone.ERROR


def test_no_call_is_not_a_perfect_rate() -> None:
    assert plain(rate_line(ApiView())) == "no call yet"


def test_a_silent_feed_says_since_when() -> None:
    assert "feed silent 48 s" in texts(scenes.no_feed())[2]
    assert "feed <1 s old" in texts(scenes.running())[2]
    assert "feed –" in texts(scenes.changed(scenes.running(), api__oldest_topic=None))[2]


def test_the_last_call_is_measured_at_the_snapshot() -> None:
    assert "last 12 s ago" in texts(scenes.changed(scenes.running(), api__last_at=NOW - 12 * SECOND))[3]
    assert "last –" in texts(scenes.changed(scenes.running(), api__last_at=None))[3]


def test_each_endpoint_has_its_line_under_titles() -> None:
    lines = [plain(each) for each in endpoint_lines(scenes.running().api)]
    assert lines[1].split() == ["endpoint", "calls", "failed", "p50", "p99"]
    assert lines[2].split() == ["orders.place", "9,000", "0", "30", "90"]
    assert list(endpoint_lines(ApiView())) == []


def test_where_there_is_room_the_same_figures_take_half_the_lines() -> None:
    view = View(scenes.running(), NOW, "lena")
    words = " ".join(plain(each) for each in call_lines(view)).split()
    assert " ".join(plain(each) for each in broad_lines(view)).split() == words
    assert len(list(broad_lines(view))) == 2


@pytest.mark.parametrize("size", [(200, 60), (200, 50), (80, 24)])
async def test_every_connection_is_seen_and_what_is_left_out_is_counted(size: tuple[int, int]) -> None:
    async with cockpit(scenes.doubled()).run_test(size=size) as pilot:
        await pilot.press("4")
        text = screen_text(pilot.app)
        for name in ("public 1", "public 2", "private 1", "private 2"):
            assert name in text
        assert "… 7 more lines: 4, then enter" in text
        assert "candles" not in text
        await pilot.press("enter", "pagedown", "pagedown")
        assert "candles" in screen_text(pilot.app)
