"""Which engines are meant, and with which token."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.cli import targets
from radtui.cli.engines import RunningEngine
from radtui.cli.failures import Exit, Failure
from radtui.cli.targets import Aim, aimed, token_for
from radtui.resilience.redaction import redact
from radtui.settings.sections import Api

URL = "https://server:8001"
CLEAR = "http://server:8001"
TOKEN, OTHER = "marker-secret-of-attach-0001", "marker-secret-of-attach-0002"


def there(name: str, pid: int) -> RunningEngine:
    return RunningEngine(Path(f"/run/{name}.sock"), pid, None)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> list[RunningEngine]:
    """Three engines, two of one name."""
    found = [there("alpha", 11), there("beta", 12), there("beta", 13)]

    def named(bot: str | None) -> list[RunningEngine]:
        hits = [each for each in found if bot in {None, each.name, str(each.pid)}]
        if not hits:
            raise Failure("none", code=Exit.NO_ENGINE)
        return hits

    monkeypatch.setattr(targets, "named", named)
    return found


def test_without_a_name_all_are_meant_and_those_of_one_name_are_told_apart(running: list[RunningEngine]) -> None:
    assert aimed([]) == [
        Aim(running[0].path, "alpha"),
        Aim(running[1].path, "beta", "12"),
        Aim(running[2].path, "beta", "13"),
    ]


@pytest.mark.usefixtures("running")
def test_names_pids_urls_and_sockets_each_once() -> None:
    found = aimed(["alpha", "11", "https://desk:8001/", "/run/x/alpha.sock"])
    assert [aim.target for aim in found] == [Path("/run/alpha.sock"), "https://desk:8001", Path("/run/x/alpha.sock")]
    assert [aim.host for aim in found] == ["", "desk", ""]


def test_a_url_is_all_the_bots_behind_it_and_its_token_is_theirs(tmp_path: Path) -> None:
    asked: list[str] = []

    def behind(url: str) -> tuple[str, ...]:
        asked.append(url)
        return (f"{url}/bots/alpha", f"{url}/bots/beta") if "two" in url else (url,)

    found = aimed(["https://two:8001/", "https://one:8001"], behind)
    assert [aim.target for aim in found] == [
        "https://two:8001/bots/alpha", "https://two:8001/bots/beta", "https://one:8001",
    ]  # fmt: skip
    assert [aim.label for aim in found] == ["alpha", "beta", "one:8001"]
    assert [aim.beside for aim in found] == ["two", "two", "one"]
    assert sorted(asked) == ["https://one:8001", "https://two:8001"]
    kept = tmp_path / "token"
    kept.write_text(f"https://two:8001 {TOKEN}\n{OTHER}\n")
    kept.chmod(0o600)
    assert token_for("https://two:8001/bots/beta", Api(), kept) == TOKEN


@pytest.mark.parametrize("url", ["htps://server", "tcp://127.0.0.1:8001", "://server", "HTTPZ://server"])
def test_another_kind_of_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(Failure) as caught:
        aimed([url], lambda url: pytest.fail(f"{url} was asked"))
    assert caught.value.code == Exit.USAGE
    assert "https://HOST:PORT" in caught.value.text()


@pytest.mark.usefixtures("running")
def test_one_that_is_not_there_is_exit_3() -> None:
    with pytest.raises(Failure) as caught:
        aimed(["alpha", "gamma"])
    assert caught.value.code == Exit.NO_ENGINE


@pytest.mark.parametrize(
    ("target", "readable"),
    [
        (CLEAR, True),
        ("ws://server", True),
        ("http://192.0.2.1", True),
        ("htps://server", True),
        ("http://127.0.0.1.example", True),
        (URL, False),
        ("http://127.0.0.1:8001", False),
        ("http://[::1]:8001", False),
        ("ws://localhost", False),
        ("http://127.8.0.1", False),
        (Path("/run/a.sock"), False),
    ],
)
def test_a_token_is_readable_on_the_way_only_over_plain_http_to_elsewhere(target: str | Path, readable: bool) -> None:
    assert Aim(target, "x").open_to_readers is readable


def test_a_token_is_not_shown_to_the_whole_network_unless_that_is_wanted() -> None:
    with pytest.raises(Failure) as caught:
        token_for(CLEAR, Api.model_validate({"token": TOKEN}), None)
    assert caught.value.code == Exit.USAGE
    assert "ssh -L 8001:127.0.0.1:8001 server" in caught.value.text()
    assert TOKEN not in caught.value.text()
    assert token_for(CLEAR, Api.model_validate({"token": TOKEN, "token_in_clear": True}), None) == TOKEN
    assert token_for(CLEAR, Api(), None) is None


def test_a_token_of_the_settings_is_used_and_hidden() -> None:
    assert token_for(URL, Api.model_validate({"token": TOKEN}), None) == TOKEN
    assert TOKEN not in redact(f"it said {TOKEN}")
    assert token_for(URL, Api(), None) is None


def test_a_file_has_a_token_for_all_or_one_a_url(tmp_path: Path) -> None:
    kept = tmp_path / "token"
    kept.write_text(f"# mine\n{OTHER}\n{URL}/ {TOKEN}\n")
    kept.chmod(0o600)
    assert token_for(URL, Api(), kept) == TOKEN
    assert token_for("https://elsewhere", Api.model_validate({"token_file": kept}), None) == OTHER
    assert OTHER not in redact(f"it said {OTHER}")


@pytest.mark.parametrize(("mode", "content", "why"), [
    (0o644, TOKEN.encode(), "open to others: chmod 600"),
    (0o600, b"\xff\xfe", "not UTF-8"),
    (None, b"", "No such file"),
])  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_without_what_it_holds(
    tmp_path: Path, mode: int | None, content: bytes, why: str
) -> None:
    kept = tmp_path / "token"
    if mode is not None:
        kept.write_bytes(content)
        kept.chmod(mode)
    with pytest.raises(Failure) as caught:
        token_for(URL, Api(), kept)
    assert why in caught.value.text()
    assert str(kept) in caught.value.text()
    assert TOKEN not in caught.value.text()
    assert caught.value.code == Exit.USAGE
