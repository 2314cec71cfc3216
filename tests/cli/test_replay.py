"""``radtui replay``: recordings of real flights, and what its exit code says of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from radtui.cli.failures import Exit, Failure
from radtui.cli.replay import replay
from radtui.core.events import Restored
from radtui.core.market import SECOND
from radtui.core.trading import Trading
from radtui.store.recording import opened
from tests.cli.conftest import Run
from tests.core.makers import NOW
from tests.store.recordings import recorded, story


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the recording of one start in many segments."""
    made = tmp_path / "t" / "20231114T221320.000Z"
    made.mkdir(parents=True)
    for number, content in enumerate(recorded(story(60), segment=1, each=True), 1):
        (made / f"{number:04}.radrec").write_bytes(content)
    return made


def document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (only,) = json.loads(capsys.readouterr().out)["recordings"]
    assert isinstance(only, dict)
    return only


def test_a_virtual_flight_is_recorded_and_replayed(run: Run, own_folders: Path) -> None:
    flight = run("run", "--headless", "--virtual", "--for", "900", "--record", "tape", "--log-level", "error")
    assert flight.returncode == 0, flight.stderr
    again = run("replay", "tape", "--json")
    assert again.returncode == 0, again.stderr
    (found,) = json.loads(again.stdout)["recordings"]
    assert found["same"] is True
    assert found["replayed"] == found["events"] > 1_000
    assert found["kinds"]["PriceMoved"] > 500
    assert found["receipts"][-1].startswith("shutdown")
    text = run("replay", "tape")
    assert text.stdout.endswith("the same: core answers every event as it did then\n")


def test_without_being_asked_a_virtual_flight_leaves_nothing(run: Run, own_folders: Path) -> None:
    assert run("run", "--headless", "--virtual", "--for", "60").returncode == 0
    assert not list(own_folders.rglob("*.radrec"))


def test_a_flight_that_was_killed_and_the_one_after_it(run: Run, own_folders: Path) -> None:
    state = own_folders / "state"
    command = [sys.executable, "-m", "radtui", "run", "--headless", "--state", str(state), "--log-level", "error"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=dict(os.environ)) as killed:
        until = time.monotonic() + 40
        while not any(path.stat().st_size > 2_000 for path in state.rglob("*.radrec")):
            assert time.monotonic() < until, "nothing was recorded"
            assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)
    after = run("run", "--headless", "--state", str(state), "--for", "2", "--log-level", "error")
    assert after.returncode == 0, after.stderr
    again = run("replay", str(state), "--json")
    assert again.returncode == 0, again.stdout
    first, second = json.loads(again.stdout)["recordings"]
    assert first["same"] is True
    assert second["same"] is True
    assert not any(receipt.startswith("shutdown") for receipt in first["receipts"])
    assert second["kinds"]["Restored"] == 1
    for path in state.rglob("*.radrec"):
        assert path.stat().st_mode & 0o777 == 0o600


def test_the_same_is_0_and_says_what_was_flown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replay(folder) == Exit.DONE
    said = capsys.readouterr().out
    assert f"{len(story(60))} events, 2023-11-14 22:13:20.000 UTC" in said
    assert "Place" in said
    assert "receipt: start: Bot started" in said


