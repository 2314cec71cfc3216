"""``radtui attach`` without a terminal, without an engine, and with what cannot be an address."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.cli import attach as module
from radtui.cli.attach import attach
from radtui.cli.failures import Exit, Failure
from radtui.tui.terminal import Color, Terminal
from tests.cli.conftest import Run


@pytest.fixture
def seated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit at a terminal."""
    monkeypatch.setattr(module, "read_terminal", lambda **_: Terminal(True, "xterm", Color.NONE, 80, 24))


def failure(*engines: str, token_file: Path | None = None) -> Failure:
    with pytest.raises(Failure) as caught:
        attach(*engines, token_file=token_file)
    return caught.value


def test_without_a_terminal_it_says_so(run: Run) -> None:
    ended = run("attach")
    assert ended.returncode == Exit.USAGE
    assert "terminal" in ended.stderr
    assert ended.stdout == ""


@pytest.mark.usefixtures("seated")
def test_no_engine_is_exit_3_with_what_to_do() -> None:
    told = failure()
    assert told.code == Exit.NO_ENGINE
    assert "radtui run --headless" in told.todo


@pytest.mark.usefixtures("seated")
def test_nobody_at_a_url_is_exit_3_at_once_and_shows_no_token(tmp_path: Path) -> None:
    kept = tmp_path / "token"
    kept.write_text("marker-secret-of-attach-0003")
    kept.chmod(0o600)
    told = failure("http://127.0.0.1:1", token_file=kept)
    assert told.code == Exit.NO_ENGINE
    assert "no engine at 127.0.0.1:1: nobody listens there" in told.title
    assert "marker-secret" not in told.text()


@pytest.mark.usefixtures("seated")
@pytest.mark.parametrize("url", ["http://a:b@server:8001", "ftp://server", "http://server:8001?token=x"])
def test_what_is_no_address_is_a_wrong_command_line(url: str) -> None:
    told = failure(url)
    assert told.code == Exit.USAGE
    assert "a:b" not in told.text()
    assert "token=x" not in told.text()


@pytest.mark.usefixtures("seated")
def test_faulty_settings_keep_nobody_from_their_bots(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RADTUI_BOT__NAME", "not a name!")
    assert failure().code == Exit.NO_ENGINE
    assert "opens all the same" in capsys.readouterr().err


@pytest.mark.usefixtures("seated")
def test_a_file_of_settings_that_was_named_must_be_right(tmp_path: Path) -> None:
    with pytest.raises(Failure) as caught:
        attach(config=tmp_path / "none.toml")
    assert caught.value.code == Exit.USAGE
