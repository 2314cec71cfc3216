from decimal import Decimal

import pytest
import scenes
from hypothesis import given
from hypothesis import strategies as st
from pieces import NOW
from rich.cells import cell_len

from radtui.core.lifecycle import State
from radtui.core.market import SECOND
from radtui.tui.panes.view import SILENT, View, actor, elapsed, gain, mode_words, snug, state_span
from radtui.tui.widgets.tone import Tone


def look(late: int = 0, state: State = State.RUNNING) -> View:
    return View(scenes.changed(scenes.running(), status__state=state), NOW + late, "lena")


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_sign_of_its_own_and_its_word(state: State) -> None:
    sign, word = state_span(look(state=state)).text.split(" ")
    assert word == state.upper()
    assert sign in "●◐○✗"


def test_a_silent_engine_has_no_state_that_is_known() -> None:
    assert not look(late=SILENT).silent
    assert look(late=SILENT + 1).silent
    assert "NO ANSWER" in state_span(look(late=SILENT + 1)).text


def test_an_engine_thread_that_ended_is_silent_at_once() -> None:
    assert View(scenes.running(), NOW, "lena", engine_fault="OSError").silent


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("key:lena", "you"),
        ("cli:lena", "you"),
        ("key:bob", "bob (key)"),
        ("cli:bob", "bob (command line)"),
        ("signal:SIGTERM", "signal SIGTERM"),
        ("core", "radtui"),
        ("", "radtui"),
        ("risk", "risk"),
    ],
)
def test_who_did_it(who: str, words: str) -> None:
    assert actor(who, "lena") == words


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4), st.integers(min_value=18, max_value=24))
def test_a_snug_amount_never_loses_a_digit_before_the_point(value: Decimal, width: int) -> None:
    text = snug(value, width)
    assert cell_len(text) <= width
    whole = text.lstrip("+−").replace(",", "").partition(".")[0]
    assert abs(int(whole) - abs(value)) < 1


def test_a_narrow_amount_gives_up_decimals_first() -> None:
    assert snug(Decimal("12345.67"), 9) == "+12,345.7"
    assert snug(Decimal("-123456.78"), 9) == "−123,457"
    assert snug(None, 9) == "–"


@given(st.floats(allow_nan=False))
def test_a_gain_has_the_tone_of_its_sign(value: float) -> None:
    assert gain(value) is (Tone.PROFIT if value > 0 else Tone.LOSS if value < 0 else Tone.PLAIN)


def test_short_ages_are_calm() -> None:
    assert [elapsed(age) for age in (None, 0.0, 0.99, 1.2, 48.0, 200.0)] == [
        "never",
        "<1 s",
        "<1 s",
        "1 s",
        "48 s",
        "3 min",
    ]


def test_the_mode_is_said_in_words() -> None:
    assert mode_words(look()) == "PAPER ×60"
    assert mode_words(View(scenes.live(), NOW, "lena")) == "LIVE"
    assert mode_words(View(scenes.changed(scenes.running(), status__speed=1), NOW + SECOND, "lena")) == "PAPER"


def test_the_mode_says_where_the_money_is() -> None:
    paper, rehearsal, real = (scenes.running(), scenes.rehearsing(), scenes.linked())
    assert [mode_words(View(each, NOW, "lena")) for each in (paper, rehearsal, real)] == [
        "PAPER ×60",
        "PAPER · rehearsal",
        "LIVE",
    ]
