"""Who is let in to the cockpit in a browser (what a browser does with it: tests/e2e)."""

from __future__ import annotations

import pytest

pytest.importorskip("textual_serve", reason="needs the extra: browser")

from radtui.cli.browser import Entrance


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_token_gives_a_session_of_its_own_to_each_visitor() -> None:
    entrance = Entrance("token", Clock())
    first, second = entrance.enter(b"token"), entrance.enter(b"token")
    assert first != second
    assert all(entrance.admits(each or "") for each in (first, second))
    assert not any(entrance.admits(each) for each in ("token", ""))


@pytest.mark.parametrize("wrong", [b"", b"toke", b"token ", b"TOKEN", "tökén".encode(), b"\xff\x00"])
def test_nothing_else_does(wrong: bytes) -> None:
    assert Entrance("token", Clock()).enter(wrong) is None


def test_after_many_wrong_tokens_nobody_is_heard_for_a_minute() -> None:
    clock = Clock()
    entrance = Entrance("token", clock)
    for _ in range(10):
        assert not entrance.closed
        entrance.enter(b"guess")
        clock.now += 1
    assert entrance.closed
    clock.now += 60
    assert not entrance.closed
