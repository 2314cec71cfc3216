"""What stands under the vital signs: the worst concern in a line, and the silence of an engine in large."""

from __future__ import annotations

from dataclasses import replace

import pytest
import scenes
from lines import CONNECTING, LIVE, LOST, MINE, REACHES, nothing
from pieces import NOW
from rich.cells import cell_len

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.remote import Line
from radtui.tui.panes.banner import LOUD, banner_line, banner_lines, silence
from radtui.tui.panes.view import View
from radtui.tui.reach import HERE, Reach
from radtui.tui.widgets.tone import Ground, plain

OUT = Reach("alpha@server", Line(state=LOST.state, since=20.0, why=LOST.why), MINE, host="server")
STUCK = scenes.changed(scenes.running(), hangs=20, notices=("the engine hangs: its loop has stood still",))


def look(snapshot: Snapshot, late: int = 0, fault: str = "", reach: Reach = HERE) -> View:
    return View(snapshot, NOW + late * SECOND, "lena", fault, {}, reach)


def said(view: View) -> str:
    return " | ".join(silence(view))


def test_there_is_nothing_to_say_of_a_bot_at_work() -> None:
    assert plain(banner_line(look(scenes.running()), 80)) == ""
    assert len(banner_lines(look(scenes.running()), 80, 24)) == 1


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_line_is_cut_visibly(width: int) -> None:
    text = plain(banner_line(look(scenes.flattening()), width))
    assert cell_len(text) <= width
    assert width == 120 or "…" in text


def test_a_hiccup_is_a_line_and_a_silence_is_large() -> None:
    assert silence(look(scenes.running(), late=LOUD - 1)) == ()
    assert said(look(scenes.running(), late=20)) == (
        "ENGINE SILENT FOR 20 s | What is shown is 20 s old. As seen last: positions keep their stops on the exchange."
        " | From another terminal: `radtui emergency-stop --bot alpha` ends it and closes everything; "
        "or `kill -9 4711`, and start radtui again."
    )


def test_a_loop_that_stands_still_is_silent_though_its_door_answers() -> None:
    near, far = look(STUCK, late=20), look(STUCK, late=20, reach=Reach("alpha@server", LIVE, MINE, host="server"))
    assert near.silent
    assert said(near).startswith("ENGINE SILENT FOR 20 s")
    assert "On server: `radtui emergency-stop --bot alpha`" in said(far)
    assert "stood still" not in " ".join(plain(each) for each in banner_lines(near, 120, 40))


def test_a_line_to_another_machine_is_told_from_an_engine_that_hangs() -> None:
    assert said(look(scenes.running(), late=21, reach=OUT)) == (
        "LINE LOST FOR 21 s | What is shown is 21 s old. As seen last: positions keep their stops on the exchange."
        " | A bot flies on without a line; the line is tried again by itself. On server: `radtui status` says "
        "whether it runs. If it hangs: `radtui emergency-stop --bot alpha` ends it and closes everything; "
        "or `kill -9 4711`, and start radtui again."
    )
    here = replace(OUT, name="alpha", host="")
    assert said(look(scenes.running(), late=21, reach=here)).startswith("ENGINE SILENT FOR 21 s")
    assert "From another terminal: `radtui status` says" in said(look(scenes.running(), late=21, reach=here))


def test_what_was_never_heard_promises_nothing() -> None:
    never = replace(OUT, name="server:8001", heard=False)
    assert "what it holds is not known" in said(look(nothing(), reach=never))
    assert "kill" not in said(look(nothing(), reach=never))
    assert silence(look(nothing(), reach=replace(never, line=CONNECTING))) == ()
    assert silence(look(nothing(), reach=REACHES["refused"])) == ()


def test_a_missing_stop_is_not_promised() -> None:
    assert "1 of 3 positions without a confirmed stop" in said(look(scenes.bare(), late=20))


def test_an_engine_that_ended_is_said_at_once() -> None:
    assert said(look(scenes.running(), fault="OSError: no space")).startswith(
        "THE ENGINE HAS ENDED | OSError: no space"
    )
    assert "q leaves; then start radtui again" in said(look(scenes.running(), fault="OSError: no space"))


@pytest.mark.parametrize(("width", "height", "rows"), [(120, 40, 3), (80, 24, 1), (40, 10, 1)])
def test_the_bar_is_reversed_over_the_whole_width_and_all_words_are_there(width: int, height: int, rows: int) -> None:
    lines = banner_lines(look(scenes.running(), late=20), width, height)
    bar = [each for each in lines if each[0].ground is Ground.REVERSE]
    assert len(bar) == rows
    assert {cell_len(plain(each)) for each in bar} == {width}
    assert all(cell_len(plain(each).rstrip()) <= width for each in lines)
    words = " ".join(" ".join(plain(each).split()) for each in lines)
    assert words.endswith("or `kill -9 4711`, and start radtui again." if height > 10 else "alpha · kill -9 4711")
