"""A report goes where the state is, and names the flags without their values."""

from pathlib import Path

import pytest

from radtui.cli import crash
from radtui.resilience.redaction import hide


def test_before_the_settings_are_read_it_goes_to_the_platforms_own_folder(
    own_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crash, "_chosen", [])
    failure = crash.crashed(ValueError("x"), ["config", "--token", "abcdefgh", "--seed=4"])
    (report,) = (own_folders / "state" / "radtui" / "crashes").iterdir()
    assert str(report) in failure.todo
    assert "flags: --token --seed\n" in report.read_text()
    assert "abcdefgh" not in report.read_text()


def test_people_are_told_what_it_means_for_their_money(own_folders: Path) -> None:
    crash.report_to(own_folders)
    failure = crash.crashed(ValueError(""), [])
    assert failure.title == "unexpected error: ValueError: "
    assert "Stops that rest on an exchange stay there" in failure.means
    assert failure.code == 1


def test_what_an_error_tells_of_secrets_is_in_no_report(own_folders: Path) -> None:
    hide(["marker-of-a-crash"])
    crash.report_to(own_folders)
    error = ConnectionError("marker-of-a-crash was refused by https://user:pass-of-a-crash@desk")
    failure = crash.crashed(error, ["run", "--strategy=marker-of-a-crash"])
    (report,) = (own_folders / "crashes").iterdir()
    for text in (failure.text(), report.read_text()):
        assert "marker-of-a-crash" not in text
        assert "pass-of-a-crash" not in text
