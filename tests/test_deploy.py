"""The files of a deployment hold together with the program that they start."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from radtui.cli.app import app
from radtui.cli.failures import Exit

DEPLOY = Path(__file__).parents[1] / "radtui" / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def service(unit: Path) -> dict[str, list[str]]:
    """Return the [Service] options of a unit."""
    found: dict[str, list[str]] = {}
    section = unit.read_text().partition("[Service]")[2].partition("[Install]")[0]
    for line in section.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    program = tmp_path / "radtui"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/radtui/bin/radtui", str(program)))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_command_of_a_unit_is_one_of_ours(unit: Path) -> None:
    (command,) = service(unit)["ExecStart"]
    words = [word.replace("%i", "alpha") for word in shlex.split(command) if not word.startswith("$")]
    assert words[0] == "/opt/radtui/bin/radtui"
    app.parse_args(words[1:], print_error=False, exit_on_error=False)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_wrong_settings_do_not_start_it_again_and_again_and_a_crash_does(unit: Path) -> None:
    told = service(unit)
    assert told["Restart"][0] in {"on-failure", "always"}
    assert told["RestartPreventExitStatus"] == [str(int(Exit.USAGE))]
    assert told["LimitCORE"] == ["0"]
    assert not any("SECRET" in line or "TOKEN" in line for lines in told.values() for line in lines)


def test_the_engine_is_watched_and_has_the_time_that_its_shutdown_takes() -> None:
    told = service(DEPLOY / "radtui@.service")
    assert told["Type"] == ["notify"]
    assert told["KillMode"] == ["mixed"]
    assert float(told["WatchdogSec"][0]) >= 60
    assert float(told["TimeoutStopSec"][0]) >= 60
    assert told["SuccessExitStatus"] == ["130 143"]


def test_the_container_runs_as_nobody_special_and_is_asked_how_it_is() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    last = text[text.rindex("FROM ") :]
    assert re.search(r"^USER 10001$", last, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*CMD \["radtui", "status", "--json"\]$', last, re.MULTILINE)
    assert re.search(r"^VOLUME /var/lib/radtui$", last, re.MULTILINE)
    assert '"run", "--headless"' in last
    assert "compileall" in text


def test_every_command_in_the_manual_is_one_of_ours() -> None:
    manual = (DEPLOY / "README.md").read_text()
    assert len(manual.splitlines()) <= 120
    found = re.findall(
        r"^.*?(?:/opt/radtui/bin/)?\bradtui (init|status|doctor|shutdown|attach|config|guard|run)\b([^|&`#>\n]*)",
        manual,
        re.MULTILINE,
    )
    assert len(found) >= 5
    for name, rest in found:
        app.parse_args([name, *shlex.split(rest)], print_error=False, exit_on_error=False)
