"""One engine an account: the second one is refused, whatever it is, and told who flies and how to end that."""

from __future__ import annotations

import signal

from flights import Fly
from programs import QUICK
from terminal import Open


def test_a_second_engine_is_refused_and_told_who_flies_and_how_to_end_it(fly: Fly, cockpit: Open) -> None:
    first = fly(*QUICK)
    first.facts.until(lambda facts: "running" in facts.states(), "the first one flies")
    pid = first.process.pid
    second = cockpit(*QUICK)
    assert second.ended() == 1
    said = second.shell_lines()
    assert "radtui: this bot is already flying" in said
    assert f"(pid {pid}, started" in said
    assert f"`kill -TERM {pid}` ends it gracefully" in said
    assert second.is_as_before()
    first.facts.moves_on()
    first.signal(signal.SIGTERM)
    assert first.ended() == 143
