"""The tab key knows the commands and their flags; asking for that costs the other commands nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

ASK = """
. {script}
COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 ))
_radtui
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def script(run: Run, own_folders: Path) -> Path:
    done = run("--install-completion", SHELL="/usr/bin/bash")
    assert (done.returncode, done.stderr) == (0, "")
    path = own_folders / ".local/share/bash-completion/completions/radtui"
    assert str(path) in done.stdout
    assert str(path) in (own_folders / ".bashrc").read_text()
    return path


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash to complete in")
def test_bash_completes_commands_flags_and_choices(script: Path) -> None:
    offered = {
        "radtui emer": {"emergency-stop"},
        "radtui sta": {"status", "start"},
        "radtui run --hea": {"--headless"},
        "radtui run --mode mini": {"minimal"},
        "radtui config de": {"defaults"},
    }

    def at_the_tab_key(words: str) -> set[str]:
        asked = subprocess.run(
            ["bash", "--norc", "-c", ASK.format(script=script, words=words)],
            capture_output=True, text=True, timeout=20, check=True,
        )  # fmt: skip
        return set(asked.stdout.split())

    assert {words: at_the_tab_key(words) for words in offered} == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_it_can_be_printed_and_then_nothing_is_changed(run: Run, own_folders: Path, shell: str) -> None:
    done = run("--install-completion", "--shell", shell, "--print")
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("emergency-stop", "attach", "headless"))
    assert not [path for path in own_folders.rglob("*") if path.is_file()]


def test_fish_finds_it_in_the_configuration_folder_that_is_set(run: Run, own_folders: Path) -> None:
    assert run("--install-completion", "--shell", "fish").returncode == 0
    assert (own_folders / "config" / "fish" / "completions" / "radtui.fish").is_file()


@pytest.mark.parametrize(
    ("shell", "title"), [("/bin/tcsh", "no completion for the shell tcsh"), ("", "names no shell")]
)
def test_another_shell_is_told_which_ones_there_are(run: Run, shell: str, title: str) -> None:
    done = run("--install-completion", SHELL=shell)
    assert done.returncode == 2
    assert title in done.stderr
    assert "bash, zsh or fish" in done.stderr


def test_other_commands_do_not_load_it() -> None:
    code = "import sys, radtui.cli.app; print([name for name in sys.modules if 'completion' in name])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True)
    assert loaded.stdout.strip() == "[]"
