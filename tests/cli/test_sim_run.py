"""``radtui sim run`` as a command: what it refuses, prints and returns."""

from __future__ import annotations

import json

import pytest

from radtui.cli.app import answer
from radtui.cli.failures import Exit, Failure
from radtui.core.protection import Protection


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--seeds", "0"), "--seeds 0 is out of range"),
        (("--faults", "lsot"), "did you mean lost?"),
        (("--faults", "lost@"), "names no place"),
        (("--faults", "lost@nowhere.3"), "known: lost@order.17"),
        (("--minutes", "0"), "out of range"),
        (("--minutes", "nan"), "out of range"),
        (("--jobs", "-1"), "out of range"),
        (("--first-seed", "-1"), "out of range"),
        (("--seeds", "x"), "--seeds"),
        (("more",), "unexpected argument more"),
    ],
)
def test_wrong_inputs_are_usage_errors(arguments: tuple[str, ...], says: str) -> None:
    with pytest.raises(Failure) as caught:
        answer(["sim", "run", *arguments])
    assert caught.value.code == Exit.USAGE
    assert says in caught.value.text()


def test_a_clean_run_is_one_document_and_exit_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["sim", "run", "--seeds", "2", "--minutes", "2", "--faults", "lost,gap", "--json"]) == Exit.DONE
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["clean"], found["violations"], found["faults"]) == (2, [], "lost,gap")
    assert "1 of 2 seeds, 0 failed" in printed.err


def test_a_broken_build_is_told_with_the_command_that_replays_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Protection, "guard", lambda self, symbol: None)
    assert answer(["sim", "run", "--seeds", "1", "--minutes", "4", "--faults", "lost,gap"]) == Exit.REFUSED
    printed = capsys.readouterr()
    assert "0 of 1 seeds clean" in printed.out
    assert "no position without a stop" in printed.err
    assert "needs: no fault at all" in printed.err
    again = next(line for line in printed.err.splitlines() if "again:" in line).partition("radtui ")[2].split()
    assert answer(again) == Exit.REFUSED
