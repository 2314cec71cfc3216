import msgspec
import pytest
import scenes
from pieces import NOW, position
from rich.cells import cell_len

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.concerns import banner_line, concerns
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain


def look(snapshot: Snapshot, late: int = 0, fault: str = "") -> View:
    return View(snapshot, NOW + late * SECOND, "lena", fault)


def test_a_bot_at_work_needs_nobody() -> None:
    assert concerns(look(scenes.running())) == []
    assert plain(banner_line(look(scenes.running()), 80)) == ""


@pytest.mark.parametrize(
    ("snapshot", "words"),
    [
        (scenes.bare(), "XBTUSDTM has had no confirmed stop for 6 s; ! closes everything"),
        (
            scenes.failed(),
            "Bot stopped due to 3 consecutive failures; positions keep their stops on the exchange; s st",
        ),
        (scenes.paused(), "paused since 17 Nov 11:02 by bob (command line); no entries; r resumes"),
        (scenes.no_feed(), "no market data since 14:01: no entries; positions keep their stops"),
        (scenes.flattening(), "emergency stop for 9 s: closing, try 3, 1 left; SOLUSDTM: 300009 refused"),
        (scenes.unbalanced(), "the books do not balance: +0.02; compare with the exchange"),
    ],
)
def test_each_trouble_says_what_is_and_what_to_do(snapshot: Snapshot, words: str) -> None:
    assert concerns(look(snapshot))[0].text.startswith(words)


def test_a_silent_engine_comes_first_and_says_what_is_safe() -> None:
    found = concerns(look(scenes.running(), late=9))
    assert found[0].text == "the engine has not answered for 9 s; positions keep their stops on the exchange"
    assert "ended: OSError" in concerns(look(scenes.running(), fault="OSError"))[0].text


def test_what_is_safe_is_never_more_than_what_is_known() -> None:
    said = [concerns(look(snapshot, late=9))[0].text for snapshot in (scenes.bare(), scenes.empty(), scenes.unread())]
    assert [text.partition("; ")[2] for text in said] == [
        "1 of 3 positions without a confirmed stop",
        "no position is open",
        "positions keep their stops on the exchange",
    ]


def test_a_start_that_takes_long_says_why() -> None:
    text = concerns(look(scenes.unread()))[0].text
    assert (
        text == "starting for 30 s, no trading before it is done: no answer in time; looked up by client id: not placed"
    )
    assert concerns(look(scenes.changed(scenes.unread(), status__since=NOW - SECOND))) == []


def test_a_failed_journal_says_that_nothing_new_is_entered() -> None:
    workers = tuple(
        msgspec.structs.replace(each, healthy=each.name != "journal", age=12.0) for each in scenes.running().workers
    )
    assert concerns(look(scenes.changed(scenes.running(), workers=workers)))[0].text == (
        "worker journal is silent for 12 s, limit 5 s; no new entries"
    )


def test_what_needs_a_hand_stands_before_what_is_good_to_know() -> None:
    both = scenes.changed(scenes.paused(), positions=(position(0, stop_resting=False),), notices=("a notice\x1b[2J",))
    tones = [each.tone for each in concerns(look(both))]
    assert tones == sorted(tones, key=lambda tone: tone is not Tone.ERROR)
    assert not any("\x1b" in each.text for each in concerns(look(both)))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_banner_is_cut_visibly(width: int) -> None:
    text = plain(banner_line(look(scenes.flattening()), width))
    assert cell_len(text) <= width
    assert width == 120 or "…" in text
