"""The sources of a start, gone to again; and what in them an engine is told to say."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from radtui.cli.flags import Flags
from radtui.cli.opening import opened
from radtui.cli.rereading import Rereading
from radtui.resilience.clock import SystemClock
from radtui.settings.layers import Entry, Layer


@dataclass
class Told:
    """An engine that keeps what it is told."""

    sources: Any = None
    past: Any = None
    clock: SystemClock = field(default_factory=SystemClock)
    said: list[tuple[str, str, str]] = field(default_factory=list)

    def read_settings_from(self, sources: Any) -> None:
        self.sources = sources

    def fly_past_with(self, past: Any) -> None:
        self.past = past

    def warn(self, kind: str, message: str, where: str) -> None:
        self.said.append((kind, message, where))


@pytest.mark.parametrize(("mode", "told"), [(0o644, 1), (0o600, 0)])
def test_an_engine_says_which_of_its_secrets_others_can_read(mode: int, told: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "c.toml"
        file.write_text('[kucoin]\nsecret = "hunter2-hunter2"\n[risk]\nleverage = 2\n')
        file.chmod(mode)
        flags, engine = Flags(config=file), Told()
        again = Rereading(flags=flags, loaded=opened(flags))
        again.hand_over(engine, again.sources())  # type: ignore[arg-type]
        assert engine.sources.file == str(file)
        assert engine.past.workshop is again.workshop, "one place for the backtests of all bots"
        assert len(engine.said) == told
        assert all(str(file) in message and "hunter2" not in message for _, message, _ in engine.said)


def test_it_is_read_again_from_the_folder_of_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("c.toml").write_text("[risk]\nleverage = 2\n")
    flags = Flags(config=Path("c.toml"), seed="5")
    again = Rereading(flags=flags, loaded=opened(flags))
    Path("c.toml").write_text("[risk]\nleverage = 4\nmax_positions = 2\n")
    monkeypatch.chdir("/")
    read = again.read(Layer.of([Entry("risk.max_positions", "9", "set at run time")]))
    assert (read.settings.risk.leverage, read.settings.risk.max_positions, read.settings.paper.seed) == (4, 9, 5)
