from decimal import Decimal

import msgspec
import scenes
import stops
from pieces import NOW
from scripted import ScriptedEngine

from radtui.core.market import SECOND
from radtui.core.preview import Preview
from radtui.core.snapshot import Snapshot
from radtui.tui.panes.view import View
from radtui.tui.screens.closing import closing_lines, heading
from radtui.tui.screens.survey import Survey
from radtui.tui.widgets.tone import Line, Tone, plain


def surveyed(snapshot: Snapshot, preview: Preview | None = None, refusal: str = "", late: float = 0.0) -> list[Line]:
    engine = ScriptedEngine(snapshot)
    survey = Survey(engine, "key:lena")
    survey.look(View(snapshot, NOW, "lena"))
    if preview is not None or refusal:
        engine.foresee(preview, refusal)
    view = View(snapshot, NOW + round(late * SECOND), "lena")
    survey.look(view)
    return closing_lines(view, survey, 110)


def texts(lines: list[Line]) -> list[str]:
    return [plain(each).rstrip() for each in lines]


def test_each_position_has_its_figures_in_columns_and_the_levels_it_would_take() -> None:
    lines = texts(surveyed(scenes.running(1), stops.preview(scenes.running(1))))
    assert lines[0].split() == ["symbol", "order", "lots", "average", "mark", "ticks", "slippage", "fee", "P/L"]
    assert lines[1].split() == ["XBTUSDTM", "sell", "12", "64,388.2", "64,388.4", "−2", "0.00", "−0.46", "+2.14"]
    assert lines[2] == "    takes 4 @ 64,388.3 · 8 @ 64,388.2"
    assert lines[3] == "  costs about 0.47 USDT: slippage 0.00, fees −0.46"


def test_a_price_better_than_the_mark_is_a_gain_with_its_sign() -> None:
    shown = scenes.running(1)
    (closing,) = stops.preview(shown).closes
    better = msgspec.structs.replace(closing, slippage=Decimal("-0.60"), slippage_ticks=-500)
    lines = texts(surveyed(shown, stops.preview(shown, closes=(better,))))
    assert lines[1].split()[5:8] == ["+500", "+0.60", "−0.46"]
    assert lines[3] == "  gains about 0.14 USDT: slippage +0.60, fees −0.46"


def test_a_level_that_takes_all_is_said_by_its_average_alone() -> None:
    shown = scenes.running(1)
    (closing,) = stops.preview(shown).closes
    one = msgspec.structs.replace(closing, levels=closing.levels[:1])
    assert not any("takes" in text for text in texts(surveyed(shown, stops.preview(shown, closes=(one,)))))


def test_without_books_the_mark_stands_in_and_nothing_is_invented() -> None:
    lines = texts(surveyed(scenes.running()))
    assert lines[1].split() == ["XBTUSDTM", "sell", "12", "–", "64,388.4", "–", "–", "−0.46", "+2.14"]
    assert lines[-2:] == [
        "  fees about 2.01 USDT at the mark, and slippage",
        "  the order books are being read; nothing waits for them",
    ]


def test_books_that_do_not_come_are_said_to_be_late_and_the_stop_works_all_the_same() -> None:
    last = surveyed(scenes.running(), late=3)[-1]
    assert plain(last) == "  ! no order book for 3 s: figures at the mark; the stop works all the same"
    assert last[0].tone is Tone.WARN


def test_a_book_that_cannot_be_read_is_named_and_the_sum_says_that_it_is_not_whole() -> None:
    lines = texts(surveyed(scenes.running(), stops.blind(scenes.running())))
    assert any(text.startswith("  costs about 2.05 USDT, as far as it is known: slippage") for text in lines)
    assert lines[-3:] == [
        "  ! XBTUSDTM: its book was not read within 1 s",
        "  ! SOLUSDTM: the shown book is 76 lots too thin; beyond it the price is unknown",
        "  only the figures need a book; the stop does not wait for one",
    ]


def test_no_book_at_all_is_no_slippage_of_zero() -> None:
    shown = scenes.running(1)
    (closing,) = stops.preview(shown).closes
    why = "its book was not read within 1 s"
    blind = msgspec.structs.replace(closing, levels=(), average=None, slippage=None, slippage_ticks=None, failing=why)
    lines = texts(surveyed(shown, stops.preview(shown, closes=(blind,), unknown=(f"XBTUSDTM: {why}",))))
    assert lines[-3:-1] == ["  fees about 0.46 USDT at the mark, and slippage", f"  ! XBTUSDTM: {why}"]


def test_an_engine_that_refuses_to_look_is_quoted() -> None:
    assert texts(surveyed(scenes.running(), refusal="the engine has ended"))[-1].endswith(
        "no look at the books: the engine has ended"
    )


def test_a_mark_that_is_not_known_is_neither_a_fee_nor_a_zero() -> None:
    lines = texts(surveyed(scenes.bare()))
    assert lines[2].split() == ["ETHUSDTM", "buy", "40", "–", "–", "–", "–", "–", "–"]
    assert "fees about 1.26 USDT" in lines[-2]


def test_somebody_elses_position_is_not_closed() -> None:
    assert not any("LTC" in text for text in texts(surveyed(stops.shared(), stops.preview(stops.shared()))))
    alone = scenes.changed(scenes.empty(), positions=(stops.theirs(),))
    assert texts(surveyed(alone)) == ["  none: flat"]


def test_what_is_not_known_is_not_called_flat() -> None:
    assert "not known yet" in texts(surveyed(scenes.unread()))[0]


def test_the_heading_says_of_when_the_book_is() -> None:
    engine = ScriptedEngine(scenes.running())
    survey = Survey(engine, "key:lena")
    view = View(engine.shown, NOW, "lena")
    survey.look(view)
    assert heading(survey) == "in USDT"
    engine.foresee(stops.preview(engine.shown))
    survey.look(view)
    assert heading(survey) == "in USDT, book of 14:02:11 UTC"
