"""What a person should know of settings that can be used all the same."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from radtui.cli import config
from radtui.cli.cautions import cautions, exposed
from radtui.cli.flags import Flags
from radtui.settings.loading import Loaded, load

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
SECRET = "hunter2-hunter2"


@pytest.fixture
def public() -> Iterator[Path]:
    """Return a folder that everybody may enter: those of the tests are the tester's alone."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def read(file: Path, text: str, mode: int) -> Loaded:
    file.write_text(text)
    file.chmod(mode)
    return load(config=file, environ={}, folder=file.parent)


@pytest.mark.parametrize(
    "text",
    [f'[kucoin]\nsecret = "{SECRET}"\n', f'[api]\ntokens = ["me:read:{SECRET}{SECRET}"]\n',
     f'[alerts.channels]\nme = "json://x/{SECRET}"\n'],
)  # fmt: skip
def test_a_secret_that_everybody_can_read_is_told_of_and_not_told(public: Path, text: str) -> None:
    (found,) = exposed(read(public / "c.toml", text, 0o644))
    assert str(public / "c.toml") in found.said
    assert "chmod 600" in found.remedy
    assert SECRET not in found.said + found.remedy
    assert not list(exposed(read(public / "c.toml", text, 0o640)))


def test_what_holds_no_secret_may_be_read(public: Path) -> None:
    assert not list(exposed(read(public / "c.toml", "[risk]\nleverage = 2\n", 0o644)))


def test_in_a_folder_that_nobody_enters_a_file_is_safe(public: Path) -> None:
    public.chmod(0o700)
    assert not list(exposed(read(public / "c.toml", f'[kucoin]\nsecret = "{SECRET}"\n', 0o644)))


def test_so_is_it_with_env_files(public: Path) -> None:
    (public / ".env").write_text(f"RADTUI_KUCOIN__SECRET={SECRET}\n")
    (public / ".env").chmod(0o604)
    loaded = read(public / "c.toml", "", 0o600)
    assert [check.name for check in exposed(loaded)] == ["secrets"]


@pytest.mark.parametrize(
    ("address", "usable"),
    [("mailto://user", False), ("tgram://", False), ("nonsense://x", False), ("json://hook.example/x", True),
     ("mailtos://user:password@mail.example?to=me@mail.example", True)],
)  # fmt: skip
def test_an_address_that_nothing_can_be_sent_to_is_told_of(tmp_path: Path, address: str, usable: bool) -> None:
    found = list(cautions(read(tmp_path / "c.toml", f'[alerts.channels]\nme = "{address}"\n', 0o600)))
    assert [check.name for check in found] == ([] if usable else ["alerts"])
    assert all(address not in check.said + check.remedy for check in found)


def test_check_tells_of_it_and_the_settings_are_right_all_the_same(
    public: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = public / "c.toml"
    read(file, f'[kucoin]\nsecret = "{SECRET}"\n[alerts.channels]\nme = "tgram://"\n', 0o644)
    assert config.check(flags=Flags(config=file)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"OK ({file})"
    assert [line.split()[0] for line in lines[1:]] == ["warn", "→"] * 2
    assert "alerts.channels.me" in lines[3]
    assert config.check(flags=Flags(config=file), as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["problems"], len(document["warnings"])) == (True, [], 2)
