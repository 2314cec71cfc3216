"""The first configuration: it says what was chosen, its secrets are private, and nothing is overwritten."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from radtui.cli.failures import Exit, Failure
from radtui.cli.init import init
from radtui.settings.keys import KEYS
from radtui.settings.loading import load
from radtui.settings.tree import Settings
from tests.cli.conftest import Run


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_the_files_say_what_was_chosen_and_nothing_else(run: Run, own_folders: Path) -> None:
    done = run("init", "--bot", "alpha", "--exchange", "kucoin", "--symbols", "XBTUSDTM, ETHUSDTM")
    assert (done.returncode, done.stderr) == (0, "")
    folder = own_folders / "config" / "radtui"
    loaded = load(config=folder / "config.toml", environ={}, folder=own_folders)
    changed = {"name": "alpha", "exchange": "kucoin", "symbols": ("XBTUSDTM", "ETHUSDTM")}
    assert loaded.settings == Settings().model_copy(update={"bot": Settings().bot.model_copy(update=changed)})
    assert {mode(folder / name) for name in ("config.toml", ".env")} == {0o600}
    assert mode(folder) == 0o700
    assert str(folder / ".env") in done.stdout
    assert "doctor --live" in done.stdout


def test_the_env_file_has_a_place_for_every_secret_and_what_is_put_there_is_read(run: Run, own_folders: Path) -> None:
    run("init", "--exchange", "kucoin")
    env = own_folders / "config" / "radtui" / ".env"
    for name in ("KEY", "SECRET", "PASSPHRASE"):
        env.write_text(env.read_text().replace(f"# RADTUI_KUCOIN__{name}=", f"RADTUI_KUCOIN__{name}=marker-{name}"))
    kucoin = load().settings.kucoin
    assert kucoin.passphrase is not None
    assert kucoin.passphrase.get_secret_value() == "marker-PASSPHRASE"
    assert all(key.name.upper().replace(".", "__") in env.read_text() for key in KEYS.values() if key.secret)
    shown = run("config", "show")
    assert "marker" not in shown.stdout + shown.stderr
    assert str(env) in shown.stdout


def test_nothing_is_overwritten_without_force(run: Run, own_folders: Path) -> None:
    run("init", "--bot", "alpha")
    toml = own_folders / "config" / "radtui" / "config.toml"
    env = toml.with_name(".env")
    env.write_text("RADTUI_KUCOIN__KEY=mine\n")
    again = run("init", "--bot", "beta")
    assert again.returncode == 1
    assert all(str(path) in again.stderr for path in (toml, env))
    assert "Nothing was written" in again.stderr
    assert 'name = "alpha"' in toml.read_text()
    assert env.read_text() == "RADTUI_KUCOIN__KEY=mine\n"
    assert run("init", "--bot", "beta", "--force").returncode == 0
    assert 'name = "beta"' in toml.read_text()


def test_a_link_is_something_that_is_there(run: Run, own_folders: Path) -> None:
    (own_folders / "x").mkdir()
    (own_folders / "x" / "config.toml").symlink_to(own_folders / "elsewhere")
    assert run("init", "--dir", "x").returncode == 1
    assert run("init", "--dir", "x", "--force").returncode == 0
    assert not (own_folders / "elsewhere").exists()


def test_for_a_server_each_bot_has_its_files_and_all_have_the_units(run: Run, own_folders: Path) -> None:
    for name in ("alpha", "beta"):
        done = run("init", "--systemd", "--dir", "etc", "--bot", name, "--exchange", "kucoin")
        assert done.returncode == 0, done.stderr
        assert f"systemctl enable --now radtui-guard@{name} radtui@{name}" in done.stdout
    etc = own_folders / "etc"
    assert {path.name: mode(path) for path in etc.iterdir()} == {
        "alpha.toml": 0o600, "alpha.env": 0o600, "beta.toml": 0o600, "beta.env": 0o600,
        "radtui@.service": 0o644, "radtui-guard@.service": 0o644,
    }  # fmt: skip
    assert tomllib.loads((etc / "beta.toml").read_text())["bot"]["name"] == "beta"
    assert f"--config {etc}/%i.toml" in (etc / "radtui@.service").read_text()


@pytest.mark.parametrize("name", ["a b", "a%b", "a$b", "a'b", 'a"b', "a\\b", "ä;b"])
def test_no_unit_gets_a_folder_that_means_something_else_there(own_folders: Path, name: str) -> None:
    with pytest.raises(Failure, match="units cannot name") as refused:
        init(bot="alpha", exchange="paper", symbols="", systemd=True, directory=own_folders / name)
    assert refused.value.code == Exit.USAGE
    assert not (own_folders / name).exists()


def test_for_a_person_a_folder_may_have_blanks_and_what_comes_next_can_be_pasted(
    own_folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = own_folders / "a b"
    assert init(bot="alpha", exchange="paper", symbols="", directory=folder) == 0
    *_, after = capsys.readouterr().out.splitlines()
    assert shlex.split(after.removeprefix("next: ")) == ["radtui", "--config", str(folder / "config.toml")]


def test_all_files_of_a_deployment_are_written_as_they_were_shipped(run: Run, own_folders: Path) -> None:
    assert run("init", "--deploy", "d").returncode == 0
    shipped = {file.name: file.read_bytes() for file in (files("radtui") / "deploy").iterdir() if file.is_file()}
    assert {path.name: path.read_bytes() for path in (own_folders / "d").iterdir()} == shipped
    assert {"radtui@.service", "radtui-guard@.service", "Containerfile", "README.md"} <= shipped.keys()


def test_an_answer_that_is_not_allowed_writes_nothing(run: Run, own_folders: Path) -> None:
    done = run("init", "--bot", "not a name", "--dir", "x")
    assert done.returncode == 2
    assert "not a name" in done.stderr
    assert not (own_folders / "x").exists()


def test_a_folder_that_cannot_be_made_is_said(run: Run, own_folders: Path) -> None:
    (own_folders / "file").touch()
    done = run("init", "--dir", "file/x")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr


def on_terminal(folder: Path, typed: bytes, *flags: str) -> tuple[int, str]:
    """Run it on a terminal with these keys typed; return the exit code and what stood there."""
    ours, theirs = pty.openpty()
    os.write(ours, typed)
    process = subprocess.Popen(
        [sys.executable, "-m", "radtui", "init", "--dir", str(folder), *flags],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:  # the last one who had it open has ended
            break
        if not part:
            break
        shown += part
    os.close(ours)
    return process.wait(30), shown.decode()


def test_on_a_terminal_it_asks_what_no_flag_has_said(own_folders: Path) -> None:
    code, shown = on_terminal(own_folders / "x", b"gamma\n\n\n", "--exchange", "kucoin")
    assert code == 0
    assert "Exchange" not in shown
    bot = tomllib.loads((own_folders / "x" / "config.toml").read_text())["bot"]
    assert bot == {"name": "gamma", "exchange": "kucoin", "symbols": []}


def test_a_misspelt_exchange_is_never_paper(own_folders: Path) -> None:
    code, shown = on_terminal(own_folders / "x", b"gamma\nkcoin\n\n")
    assert code == 2
    assert "no exchange is called kcoin" in shown
    assert not (own_folders / "x").exists()


@pytest.mark.parametrize("typed", [b"\x04", b"gamma\n\x04"])
def test_who_leaves_in_the_middle_gets_no_files(own_folders: Path, typed: bytes) -> None:
    code, shown = on_terminal(own_folders / "x", typed)
    assert code == 1
    assert "Nothing was written" in shown
    assert not (own_folders / "x").exists()
