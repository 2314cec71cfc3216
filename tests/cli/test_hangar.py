"""The bots of one process as they lie on disk: how one that has ended is had again, and what of it is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from radtui.cli import hangar
from radtui.cli.flags import Flags
from radtui.cli.hangar import Hangar
from radtui.cli.opening import opened
from radtui.cli.rereading import Rereading
from radtui.core.instruction import Ask
from radtui.engine.engine import Engine
from radtui.settings.places import places
from tests.cli.test_squad import TWO


@pytest.fixture
def ended(own_folders: Path) -> Iterator[Hangar]:
    """Two bots that have flown here, and have closed their journals."""
    file = own_folders / "two.toml"
    file.write_text(f"{TWO}\n[risk]\nleverage = 5\n")
    flags = Flags(config=file, state=own_folders / "s")
    again = Rereading(flags=flags, loaded=opened(flags))
    with ExitStack() as journals:
        found = Hangar(again, places(again.loaded.settings), None, journals)
    yield found
    for handle in found.handles.values():
        handle.close()


async def taken_up(there: Hangar, name: str) -> Engine:
    """Return its next engine, which is not flown: what it opened is closed again."""
    engine = (await there._prepared(name, Ask.START))()
    engine.journal.close(clean=False)
    return engine


async def test_one_that_is_taken_up_again_goes_by_the_settings_that_were_in_force(ended: Hangar) -> None:
    sources = ended.sources["beta"]
    sources.take(sources.change({"risk.daily_loss": "0.01"}, "cli:lena"))
    engine = await taken_up(ended, "beta")
    seen = engine.snapshot().configuration
    shown = {each.key: (each.value, each.where) for each in seen.settings}
    assert engine.config.core.limits.daily_loss == Decimal("0.01")
    assert shown["risk.daily_loss"] == ("0.01", "set at run time by cli:lena")
    assert [each.key for each in seen.undo] == ["risk.daily_loss"], "and it can still be rolled back"
    assert (await taken_up(ended, "alpha")).config.core.limits.daily_loss != Decimal("0.01")


def test_a_bot_that_cannot_be_had_again_leaves_its_journal_for_the_next_try(
    ended: Hangar, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(hangar, "recorder", full)
        for _ in range(2):
            with pytest.raises(OSError, match="No space left"):
                asyncio.run(ended._prepared("beta", Ask.START))
    asyncio.run(_closed(ended))


async def _closed(ended: Hangar) -> None:
    await taken_up(ended, "beta")
