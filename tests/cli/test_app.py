"""Commands are found by name and loaded only when they are called."""

import re
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from radtui.cli.app import answer, app
from radtui.cli.failures import Exit, Failure
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


@pytest.mark.parametrize("command", [[], ["stop"], ["shutdown"], ["emergency-stop"], ["config", "check"]])
def test_help_says_what_each_exit_code_means(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    answer([*command, "--help"])
    told = " ".join(capsys.readouterr().out.partition("Exit codes: ")[2].split())
    assert re.findall(r"\d+", told) == ["0", "1", "2", "3", "4", "130", "143"]
    assert {str(int(code)) for code in Exit} <= set(re.findall(r"\d+", told))
    assert "4 not safe (positions or orders of ours may remain)" in told
