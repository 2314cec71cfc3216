import msgspec
import scenes
from pieces import NOW, errors

from radtui.core.market import DAY
from radtui.tui.panes.errors import COLUMNS, error_row, key_of_error
from radtui.tui.panes.view import View
from radtui.tui.widgets.tone import Tone

VIEW = View(scenes.running(), NOW, "lena")


def test_a_repeated_error_is_counted_and_keeps_its_row() -> None:
    first = errors()[0]
    again = msgspec.structs.replace(first, count=7, at=NOW)
    assert key_of_error(first) == key_of_error(again)
    assert error_row(again, VIEW).cells[3].text == "×7"
    assert error_row(errors()[1], VIEW).cells[3].text == ""


def test_severity_is_a_tone_and_an_alarm_also_a_sign() -> None:
    alarm = msgspec.structs.replace(errors()[0], severity="alarm")
    assert error_row(errors()[0], VIEW).cells[1].tone is Tone.WARN
    assert error_row(alarm, VIEW).cells[1].tone is Tone.ERROR
    assert error_row(alarm, VIEW).cells[1].text.startswith("‼")


def test_an_old_error_shows_its_day_in_the_room_of_a_time() -> None:
    old = msgspec.structs.replace(errors()[0], at=NOW - 9 * DAY)
    assert error_row(old, VIEW).cells[0].text == "11 Nov"
    assert COLUMNS[0].width >= len("11 Nov")
    assert error_row(errors()[0], VIEW).cells[0].text == "13:58"


def test_what_an_exchange_says_cannot_steer_the_terminal() -> None:
    nasty = msgspec.structs.replace(errors()[0], message="no\x1b[2J\nway")
    assert error_row(nasty, VIEW).cells[2].text.isprintable()
