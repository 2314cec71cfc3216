import msgspec
import pytest
import scenes
import stops
from lines import REACHES, nothing
from pieces import NOW, position

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.concerns import concerns
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone


def look(snapshot: Snapshot, late: int = 0, fault: str = "") -> View:
    return View(snapshot, NOW + late * SECOND, "lena", fault)


def test_a_bot_at_work_needs_nobody() -> None:
    assert concerns(look(scenes.running())) == []


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
        (
            scenes.flattening(),
            "emergency stop for 9 s: closing positions, left SOLUSDTM long 90 lots @ 148.112; SOLUSDTM: 300009 ref",
        ),
        (
            scenes.reducing(),
            "daily loss 10.20 %, limit 10.00 %: only closes, no entries, until 2026-11-21 00:02:11 UTC",
        ),
        (scenes.unbalanced(), "the books do not balance: +0.02; compare with the exchange"),
    ],
)
def test_each_trouble_says_what_is_and_what_to_do(snapshot: Snapshot, words: str) -> None:
    assert concerns(look(snapshot))[0].text.startswith(words)


def test_a_breaker_that_only_a_person_resets_says_how() -> None:
    texts = [concern.text for concern in concerns(look(scenes.reducing()))]
    assert texts[1].endswith("no entries, until you reset it: ^p reset drawdown")


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
    assert text == (
        "starting for 30 s, no entry before it is done; it waits for the exchange to show orders, stops, positions and "
        "money: no answer in time; looked up by client id: not placed"
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


def test_a_stop_on_its_way_names_what_it_waits_for_why_it_fails_and_when_it_ends() -> None:
    assert concerns(look(stops.stopping()))[0].text == (
        "graceful shutdown for 6 s, ends in 29 s: SOLUSDTM stop sell (alpha-lq2f-2s): sent and 1 more"
    )
    away = concerns(look(stops.unreachable()))[0]
    assert away.tone is Tone.ERROR
    assert away.text == (
        "emergency stop for 42 s: closing positions, left XBTUSDTM long 12 lots @ 64210.1 and 1 more; "
        "no answer within 10 s: connection refused; the engine goes on trying"
    )


@pytest.mark.parametrize("snapshot", [stops.stopping(), stops.unreachable(), stops.unguarded()])
def test_what_the_engine_says_in_other_words_is_told_once(snapshot: Snapshot) -> None:
    assert snapshot.notices
    assert len(concerns(look(snapshot))) == 1


def test_somebody_elses_position_is_no_concern_and_no_promise() -> None:
    assert concerns(look(stops.shared())) == []
    alone = scenes.changed(scenes.empty(), positions=(stops.theirs(),))
    assert concerns(look(alone, late=9))[0].text.endswith("; no position is open")


def test_a_missing_guardian_says_what_it_would_mean() -> None:
    (found,) = concerns(look(stops.unguarded()))
    assert found.tone is Tone.WARN
    assert found.text == (
        "worker guardian is silent for 21 s, limit 4 s (no answer on its socket); "
        "if the engine died, nobody would look after its orders"
    )


def test_what_a_start_found_is_named_for_a_while() -> None:
    found = stops.recovered(*stops.FINDINGS)
    assert concerns(look(found))[0].text == "3 differences found at the start; ^p recovery explains"
    assert concerns(look(scenes.changed(found, at=NOW + 600 * SECOND), late=600)) == []
    assert concerns(look(stops.recovered())) == []


def test_a_stop_that_is_only_just_missing_is_no_alarm_yet() -> None:
    soon = scenes.changed(stops.shared(), positions=(position(0, stop_resting=False, bare_seconds=0.4),))
    (found,) = concerns(look(soon))
    assert (found.text, found.tone) == ("XBTUSDTM has had no confirmed stop for 0 s; closed after 5 s", Tone.WARN)
    late = scenes.changed(stops.shared(), positions=(position(0, stop_resting=False, bare_seconds=5.2),))
    assert concerns(look(late))[0].tone is Tone.ERROR


def test_what_no_concern_tells_is_never_left_out() -> None:
    silent = [each.text for each in concerns(look(stops.unguarded(), late=9))]
    assert any(text.startswith("no guardian") for text in silent)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("connecting", "connecting for 3 s"),
        (
            "refused",
            "this cockpit is not let in (the token is missing or not accepted there); what flies there flies on",
        ),
        ("lost", "off the line for 14 s; an engine needs none to fly; positions keep their stops on the exchange, as"),
    ],
)
def test_an_engine_that_is_not_heard_is_said_once_with_what_it_means(name: str, said: str) -> None:
    reach = REACHES[name]
    view = View(scenes.running() if reach.heard else nothing(), NOW, "lena", reach=reach)
    [worst, *_] = concerns(view)
    assert worst.text.startswith(said)
    assert sum("line" in each.text for each in concerns(view)) <= 1
