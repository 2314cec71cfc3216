"""All channels together: one that is dead holds up no other, and the loop's silence is told from outside it."""

from __future__ import annotations

import time
from collections.abc import Callable

from radtui.health.channels.channel import Channel
from radtui.health.channels.message import Message
from radtui.health.channels.outlet import Outlet
from tests.health.channels.test_channel import QUICK, SOON, Carrier, message, until


def outlet(*carriers: Carrier, **options: object) -> Outlet:
    channels = [Channel(f"c{number}", each, backoff=QUICK, within=0.05) for number, each in enumerate(carriers)]
    made = Outlet(channels, look=0.01, **options)  # type: ignore[arg-type]
    made.open()
    return made


def silent(seconds: float) -> Message:
    return Message(title="silent", body=f"{seconds > 0}")


def test_one_that_hangs_holds_up_no_other() -> None:
    stuck, well = Carrier(hangs=True), Carrier()
    out = outlet(stuck, well)
    out.send(message())
    until(lambda: len(well.delivered) == 1)
    until(lambda: out.views()[0].state == "dead")
    assert [each.state for each in out.views()] == ["dead", "works"]
    stuck.release.set()
    out.close()


def test_a_test_is_of_one_or_of_all() -> None:
    well, dead = Carrier(), Carrier("gone")
    out = outlet(well, dead)
    assert {name: future.result(SOON) for name, future in out.test(message()).items()} == {"c0": "", "c1": "gone"}
    assert list(out.test(message(), "c1")) == ["c1"]
    assert out.test(message(), "other") == {}
    out.close()


def test_the_loops_silence_is_told_once_and_again_after_it_spoke() -> None:
    well = Carrier()
    out = outlet(well, longest=0.05, silent=silent)
    until(lambda: len(well.delivered) == 1)
    time.sleep(0.1)
    assert [each.title for each in well.delivered] == ["silent"]
    out.heard()
    until(lambda: len(well.delivered) == 2)
    out.close()


def test_secrets_are_cleaned_before_anything_leaves() -> None:
    clean: Callable[[str], str] = lambda text: text.replace("hunter2", "••••")  # noqa: E731 - one line is clearer
    well = Carrier()
    out = outlet(well, redact=clean)
    out.send(Message(title="x hunter2", body="hunter2 y"))
    until(lambda: bool(well.delivered))
    assert (well.delivered[0].title, well.delivered[0].body) == ("x ••••", "•••• y")
    out.close()


def test_it_may_be_opened_twice_and_closed_without_a_channel() -> None:
    out = outlet(Carrier())
    out.open()
    out.close()
    empty = Outlet()
    empty.open()
    empty.send(message())
    empty.close()
    assert empty.views() == ()


def test_it_closes_within_its_time_whatever_hangs() -> None:
    stuck = [Carrier(hangs=True) for _ in range(5)]
    out = outlet(*stuck)
    out.send(message())
    for each in stuck:
        assert each.came.wait(SOON)
    began = time.monotonic()
    out.close()
    assert time.monotonic() - began < 3.0
    for each in stuck:
        each.release.set()
