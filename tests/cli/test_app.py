"""Commands are found by name and loaded only when they are called."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from radtui.cli.app import answer, app
from radtui.cli.failures import Failure
from radtui.cli.flags import Flags


def stand_in(monkeypatch: pytest.MonkeyPatch, fly: Callable[..., object]) -> None:
    """Put `fly` in the place of the cockpit."""
    module = ModuleType("radtui.cli.cockpit")
    vars(module)["cockpit"] = fly
    monkeypatch.setitem(sys.modules, "radtui.cli.cockpit", module)


def test_without_a_command_the_cockpit_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Flags] = []

    def fly(*, flags: Flags) -> int:
        seen.append(flags)
        return 4

    stand_in(monkeypatch, fly)
    assert answer(["--theme", "x"]) == 4
    assert seen == [Flags(theme="x")]


def test_a_command_without_a_code_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, lambda *, flags: None)
    assert answer([]) == 0


def test_what_a_command_raises_passes() -> None:
    with pytest.raises(Failure) as failure:
        answer(["config", "check", "--balance", "none"])
    assert failure.value.code == 2


@pytest.mark.parametrize("name", ["config", "run"])
def test_the_commands_are_registered(name: str) -> None:
    assert name in list(app)
