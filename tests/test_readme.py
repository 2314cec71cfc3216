"""What the README says is so."""

from __future__ import annotations

import re
from pathlib import Path

from radtui import __version__
from radtui.settings.keys import KEYS
from radtui.tui.keys import KEYS as BINDINGS
from radtui.tui.themes import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

RUN = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e . && .venv/bin/radtui"
TEST = "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/pytest"


def test_the_two_commands_stand_on_lines_of_their_own() -> None:
    lines = README.splitlines()
    assert RUN in lines
    assert TEST in lines


def test_ci_calls_the_test_command() -> None:
    assert TEST in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_theme_is_named() -> None:
    shipped = set(load(None).palettes)
    assert shipped <= set(re.findall(r"`([a-z-]+)`", README))


def test_every_key_of_the_footer_is_explained() -> None:
    shown = {key.key.split(",")[0] for key in BINDINGS if key.footer}
    named = {"exclamation_mark": "!", "slash": "/", "question_mark": "?"}
    for key in shown:
        assert f"`{named.get(key, key)}`" in README, key


def test_the_settings_of_the_example_exist() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    section = ""
    for line in example.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            assert f"{section}.{line.split(' =')[0]}" in KEYS


def test_the_changelog_knows_this_version() -> None:
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
