"""The doors: what a cockpit gets to know of an engine, near and far."""

from __future__ import annotations

import msgspec
import scenes
from lines import LIVE, LOST, MINE
from pieces import NOW
from scripted import ScriptedEngine

from radtui.core.market import SECOND
from radtui.core.snapshot import Snapshot
from radtui.engine.helm import HelmView
from radtui.engine.local import LocalHandle
from radtui.engine.remote import Line
from radtui.tui.doors import FarDoor, NearDoor
from radtui.tui.reach import HERE


class FarEngine(ScriptedEngine):
    """An engine elsewhere, whose clock is an hour ahead."""

    def __init__(self, shown: Snapshot) -> None:
        super().__init__(msgspec.structs.replace(shown, at=shown.at + 3600 * SECOND))
        self.line: Line = LIVE
        self.age: float | None = 0.0
        self.controls = True
        self.taken = 0

    def helm(self) -> HelmView:
        return MINE

    def take_helm(self, *, over: bool = True) -> None:
        assert over
        self.taken += 1


def test_an_hour_between_the_clocks_is_no_age() -> None:
    far, wall = FarEngine(scenes.running()), [NOW]
    door = FarDoor(far, host="server", clock=lambda: wall[0], monotonic=lambda: 1.0)
    shown, now, reach = door.look()
    assert (now, reach.name, reach.line, reach.helm, reach.heard) == (shown.at, "alpha@server", LIVE, MINE, True)
    far.age, far.line, wall[0] = 16.0, LOST, NOW + 16 * SECOND
    shown, now, reach = door.look()
    assert now - shown.at == 16 * SECOND
    assert not reach.through


def test_an_engine_that_hangs_grows_older_though_its_door_tells_of_it_again_and_again() -> None:
    far, moment = FarEngine(scenes.running()), [0.0]
    door = FarDoor(far, clock=lambda: NOW + round(moment[0] * SECOND), monotonic=lambda: moment[0])
    for second in range(120):
        moment[0] = float(second)
        far.shown = msgspec.structs.replace(far.shown, hangs=second)
        shown, now, _ = door.look()
        assert now - shown.at == second * SECOND


def test_before_the_first_picture_nothing_is_heard() -> None:
    far = FarEngine(scenes.running())
    far.age = None
    _, now, reach = FarDoor(far, host="server", clock=lambda: NOW).look()
    assert (now, reach.heard, reach.name) == (NOW, False, "alpha")


def test_a_picture_that_comes_between_two_reads_does_not_lend_its_age() -> None:
    class Racing(FarEngine):
        """The next picture comes while the age of the one before, which is old, is read."""

        def snapshot(self) -> Snapshot:
            shown = super().snapshot()
            if self.looks == 1:
                self.age, self.shown = 0.0, msgspec.structs.replace(shown, at=shown.at + 10 * SECOND)
            return shown

    far = Racing(scenes.running())
    far.age = 10.0
    shown, now, _ = FarDoor(far, clock=lambda: NOW + 10 * SECOND, monotonic=lambda: 1.0).look()
    assert now == shown.at == NOW + 3610 * SECOND


def test_the_far_helm_is_asked_for() -> None:
    far = FarEngine(scenes.running())
    FarDoor(far, clock=lambda: NOW).take_over()
    assert far.taken == 1


def test_a_near_engine_with_a_helm_shows_who_holds_it() -> None:
    handle = LocalHandle(scenes.running())
    door = NearDoor(handle, user="lena", clock=lambda: NOW)
    handle.take_helm("lena")
    assert door.look()[2].helm.yours
    handle.bridge.take("seat", "cli:bob/pts-4", NOW, over=True)
    reach = door.look()[2]
    assert (reach.watching, reach.holder, reach.told, reach.attached) == (True, "bob/pts-4", True, False)
    door.take_over()
    assert door.look()[2].helm.yours


def test_a_near_engine_without_one_is_just_here() -> None:
    door = NearDoor(ScriptedEngine(scenes.running()), user="lena", clock=lambda: NOW)
    door.take_over()
    assert door.look() == (scenes.running(), NOW, HERE)
