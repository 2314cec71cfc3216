"""Who is let in to the cockpit in a browser (what a browser does with it: tests/e2e)."""

from __future__ import annotations

import pytest

pytest.importorskip("textual_serve", reason="needs the extra: browser")

from aiohttp import ClientSession

from radtui.cli.browser import HOST, CockpitServer, Entrance


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


def test_many_wrong_tokens_are_told_ten_times_a_minute_and_the_right_one_opens_all_the_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()
    entrance = Entrance("token", clock)
    for _ in range(25):
        entrance.enter(b"guess")
        clock.now += 1
    assert entrance.pestered
    assert len(caplog.records) == 10
    assert "guess" not in caplog.text
    assert entrance.enter(b"token")
    clock.now += 60
    entrance.enter(b"guess")
    assert len(caplog.records) == 11
    assert not entrance.pestered


async def test_a_right_token_passes_after_any_number_of_wrong_ones() -> None:
    server = CockpitServer(("true",), "token", 0)
    runner = await server.open()
    page = f"http://{HOST}:{server.port}"
    async with ClientSession(headers={"Origin": page}) as browser:
        wrong = [(await browser.post(f"{page}/enter", data=b"guess")).status for _ in range(12)]
        assert wrong == [403] * 9 + [429] * 3
        assert (await browser.post(f"{page}/enter", data=b"token")).status == 204
    await runner.cleanup()
