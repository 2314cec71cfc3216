"""Who is told, when and of what: written by people, checked before anything flies, and secret where it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from radtui.core.alert_view import Severity
from radtui.core.market import MINUTE, SECOND
from radtui.health.alerts.policy import Policy
from radtui.health.alerts.quiet import Quiet
from radtui.settings.loading import Loaded, SettingsRefused, load
from radtui.settings.tree import Settings

MARKER = "hunter2MarkerSecret"


def written(text: str, folder: Path, **environ: str) -> Loaded:
    (folder / "c.toml").write_text(text)
    return load(config=folder / "c.toml", environ=environ, folder=folder)


def refused(text: str, folder: Path, **environ: str) -> str:
    with pytest.raises(SettingsRefused) as wrong:
        written(text, folder, **environ)
    return str(wrong.value)


def test_the_defaults_are_those_of_the_policy() -> None:
    assert Settings().alerts.policy == Policy()


def test_all_of_it_can_be_written(tmp_path: Path) -> None:
    text = """
    [alerts]
    cooldown = 60
    repeat = 0
    least = "error"
    muted = ["feed-latency", "slow-cycles"]
    quiet_from = "22:30"
    quiet_to = "07:05"
    quiet_zone = "Europe/Berlin"
    quiet_passes = "error"
    """
    assert written(text, tmp_path).settings.alerts.policy == Policy(
        cooldown=MINUTE,
        repeat=0 * SECOND,
        least=Severity.ERROR,
        muted=("feed-latency", "slow-cycles"),
        quiet=Quiet(22 * 60 + 30, 7 * 60 + 5, "Europe/Berlin", Severity.ERROR),
    )


def test_channels_may_stand_in_the_environment_and_are_never_shown(tmp_path: Path) -> None:
    loaded = written(
        f'[alerts.channels]\nmail = "mailto://bob:{MARKER}@example.org"\n',
        tmp_path,
        RADTUI_ALERTS__CHANNELS__PHONE=f"tgram://123456789:{MARKER}/99",
        RADTUI_ALERTS__MUTED="feed-latency, slow-cycles",
    )
    channels = loaded.settings.alerts.channels
    assert {name: MARKER in url.get_secret_value() for name, url in channels.items()} == {"mail": True, "phone": True}
    assert loaded.settings.alerts.muted == ("feed-latency", "slow-cycles")
    assert MARKER not in f"{loaded.rows()}{loaded.settings!r}{loaded.entries}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('quiet_from = "25:00"\nquiet_to = "07:00"', "a time such as 22:30"),
        ('quiet_from = "22:00"', "belong together"),
        ('quiet_to = "22:00"', "belong together"),
        ('quiet_zone = "Europe/Nowhere"', "a time zone such as UTC"),
        ('quiet_zone = "../../etc/passwd"', "a time zone such as UTC"),
        ('quiet_zone = "Europe"', "a time zone such as UTC"),
        ('muted = ["no-such-rule"]', "position-bare"),
        ('least = "loud"', "one of warning, error, alarm"),
        ("cooldown = 0", "from 1 to"),
        ("repeat = 0.001", "0, or a number from 60 to 86400"),
        (f'[alerts.channels]\nmail = "{MARKER}"', "an address that apprise understands"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_without_the_secret(text: str, said: str, tmp_path: Path) -> None:
    told = refused(f"[alerts]\n{text}\n", tmp_path)
    assert said in told
    assert MARKER not in told
