"""``radtui doctor``: every line with its verdict and remedy, one document, one exit code."""

from __future__ import annotations

import json

from tests.cli.conftest import Run

NOWHERE = "http://127.0.0.1:9"
KEYS = {"KUCOIN_API_KEY": "key-4711", "KUCOIN_API_SECRET": "secret-4711", "KUCOIN_API_PASSPHRASE": "phrase-4711"}


def test_paper_needs_this_machine_only(run: Run) -> None:
    done = run("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[:2] for line in done.stdout.splitlines() if line[:2].strip()][:3] == [
        ["ok", "settings"],
        ["ok", "disk"],
        ["ok", "lock"],
    ]
    assert done.stdout.splitlines()[-1] == "3 ok, 1 warn, 0 fail"
    assert "radtui run --headless" in done.stdout


def test_the_document_is_one(run: Run) -> None:
    done = run("doctor", "--json")
    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert [check["name"] for check in document["checks"]] == ["settings", "disk", "lock", "terminal"]
    assert all({"name", "verdict", "said", "remedy"} <= set(check) for check in document["checks"])


def test_live_without_a_key_fails_and_says_where_it_goes(run: Run) -> None:
    done = run("doctor", "--live", "--json", "--kucoin-url", NOWHERE)
    document = json.loads(done.stdout)
    found = {check["name"]: check for check in document["checks"]}
    assert (done.returncode, document["ok"]) == (1, False)
    assert "KUCOIN_API_KEY" in found["API key"]["remedy"]
    assert "cannot be reached" in found["exchange"]["said"]


def test_what_the_live_guard_lacks_is_named(run: Run) -> None:
    done = run("doctor", "--exchange", "kucoin", "--kucoin-url", "https://127.0.0.2:9", **KEYS)
    assert done.returncode == 1
    assert "A flight on KuCoin lacks bot.mode = live" in done.stdout
    assert not any(secret in done.stdout + done.stderr for secret in KEYS.values())


def test_an_address_that_is_none_is_a_finding(run: Run) -> None:
    done = run("doctor", "--exchange", "kucoin", "--kucoin-url", f"{NOWHERE}/api", **KEYS)
    assert done.returncode == 1
    assert "has a path" in done.stdout
    assert "Traceback" not in done.stderr


def test_wrong_settings_are_wrong_usage(run: Run) -> None:
    assert run("doctor", "--exchange", "binance").returncode == 2
