import scenes
import stops
from pieces import NOW, breakers
from rich.cells import cell_len

from radtui.core.snapshot import Snapshot
from radtui.core.window_view import WindowView
from radtui.tui.panes.status import status_lines
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone, plain

INNER_AT_110 = 56


def texts(snapshot: Snapshot, keymap: dict[str, str] | None = None) -> list[str]:
    return [plain(each).rstrip() for each in status_lines(View(snapshot, NOW, "lena", keymap=keymap or {}))]


def tones(snapshot: Snapshot) -> set[Tone]:
    return {span.tone for each in status_lines(View(snapshot, NOW, "lena")) for span in each}


def test_a_running_bot_says_state_cycles_and_targets() -> None:
    lines = texts(scenes.running())
    assert lines[0] == "● RUNNING    next cycle 2:41    up 3 h 12 min"
    assert lines[2] == "gates    ACTIVE   entries and exits"
    assert lines[3].split() == ["cycles", "1,204", "ok", "1,197", "failed", "7", "in", "a", "row", "0"]
    assert "99.42 % > 95 %" in lines[4]
    assert "0.84 s < 60 s" in lines[4]


def test_where_trades_are_limited_it_says_how_many_are_made() -> None:
    lines = texts(scenes.changed(scenes.running(), window=WindowView(trades=3, limit=5)))
    assert lines[2] == "gates    ACTIVE   entries and exits   trades 3 of 5"


def test_what_is_over_its_target_says_so_in_words() -> None:
    slow = scenes.changed(scenes.failed(), status__average_cycle=130.0)
    lines = texts(slow)
    assert "88.10 % below 95 %" in lines[4]
    assert "130.00 s over 60 s" in lines[4]
    assert "in a row 3 of 3" in lines[3]


def test_the_first_lines_fit_the_narrowest_full_cockpit() -> None:
    for snapshot in (scenes.running(), scenes.empty(), scenes.failed()):
        lines = texts(snapshot)
        assert all(cell_len(lines[place]) <= INNER_AT_110 for place in (0, 3, 4, 5))


def test_no_cycle_yet_is_not_a_rate_of_zero() -> None:
    lines = texts(scenes.empty())
    assert "no cycle yet" in lines[4]
    assert "0.00 %" not in lines[4]


def test_the_gates_say_the_mode_what_it_admits_and_every_reason() -> None:
    assert "gates    HALTED only protection acts: an emergency stop is on its way (+1)" in texts(scenes.flattening())
    assert texts(scenes.no_feed())[2] == "gates    REDUCING no entries: market feed lost: interrupted"
    assert texts(scenes.empty())[2] == "gates    HALTED only protection acts: the bot is stopped"


def test_a_state_says_what_to_do_with_the_persons_own_key() -> None:
    assert "f2 starts again" in texts(scenes.failed(), {"start": "f2"})[1]
    assert texts(scenes.paused())[1] == "paused: CPI release; positions keep their stops; r resumes"


def test_the_day_and_the_drawdown_are_always_in_sight() -> None:
    line = texts(scenes.running())[5]
    assert line == "daily loss ▓▓░░░░░░░░ 18 %  drawdown ▓▓▓▓░░░░░░ 36 %"


def test_a_breaker_warns_before_its_limit_and_says_so_once_it_tripped() -> None:
    assert Tone.WARN not in tones(scenes.running())
    assert Tone.WARN in tones(scenes.changed(scenes.running(), breakers=breakers(order_rate={"share": 70.0})))
    lines = texts(scenes.reducing())
    assert lines[5] == "daily loss ▓▓▓▓▓▓▓▓▓▓ TRIPPED  drawdown ▓▓▓▓▓▓▓▓▓▓ TRIPPED"
    assert Tone.ERROR in tones(scenes.reducing())


def test_a_breaker_that_knows_no_figure_says_so() -> None:
    unknown = breakers(daily_loss={"share": None, "value": "–"})
    assert "daily loss –  not known yet" in texts(scenes.changed(scenes.running(), breakers=unknown))[5]


def test_what_is_on_its_way_stands_before_the_cycles() -> None:
    assert texts(stops.unreachable())[2:6] == [
        "phase    closing positions, 42 s, read back 3 times",
        "remains  XBTUSDTM long 12 lots @ 64210.1 and 1 more",
        "failing  no answer within 10 s: connection refused",
        "         the engine goes on trying; stops go last",
    ]
    assert texts(stops.recovering())[2] == "recovery looks up 1 order whose fate is not known"
