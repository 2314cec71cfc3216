"""``radtui config``: what is set, whether it is right, and what can be set."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radtui.cli import config
from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.settings.document import defaults_toml
from radtui.settings.keys import KEYS

_SECRETS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=6).map(lambda text: f"Zq{text}")


def test_show_names_every_value_and_its_origin(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVERAGE", "7")
    monkeypatch.setenv("LIVE_LOOP_INTERVAL", "0.05")
    assert config.show(flags=Flags(seed="9")) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert set(rows) == {*KEYS, "LIVE_LOOP_INTERVAL"} - {key.name for key in KEYS.values() if key.table}
    assert rows["risk.leverage"].split() == ["risk.leverage", "7", "environment", "LEVERAGE"]
    assert rows["paper.seed"].split() == ["paper.seed", "9", "flag", "--seed"]
    assert rows["paper.speed"].split() == ["paper.speed", "60", "default"]
    assert "not used yet" in rows["LIVE_LOOP_INTERVAL"]


def test_show_as_json_is_one_document(capsys: pytest.CaptureFixture[str], own_folders: Path) -> None:
    file = own_folders / "c.toml"
    file.write_text("[risk]\nleverage = 4\n")
    assert config.show(flags=Flags(config=file), as_json=True) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["file"] == str(file)
    assert document["settings"]["risk.leverage"] == {"value": "4", "from": f"{file} line 2"}
    assert document["not_used_yet"] == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_SECRETS, min_size=3, max_size=3), st.booleans(), st.booleans())
def test_no_page_shows_a_secret(
    capsys: pytest.CaptureFixture[str], secrets: list[str], as_json: bool, wrong: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, secret in zip(("KEY", "SECRET", "PASSPHRASE"), secrets, strict=True):
            patch.setenv(f"KUCOIN_API_{name}", secret)
        if wrong:
            patch.setenv("RADTUI_BOT__TIMEFRAME", secrets[0])
            with pytest.raises(Failure) as failure:
                config.check(as_json=as_json)
            shown = failure.value.text() + json.dumps(failure.value.document(), ensure_ascii=False)
        else:
            config.show(as_json=as_json)
            config.check(as_json=as_json)
            shown = capsys.readouterr().out
    assert "kucoin" in shown or wrong
    assert not any(secret in shown for secret in secrets)


def test_check_says_ok_or_lists_every_problem(capsys: pytest.CaptureFixture[str], own_folders: Path) -> None:
    assert config.check() == 0
    assert capsys.readouterr().out == "OK (no settings file)\n"
    (own_folders / "c.toml").write_text("risk.leverage = 0\nrisk.x = 1\n")
    with pytest.raises(Failure) as failure:
        config.check(flags=Flags(config=own_folders / "c.toml"))
    assert failure.value.code == 2
    assert failure.value.title == "the settings cannot be used: 2 problems"
    document = failure.value.document()
    assert document["ok"] is False
    assert len(document["problems"]) == 2


def test_check_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    config.check(as_json=True)
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": [], "warnings": [], "file": None}


def test_defaults_are_a_file_to_start_from(capsys: pytest.CaptureFixture[str]) -> None:
    config.defaults()
    assert tomllib.loads(capsys.readouterr().out) == tomllib.loads(defaults_toml())
    config.defaults(as_json=True)
    assert [row["key"] for row in json.loads(capsys.readouterr().out)["settings"]] == list(KEYS)
