"""One engine of a cockpit."""

import scenes
import stops
from lines import LIVE, MINE, REACHES, nothing
from pieces import NOW
from scripted import ScriptedDoor, ScriptedEngine

from radtui.tui.reach import Reach, Tab
from radtui.tui.station import Station, mark_of


def station(door: ScriptedDoor) -> Station:
    return Station("a", door, user="lena", keymap={})


def test_a_receipt_from_before_the_first_picture_was_read_already_and_a_later_one_was_not() -> None:
    old, new = stops.receipt(), stops.refused()
    engine = ScriptedEngine(nothing())
    door = ScriptedDoor(engine, lambda: NOW, REACHES["connecting"])
    here = station(door)
    here.look()
    door.reach, engine.shown = Reach("alpha", LIVE, MINE), scenes.changed(scenes.running(), receipt=old)
    here.look()
    engine.shown = scenes.changed(scenes.running(), receipt=new)
    here.look()
    assert here.read == {old.id}
    assert old.id != new.id


def test_its_tab_says_whether_it_needs_an_eye() -> None:
    calm = station(ScriptedDoor(ScriptedEngine(scenes.running()), lambda: NOW, REACHES["live"]))
    ill = station(ScriptedDoor(ScriptedEngine(scenes.failed()), lambda: NOW, REACHES["live"]))
    assert calm.tab(here=True) == Tab("alpha", here=True, mark="")
    assert ill.tab(here=False) == Tab("alpha", mark="‼")
    assert mark_of(station(ScriptedDoor(ScriptedEngine(scenes.paused()), lambda: NOW)).view) == "!"
