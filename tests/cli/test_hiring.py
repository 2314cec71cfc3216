"""From settings to a guardian: who gets one, what it is told, and that no secret lies anywhere."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from pathlib import Path

import msgspec
import pytest

from radtui.cli import hiring
from radtui.cli.failures import Failure
from radtui.cli.hiring import Hiring, environment, guard_config, guarding, is_wanted
from radtui.settings.layers import Entry, Layer
from radtui.settings.squad import of_bot
from radtui.settings.tree import Settings

KEYS = {"kucoin__key": "kkkkkk", "kucoin__secret": "ssssss", "kucoin__passphrase": "pppppp"}


def of(**values: object) -> Settings:
    entries = (Entry(name.replace("__", ".", 1), value, "test") for name, value in (KEYS | values).items())
    return Settings.of([Layer.of(entries)])


@pytest.mark.parametrize(
    ("start", "url", "wanted"),
    [
        ("auto", "https://api-futures.kucoin.com", True),
        ("auto", "http://127.0.0.1:8000", False),
        ("on", "http://127.0.0.1:8000", True),
        ("off", "https://api-futures.kucoin.com", False),
    ],
)
def test_real_money_has_a_guardian_unless_it_is_switched_off(start: str, url: str, wanted: bool) -> None:
    assert is_wanted(of(bot__exchange="kucoin", guard__start=start, kucoin__url=url)) is wanted


def test_it_is_told_what_the_settings_say(tmp_path: Path) -> None:
    settings = of(guard__silence=30, guard__flatten=True, bot__name="alpha", paths__state=str(tmp_path / "s"))
    told = guard_config(settings, hired=True)
    assert (told.bot, told.silence, told.flatten, told.hired) == ("alpha", 30.0, True, True)
    assert (told.url, told.key, told.secret, told.passphrase) == (
        "https://api-futures.kucoin.com", "kkkkkk", "ssssss", "pppppp",
    )  # fmt: skip
    assert Path(told.record).parent == tmp_path / "s" / "guard"
    for folder in (Path(told.record).parent, Path(told.socket).parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not any(part in f"{told!r} {told.socket} {told.terms}" for part in ("kkkkkk", "ssssss", "pppppp"))


def test_one_guardian_an_account_wherever_its_state_lies(tmp_path: Path) -> None:
    one, two = (guard_config(of(paths__state=str(tmp_path / name)), hired=True) for name in "ab")
    assert (one.socket, one.lock) == (two.socket, two.lock)
    assert guard_config(of(kucoin__key="another"), hired=True).socket != one.socket


def test_other_settings_are_other_terms_and_who_started_it_is_not(tmp_path: Path) -> None:
    terms = guard_config(of(), hired=True).terms
    assert guard_config(of(), hired=False).terms == terms
    assert guard_config(of(guard__silence=61), hired=True).terms != terms
    assert guard_config(of(kucoin__secret="other1"), hired=True).terms != terms


@pytest.mark.parametrize(("silence", "interval"), [(2, 1 / 3), (12, 2.0), (60, 5.0), (3600, 5.0)])
def test_an_engine_beats_often_in_a_silence(silence: float, interval: float) -> None:
    assert guarding(of(guard__silence=silence)).interval == pytest.approx(interval)


def test_a_key_that_is_missing_is_said() -> None:
    with pytest.raises(Failure, match="cannot be used"):
        guard_config(Settings(), hired=True)


def test_its_environment_holds_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUCOIN_API_SECRET", "ssssss")
    monkeypatch.setenv("RADTUI_KUCOIN__KEY", "kkkkkk")
    assert not {"KUCOIN_API_SECRET", "RADTUI_KUCOIN__KEY"} & environment().keys()
    assert "PATH" in environment()


def test_one_is_hired_at_a_time_in_a_session_of_its_own() -> None:
    config = guard_config(of(kucoin__url="http://127.0.0.1:9"), hired=True)
    office = Hiring(config)
    office.hire()
    first = office._last
    assert first is not None
    try:
        office.hire()
        assert office._last is first
        assert os.getsid(first.pid) == first.pid
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait(30)
    office.hire()
    second = office._last
    assert second is not None
    assert second is not first
    second.kill()
    second.wait(30)
    log = Path(config.record).with_suffix(".log")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_one_that_ends_before_it_was_told_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiring, "COMMAND", ("true",))
    office = Hiring(msgspec.structs.replace(guard_config(of(), hired=True), url="x" * 100_000))
    with pytest.raises(BrokenPipeError):
        office.hire()
    assert isinstance(office._last, subprocess.Popen)
    office._last.wait(30)


def test_a_program_that_is_not_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiring, "COMMAND", ("no-such-program",))
    with pytest.raises(OSError, match="no-such-program"):
        Hiring(guard_config(of(), hired=True)).hire()


def test_of_several_bots_each_has_a_guardian_of_its_own(tmp_path: Path) -> None:
    several = {"bots.alpha.symbols": "XBTUSDTM", "bots.beta.symbols": "ETHUSDTM", "paths.state": str(tmp_path)}
    given = KEYS | {key.replace(".", "__"): value for key, value in several.items()}
    settings = Settings.of([Layer.of(Entry(key.replace("__", "."), value, "test") for key, value in given.items())])
    told = [guard_config(of_bot(settings, name), hired=True) for name in ("alpha", "beta")]
    assert [each.bot for each in told] == ["alpha", "beta"]
    for where in ("socket", "lock", "record", "memory"):
        assert len({getattr(each, where) for each in told}) == 2
