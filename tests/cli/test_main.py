"""What a person or a script sees of ``radtui``: streams, exit codes, and nothing loaded that is not needed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

_HEAVY = {
    "textual",
    "sqlalchemy",
    "alembic",
    "numpy",
    "talib",
    "pydantic",
    "polars",
    "structlog",
    "cyclopts",
    "asyncio",
}


def loaded_by(code: str) -> set[str]:
    """Return the packages that are loaded after `code` ran in a fresh interpreter."""
    program = f"{code}\nimport sys; print('\\n'.join({{m.partition('.')[0] for m in sys.modules}}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert not loaded_by("import radtui.cli, radtui.cli.logs, radtui.cli.failures, radtui.cli.ending") & _HEAVY


def test_no_thread_keeps_the_engine_waiting_and_no_plugin_looks_into_the_settings() -> None:
    code = """
import os, sys, radtui.cli
sys.argv[1:] = ["--version"]
try:
    radtui.cli.main()
except SystemExit:
    import pydantic.plugin._loader
    print(sys.getswitchinterval() <= 0.001, pydantic.plugin._loader.get_plugins())
"""
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout.split("\n")[1] == "True ()"


def test_the_version_needs_no_library_at_all() -> None:
    loaded = loaded_by(
        "import sys; sys.argv[1:] = ['--version']\nimport radtui.cli\ntry: radtui.cli.main()\nexcept SystemExit: pass"
    )
    assert not loaded & (_HEAVY | {"rich", "msgspec", "platformdirs", "json", "logging"})


def test_help_needs_cyclopts_only() -> None:
    loaded = loaded_by(
        "import sys; sys.argv[1:] = ['--help']\nimport radtui.cli\ntry: radtui.cli.main()\nexcept SystemExit: pass"
    )
    assert loaded & _HEAVY <= {"cyclopts", "asyncio"}
    assert "cyclopts" in loaded


def test_the_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, "0.1.0\n", "")


def test_help_names_the_commands_and_the_flags(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for word in ("config", "run", "--exchange", "--kucoin-url", "--market", "--seed", "--dev", "--strategy", "--theme"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--frsh"], "unknown flag --frsh; did you mean --fresh?"),
        (["--kucoin-secret=hunter2hunter2"], "unknown flag --kucoin-secret"),
        (["confg"], "unknown command confg; did you mean config?"),
        (["config", "shwo"], "unknown command shwo; did you mean show?"),
        (["config", "check", "more"], "unexpected argument more"),
        (["--exchange", "binance"], 'Invalid value "binance" for --exchange'),
        (["--seed"], "--seed"),
        (["config", "check", "--speed", "fast"], "paper.speed = fast (flag --speed): allowed is a whole number from 1"),
        (["config", "show", "--config", "none.toml"], "none.toml is not there or not a file: check --config"),
    ],
)
def test_a_wrong_command_line_exits_2_and_says_what_to_do(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("radtui: ")
    assert said in done.stderr
    assert "What to do: " in done.stderr
    assert "hunter2" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_failure_with_json_is_one_document_on_standard_output(run: Run) -> None:
    done = run("config", "check", "--json", "--frsh")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["title"] == "unknown flag --frsh; did you mean --fresh?"


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["config", "defaults"]])
def test_a_reader_that_has_left_ends_a_command_quietly(run: Run, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = run(*arguments, stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("redirection", "codes", "why"),
    [(">&-", {1}, "standard output is closed"), ("| head -0", {0, 1}, ""), (">/dev/full", {1}, "No space left")],
)
def test_a_closed_or_full_output_says_so_without_a_traceback(redirection: str, codes: set[int], why: str) -> None:
    script = f'"{sys.executable}" -m radtui --version {redirection}; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode in codes
    assert done.stdout == ""
    assert done.stderr.startswith(f"radtui: the output could not be written: {why}" if why else "")
    assert ("> FILE" in done.stderr) == bool(why)
    assert "Traceback" not in done.stderr


def test_all_streams_closed_is_survived() -> None:
    script = f'"{sys.executable}" -m radtui --frsh <&- >&- 2>&-'
    assert subprocess.run(["bash", "-c", script], check=False).returncode == 2


def test_letters_that_the_output_cannot_show_do_no_harm(run: Run) -> None:
    done = run("config", "show", PYTHONIOENCODING="ascii", KUCOIN_API_KEY="abcdefgh")
    assert done.returncode == 0
    assert "????" in done.stdout
    assert "abcdefgh" not in done.stdout
