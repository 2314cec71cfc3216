"""``radtui guard``: what it refuses, and how its rehearsal ends."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run

KEYS = {"KUCOIN_API_KEY": "kkkkkk", "KUCOIN_API_SECRET": "ssssss", "KUCOIN_API_PASSPHRASE": "pppppp"}
NOBODY = ("--exchange", "kucoin", "--kucoin-url", "http://127.0.0.1:9")


def test_on_paper_there_is_nothing_to_guard(run: Run) -> None:
    done = run("guard")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nothing to guard" in done.stderr


def test_without_a_key_it_says_what_to_set(run: Run) -> None:
    done = run("guard", *NOBODY)
    assert done.returncode == 2
    assert "KUCOIN_API_KEY" in done.stderr


def test_json_belongs_to_the_rehearsal(run: Run) -> None:
    done = run("guard", "--json", *NOBODY, **KEYS)
    assert done.returncode == 2
    assert "--rehearse" in done.stderr


def test_a_rehearsal_without_an_exchange_fails_and_says_so(run: Run) -> None:
    done = run("guard", "--rehearse", *NOBODY, **KEYS)
    assert done.returncode == 1
    assert "NO    exchange   the exchange cannot be reached" in done.stdout
    assert done.stdout.splitlines()[-1] == "The guardian would NOT work."


def test_its_document_is_the_only_thing_on_standard_output(run: Run) -> None:
    done = run("guard", "--rehearse", "--json", *NOBODY, **KEYS)
    document = json.loads(done.stdout)
    assert (document["ok"], document["safe"], document["flatten"]) == (False, False, False)
    assert document["findings"][-1]["what"] == "exchange"
    assert not any(value in done.stdout + done.stderr for value in KEYS.values())


def test_a_folder_that_cannot_be_made_is_said(run: Run, own_folders: Path) -> None:
    (own_folders / "file").write_text("")
    done = run("guard", "--state", str(own_folders / "file" / "state"), *NOBODY, **KEYS)
    assert done.returncode == 1
    assert "cannot be made" in done.stderr