def test_a_difference_is_1_and_says_where(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    original = Trading.accepted

    def changed(self: Trading, event: object) -> None:
        self.desk.trouble("changed", "on purpose", "test")
        original(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(Trading, "accepted", changed)
    assert replay(folder) == Exit.REFUSED
    said = capsys.readouterr().out
    assert "DIFFERENT at event 8, OrderAccepted at 2023-11-14 22:13:20.000 UTC" in said
    assert "on purpose" in said
    assert "as core is now" in said
    assert replay(folder, as_json=True) == Exit.REFUSED
    found = document(capsys)
    assert found["same"] is False
    assert found["diverged"]["sequence"] == 8  # type: ignore[index]


@pytest.mark.parametrize("until", ["12", "2023-11-14T22:13:21", "2023-11-14T23:13:21+01:00"])
def test_it_ends_where_it_is_told(folder: Path, capsys: pytest.CaptureFixture[str], until: str) -> None:
    assert replay(folder, until=until, as_json=True) == Exit.DONE
    found = document(capsys)
    assert found["events"] == 12
    assert found["to"] == NOW + 1_000_000_000


@pytest.mark.parametrize("until", ["0", "2020-01-01T00:00:00"])
@pytest.mark.parametrize("as_json", [False, True])
def test_where_nothing_lies_before_the_end_that_was_asked_for_it_says_so(
    folder: Path, capsys: pytest.CaptureFixture[str], until: str, as_json: bool
) -> None:
    with pytest.raises(Failure, match=f"--until {until}: no event lies before it") as failed:
        replay(folder, until=until, as_json=as_json)
    assert failed.value.code == Exit.USAGE
    assert "begins with event 1, of the start of 2023-11-14 22:13:20.000 UTC" in failed.value.means
    assert capsys.readouterr().out == ""


def test_a_start_after_the_moment_that_was_asked_for_is_named_and_not_called_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = folder.with_name("20231114T231320.000Z")
    later.mkdir()
    for number, content in enumerate(recorded([Restored(NOW + 3_600 * SECOND)]), 1):
        (later / f"{number:04}.radrec").write_bytes(content)
    assert replay(folder.parent, until="2023-11-14T22:30:00") == Exit.DONE
    first, second = capsys.readouterr().out.split("\n\n")
    assert "the same: core answers" in first
    assert second.rstrip().endswith("no event lies in what was asked for")
    assert "1970" not in second
    assert replay(folder.parent, until="2023-11-14T22:30:00", as_json=True) == Exit.DONE
    _, second_document = json.loads(capsys.readouterr().out)["recordings"]
    assert (second_document["from"], second_document["to"], second_document["snapshot"]) == (None, None, None)


def test_one_segment_from_the_middle_is_replayed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    middle = sorted(folder.iterdir())[30]
    assert opened(middle).head.first > 1
    assert replay(middle) == Exit.DONE
    assert "replayed" in capsys.readouterr().out


def test_masked_texts_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from radtui.store.masking import Redaction

    redaction = Redaction(suspects=lambda raw: b"test" in raw, redact=lambda text: text.replace("test", "••••"))
    path = tmp_path / "0001.radrec"
    path.write_bytes(recorded(story(3), redaction=redaction)[0])
    assert replay(path) == Exit.DONE
    assert "texts were masked" in capsys.readouterr().out


def test_what_is_no_recording_is_2(tmp_path: Path) -> None:
    (tmp_path / "0001.radrec").write_text("hello")
    for where in (tmp_path, tmp_path / "0001.radrec", tmp_path / "absent"):
        with pytest.raises(Failure) as refused:
            replay(where)
        assert refused.value.code == Exit.USAGE


def test_a_lone_segment_without_a_state_is_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from radtui.core.core import Core
    from radtui.store.checkpoint import NoCheckpoint

    def impossible(core: Core) -> bytes:
        raise NoCheckpoint("on purpose")

    monkeypatch.setattr("radtui.engine.tap.take", impossible)
    path = tmp_path / "0009.radrec"
    path.write_bytes(recorded(story(10), segment=1, each=True)[8])
    with pytest.raises(Failure, match="cannot be replayed"):
        replay(path)


@pytest.mark.parametrize("until", ["soon", "-3", "2023-99-01"])
def test_an_end_that_is_none_is_2(folder: Path, until: str) -> None:
    with pytest.raises(Failure) as refused:
        replay(folder, until=until)
    assert refused.value.code == Exit.USAGE


def test_a_number_needs_one_start(folder: Path) -> None:
    other = folder.parent / "20231114T221321.000Z"
    other.mkdir()
    (other / "0001.radrec").write_bytes(recorded(story(1))[0])
    with pytest.raises(Failure, match="one start"):
        replay(folder.parent, until="12")
    assert replay(folder.parent) == Exit.DONE
