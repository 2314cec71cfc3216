"""Tokens as they are written: whole, each with a name and a scope, long enough, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.settings.layers import Entry, Layer
from radtui.settings.live import contradictions
from radtui.settings.loading import SettingsRefused, load
from radtui.settings.tokens import SHORTEST, Token, parse_tokens
from radtui.settings.tree import Settings

LEADS, LOOKS = "a" * SHORTEST, "b" * SHORTEST


def test_several_are_separated_by_commas_or_lines() -> None:
    expected = (Token("alice", "control", LEADS), Token("grafana", "read", LOOKS))
    for text in (f"alice:control:{LEADS},grafana:read:{LOOKS}", f"\n alice:control:{LEADS} \n\ngrafana:read:{LOOKS},"):
        assert parse_tokens(text) == expected
    assert parse_tokens("") == ()


@pytest.mark.parametrize(
    "text",
    [
        LEADS, f"alice:{LEADS}", f"alice:write:{LEADS}", f"alice:control:{LEADS[1:]}", f":control:{LEADS}",
        f"al ice:control:{LEADS}", f"alice:control:{LEADS} x", f"a:read:{LEADS},a:read:{LOOKS}",
        f"a:read:{LEADS},b:control:{LEADS}", f"alice:control:{LEADS}:x", f"a:read:{LEADS},typo",
    ],
)  # fmt: skip
def test_one_that_cannot_be_used_makes_all_of_them_useless_and_shows_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"SCOPE|name of its own") as refused:
        parse_tokens(text)
    assert LEADS not in str(refused.value)
    assert LOOKS not in str(refused.value)


def test_a_token_shows_itself_nowhere() -> None:
    assert LEADS not in repr(parse_tokens(f"alice:control:{LEADS}"))


def test_they_come_from_the_environment_and_from_a_list_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f'[api]\ntokens = ["alice:control:{LEADS}", "grafana:read:{LOOKS}"]\n')
    from_file = load(config=file, environ={}, folder=tmp_path)
    named = {"RADTUI_API__TOKENS": f"alice:control:{LEADS},grafana:read:{LOOKS}"}
    from_outside = load(environ=named, folder=tmp_path)
    for loaded in (from_file, from_outside):
        tokens = loaded.settings.api.tokens
        assert tokens is not None
        assert len(parse_tokens(tokens.get_secret_value())) == 2
        assert LEADS not in f"{loaded.settings!r} {loaded.rows()}"


def test_a_wrong_one_is_masked_in_what_is_said_of_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused, match=r"api.tokens = ••••.*SCOPE is read or control") as refused:
        load(environ={"RADTUI_API__TOKENS": f"alice:lead:{LEADS}"}, folder=tmp_path)
    assert LEADS not in str(refused.value)


def of(**values: object) -> Settings:
    return Settings.of([Layer.of(Entry(f"api.{key}", value, "test") for key, value in values.items())])


@pytest.mark.parametrize("told", [{"tcp": True}, {"host": "127.0.0.1"}, {"host": "192.0.2.7", "tcp": False}])
def test_nobody_listens_on_tcp_without_a_token(told: dict[str, object]) -> None:
    (problem,) = contradictions(of(**told))
    assert "openssl rand -hex 24" in problem
    assert not contradictions(of(**told, tokens=f"alice:control:{LEADS}"))
    assert not contradictions(of(**told, tokens_file="/etc/radtui/tokens"))


def test_without_being_asked_nobody_listens_on_tcp_and_then_on_this_machine_alone() -> None:
    assert not Settings().api.listens
    assert (of(tcp=True).api.listens, of(tcp=True).api.address, of(tcp=True).api.port) == (True, "127.0.0.1", 8001)
