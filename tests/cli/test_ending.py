"""Whatever happens in a command, there is one exit code, words for people, and no traceback."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.cli.crash import report_to
from radtui.cli.ending import settle
from radtui.cli.failures import Exit, Failure
from radtui.resilience import redaction
from tests.cli.conftest import Run


def raising(error: BaseException) -> Callable[[], NoReturn]:
    def work() -> NoReturn:
        raise error

    return work


@pytest.mark.parametrize("code", [0, 1, 3, 4])
def test_the_code_of_a_command_is_the_exit_code(code: int) -> None:
    assert settle(lambda: code, []) == code


@pytest.mark.parametrize("code", list(Exit))
def test_a_failure_ends_with_its_code_on_standard_error(code: Exit, capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(raising(Failure("it failed", todo="wait", code=code)), []) == code
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "radtui: it failed\n  What to do: wait\n")


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a file that takes nothing")
def test_the_code_of_a_failure_stands_where_its_document_is_lost(run: Run) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    done = run("guard", "--json", stdout=full)
    os.close(full)
    assert (done.returncode, "there is nothing to guard" in done.stderr) == (Exit.USAGE, True)


def test_a_failure_with_json_prints_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    settle(raising(Failure("it failed: token=abc")), ["status", "--json"])
    assert json.loads(capsys.readouterr().out)["error"]["title"] == "it failed: token=••••"


def test_ctrl_c_is_130_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert settle(raising(KeyboardInterrupt()), []) == 130
    assert capsys.readouterr() == ("", "")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(categories=("L", "N")), min_size=6, max_size=30), st.integers(0, 10**9))
def test_an_unexpected_error_leaves_a_report_without_secrets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, secret: str, folder: int
) -> None:
    secret = f"Zq{secret}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redaction, "_known", {secret})
        state = tmp_path / f"{folder}-{len(list(tmp_path.iterdir()))}"
        report_to(state)
        assert (
            settle(raising(ValueError(f"odd {secret}\nsecond line passphrase={secret}x")), ["run", f"--x={secret}"])
            == 1
        )
    (report,) = (state / "crashes").iterdir()
    shown, kept = capsys.readouterr(), report.read_text()
    assert "Traceback" not in shown.err
    assert str(report) in shown.err
    assert "unexpected error: ValueError: odd ••••" in shown.err
    assert "Traceback" in kept
    assert "flags: --x" in kept
    assert secret not in kept + shown.err + shown.out
    assert report.stat().st_mode & 0o777 == 0o600


def test_a_report_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    report_to(tmp_path / "file")
    assert settle(raising(RuntimeError("odd")), []) == 1
    assert "no report could be written" in capsys.readouterr().err


def test_a_broken_connection_is_not_taken_for_a_reader_that_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report_to(tmp_path)
    assert settle(raising(BrokenPipeError(32, "Broken pipe")), []) == 1
    assert "unexpected error: BrokenPipeError" in capsys.readouterr().err
