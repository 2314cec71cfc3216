"""The profile page: what is slow comes first, then all that was timed."""

import msgspec
import scenes
from pieces import NOW

from radtui.core.snapshot import Snapshot
from radtui.core.timing_view import PhaseView
from radtui.tui.panes.view import View
from radtui.tui.screens.profile import profile_lines
from radtui.tui.widgets.tone import plain


def page(snapshot: Snapshot) -> str:
    return "\n".join(plain(each) for each in profile_lines(View(snapshot, NOW, "lena")))


def phase(name: str, p99: float) -> PhaseView:
    return PhaseView(name=name, calls=1200, failed=2, seconds=31.5, last=p99, worst=p99, p50=p99 / 2, p99=p99)


def test_nothing_is_slow() -> None:
    text = page(msgspec.structs.replace(scenes.running(), phases=(phase("strategy", 2.0),)))
    assert text.startswith("Nothing is slow") or "rate-limited" in text
    assert "orders.place" in text
    assert "1,200" in text


def test_what_is_slow_is_named_with_what_to_do() -> None:
    text = page(msgspec.structs.replace(scenes.running(), phases=(phase("strategy", 400.0),)))
    assert text.startswith("! strategy  400 ms, 50 would do")
    assert "have it go on from its last result" in text


def test_a_cockpit_in_its_first_second() -> None:
    text = page(
        msgspec.structs.replace(scenes.empty(), process=msgspec.structs.replace(scenes.empty().process, lag_p99=None))
    )
    assert text.startswith("Nothing was timed yet")
    assert "no calls yet" in text


def test_it_fits_the_smallest_terminal() -> None:
    snapshot = msgspec.structs.replace(scenes.running(), phases=(phase("strategy", 2.0),))
    tables = [each for each in page(snapshot).splitlines() if each.startswith("  ")][1:]
    assert max(map(len, tables)) <= 76
