"""Work that nobody waits for is done or abandoned, and never forgotten in between."""

from __future__ import annotations

import asyncio

from radtui.engine.chores import Chores


async def test_what_is_done_is_forgotten_and_the_rest_abandoned() -> None:
    chores, said = Chores(), list[str]()

    async def speak(word: str, after: asyncio.Event) -> None:
        try:
            await after.wait()
            said.append(word)
        except asyncio.CancelledError:
            said.append(f"{word} abandoned")
            raise

    now, never = asyncio.Event(), asyncio.Event()
    chores.begin(speak("quick", now))
    chores.begin(speak("slow", never))
    assert len(chores) == 2
    now.set()
    for _ in range(3):  # woken, done, forgotten
        await asyncio.sleep(0)
    assert len(chores) == 1
    await chores.stop()
    assert said == ["quick", "slow abandoned"]
    assert not chores


async def test_what_fails_harms_neither_the_others_nor_the_stop() -> None:
    chores = Chores()

    async def fail() -> None:
        raise ValueError

    chores.begin(fail())
    chores.begin(asyncio.sleep(3600))
    await asyncio.sleep(0)
    await chores.stop()
    assert not chores
