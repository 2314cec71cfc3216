"""Before a flight: the settings are right, nothing that KuCoin needs is missing, the folders are there."""

from pathlib import Path

import pytest

from radtui.cli.failures import Failure
from radtui.cli.flags import Flags
from radtui.cli.opening import opened, ready_to_fly
from radtui.resilience.redaction import redact


def test_wrong_settings_exit_2_with_every_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERAGE", "0")
    with pytest.raises(Failure) as failure:
        opened(Flags(speed="0"))
    assert failure.value.code == 2
    assert failure.value.means.count("allowed is") == 2
    assert "nothing was sent to an exchange" in failure.value.means


def test_secrets_are_masked_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUCOIN_API_SECRET", "Xy-only-in-this-test")
    opened(Flags())
    assert redact("it said Xy-only-in-this-test.") == "it said ••••."


def test_paper_gets_its_state_folder(own_folders: Path) -> None:
    flags = Flags(state=own_folders / "s" / "t")
    there = ready_to_fly(flags, opened(flags).settings, headless=True)
    assert there.state == own_folders / "s" / "t"
    assert there.state.is_dir()


def test_a_state_folder_that_cannot_be_made_is_a_failure(own_folders: Path) -> None:
    (own_folders / "file").touch()
    flags = Flags(state=own_folders / "file" / "s")
    with pytest.raises(Failure, match="cannot be made") as failure:
        ready_to_fly(flags, opened(flags).settings, headless=True)
    assert failure.value.code == 1


@pytest.mark.parametrize(
    ("flags", "lacks"),
    [
        (Flags(exchange="kucoin"), ["kucoin.key", "kucoin.secret", "kucoin.passphrase", "--mode live"]),
        (Flags(exchange="kucoin", mode="live", i_know_this_is_real_money=True), ["kucoin.key"]),
        (Flags(exchange="kucoin", kucoin_url="http://127.0.0.1:1"), ["kucoin.key"]),
    ],
)
def test_kucoin_without_what_it_needs_is_refused_and_never_becomes_paper(flags: Flags, lacks: list[str]) -> None:
    with pytest.raises(Failure, match="something is missing") as failure:
        ready_to_fly(flags, opened(flags).settings, headless=True)
    assert failure.value.code == 2
    assert all(word in failure.value.means for word in lacks)
    assert "never taken silently" in failure.value.means
    assert ("--mode live" in failure.value.means) == ("--mode live" in lacks)


def test_live_on_paper_is_a_contradiction() -> None:
    with pytest.raises(Failure, match="cannot be used"):
        opened(Flags(mode="live"))
