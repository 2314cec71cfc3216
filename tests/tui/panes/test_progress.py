import msgspec
import pytest
import scenes
import stops
from pieces import NOW

from radtui.core.lifecycle import State
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.progress import failing, on_its_way, recovery_words, starting_words, stop_words
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain


def look(snapshot: Snapshot) -> View:
    return View(snapshot, NOW, "lena")


def texts(snapshot: Snapshot) -> list[str]:
    return [plain(each).rstrip() for each in on_its_way(look(snapshot))]


def test_a_bot_at_work_has_nothing_on_its_way() -> None:
    assert texts(scenes.running()) == []
    assert stop_words(look(scenes.running())) == failing(scenes.running()) == ""


def test_a_shutdown_names_each_thing_it_waits_for_and_when_it_ends() -> None:
    assert texts(stops.stopping()) == [
        "asked    graceful shutdown, 6 s ago",
        "remains  SOLUSDTM stop sell (alpha-lq2f-2s): sent",
        "remains  XBTUSDTM long 12 lots @ 64210.1: NO STOP of ours",
        "         ends in 29 s, whatever it sees",
    ]


def test_a_flatten_says_phase_tries_why_it_fails_and_that_it_goes_on() -> None:
    assert texts(stops.unreachable()) == [
        "phase    closing positions, 42 s, read back 3 times",
        "remains  XBTUSDTM long 12 lots @ 64210.1",
        "remains  SOLUSDTM long 90 lots @ 148.112",
        "failing  no answer within 10 s: connection refused",
        "         the engine goes on trying; stops go last",
    ]
    assert any(span.tone is Tone.ERROR for each in on_its_way(look(stops.unreachable())) for span in each)


@pytest.mark.parametrize(
    ("attempts", "words"),
    [
        (0, "not read back yet; by our own books XBTUSDTM long 12 lots"),
        (1, "nothing that was seen; it is being read back"),
    ],
)
def test_nothing_seen_yet_is_not_nothing_left(attempts: int, words: str) -> None:
    begun = scenes.flattening().flatten
    assert begun is not None
    flatten = msgspec.structs.replace(begun, attempts=attempts, remaining=(), failing="")
    shown = scenes.changed(scenes.flattening(), flatten=flatten, positions=scenes.running(1).positions)
    assert texts(shown)[-1] == f"remains  {words}"
    assert stop_words(look(shown)).endswith("not read back yet" if attempts == 0 else "reading back")


def test_a_stop_that_keeps_positions_and_cannot_read_promises_only_their_stops() -> None:
    way = stops.stopping().stopping
    assert way is not None
    silent = msgspec.structs.replace(way, asks=(), failing="timed out", waiting=(), gives_up_at=None)
    assert texts(scenes.changed(stops.stopping(), stopping=silent)) == [
        "asked    stop, 6 s ago",
        "remains  nothing that was seen; it is being read back",
        "failing  timed out",
        "         the engine goes on trying; positions keep their stops",
    ]
    assert stop_words(look(scenes.changed(stops.stopping(), stopping=silent))) == "stop for 6 s: settling"


def test_a_failure_that_is_what_remains_is_said_once() -> None:
    way = stops.stopping().stopping
    assert way is not None
    unread = msgspec.structs.replace(way, failing="timed out", waiting=("the exchange was not read since: timed out",))
    lines = texts(scenes.changed(stops.stopping(), stopping=unread))
    assert [text for text in lines if "timed out" in text] == ["remains  the exchange was not read since: timed out"]


def test_a_start_says_what_it_waits_for_and_what_went_wrong_since() -> None:
    old = scenes.changed(scenes.unread(), errors=scenes.running().errors)
    assert texts(old) == ["recovery waits for the exchange to show orders, stops, positions and money"]
    lines = texts(scenes.unread())
    assert lines[1].startswith("latest   ambiguous: no answer in time")
    assert lines[2] == "         it goes on trying; stops on the exchange stay as they are"
    twice = scenes.changed(stops.recovering(), orders=stops.recovering().orders * 2)
    assert starting_words(twice) == "looks up 2 orders whose fate is not known"
    assert starting_words(scenes.changed(twice, orders=())).startswith("compares what the journal knew")


def test_what_a_start_found_is_counted() -> None:
    words = [recovery_words(each) for each in (None, stops.recovered().recovery)]
    assert words == ["not done yet", "no difference found"]
    assert recovery_words(stops.recovered(stops.FINDINGS[0]).recovery) == "1 difference found"


def test_only_the_states_that_wait_for_something_show_it() -> None:
    assert all(
        not texts(scenes.changed(scenes.running(), status__state=state)) for state in set(State) - {State.STARTING}
    )


@pytest.mark.parametrize("state", [State.STOPPED, State.PAUSED])
def test_a_bot_that_rests_recovers_too(state: State) -> None:
    begun = scenes.changed(scenes.running(), status__state=state, status__recovered=False, errors=())
    assert texts(begun) == ["recovery waits for the exchange to show orders, stops, positions and money"]
