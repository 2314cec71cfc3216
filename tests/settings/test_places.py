"""The folders follow the settings."""

from pathlib import Path

from radtui.settings.layers import Entry, Layer
from radtui.settings.places import places
from radtui.settings.tree import Settings


def test_the_platforms_own_unless_a_setting_says_otherwise(own_folders: Path, tmp_path: Path) -> None:
    usual = places(Settings())
    assert usual.state == own_folders / "state" / "radtui"
    assert usual.log == usual.state / "radtui.log"
    assert usual.themes == own_folders / "config" / "radtui" / "themes"
    assert not usual.state.exists()
    chosen = places(
        Settings.of([Layer.of([Entry("paths.state", str(tmp_path), "here"), Entry("log.file", "x.log", "here")])])
    )
    assert chosen.state == tmp_path
    assert chosen.log == Path.cwd() / "x.log"
