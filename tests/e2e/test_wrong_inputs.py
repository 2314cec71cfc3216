"""What can be wrong around the program: a clear message with what to do, an exit code, and a whole terminal."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from flights import Fly
from programs import DEADLINE, QUICK, RADTUI, environment
from terminal import Open


def spoil_journal(home: Path) -> None:
    (home / "state").mkdir(mode=0o700)
    (home / "state" / "radtui.db").write_bytes(b"no journal, but a letter home. " * 400)


def test_a_journal_that_is_none_stops_a_headless_engine_with_a_message(fly: Fly, tmp_path: Path) -> None:
    spoil_journal(tmp_path)
    flight = fly(*QUICK, "--for", "1")
    assert flight.ended() == 1
    assert flight.said.startswith("radtui: the journal cannot be used")
    assert "Traceback" not in flight.said
    assert flight.output == ""
    assert (tmp_path / "state" / "radtui.db").read_bytes().startswith(b"no journal")


def test_a_journal_that_is_none_closes_the_cockpit_and_is_said_on_the_shell(cockpit: Open, tmp_path: Path) -> None:
    spoil_journal(tmp_path)
    terminal = cockpit(*QUICK)
    assert terminal.ended() == 1
    assert terminal.is_as_before()
    assert "radtui: the journal cannot be used" in terminal.shell_lines()
    assert "Traceback" not in terminal.shell_lines()


def test_a_terminal_of_ten_columns_says_how_large_it_should_be_and_every_key_works(cockpit: Open) -> None:
    terminal = cockpit(*QUICK, columns=10, lines=5)
    terminal.wait_for("PAPER", "enlarge")
    terminal.facts.until(lambda facts: facts.count("equity"), "the engine is there")
    terminal.type("s")
    terminal.facts.until(lambda facts: "running" in facts.states(), "s starts the bot")
    terminal.type("q")
    terminal.settle()
    terminal.type("y")
    assert terminal.ended() == 0
    assert terminal.is_as_before()


@pytest.mark.parametrize(
    ("arguments", "variables", "code", "said"),
    [
        ((), {"TERM": "dumb"}, 2, "TERM=dumb"),
        ((), {"RADTUI_RISK__LEVERAGE": "lots"}, 2, "risk.leverage"),
        (("--market", "nowhere.csv"), {}, 2, "nowhere.csv"),
    ],
    ids=["terminal", "setting", "market"],
)
def test_what_was_asked_wrongly_is_said_on_a_terminal_that_is_still_whole(
    cockpit: Open, arguments: tuple[str, ...], variables: dict[str, str], code: int, said: str
) -> None:
    terminal = cockpit(*arguments, **variables)
    assert terminal.ended() == code
    assert said in terminal.shell_lines()
    assert "Traceback" not in terminal.shell_lines()
    assert terminal.is_as_before()


def test_without_a_terminal_the_cockpit_names_the_other_way(tmp_path: Path) -> None:
    done = subprocess.run(
        [*RADTUI, "--state", str(tmp_path / "state")],
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
        env=environment(tmp_path), timeout=DEADLINE, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "radtui run --headless" in done.stderr
    assert not (tmp_path / "state").exists()


def test_a_report_that_nobody_can_read_costs_the_exit_code_and_nothing_of_the_flight(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*RADTUI, "run", "--headless", "--for", "0.5", "--state", str(tmp_path / "state"), *QUICK],
        stdin=subprocess.DEVNULL, stdout=writer, stderr=subprocess.PIPE, text=True,
        env=environment(tmp_path), timeout=DEADLINE, check=False,
    )  # fmt: skip
    os.close(writer)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Graceful shutdown completed" in done.stderr
