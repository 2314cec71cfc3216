"""What is printed arrives, or it is known that it did not."""

import io
import os
import subprocess
import sys

import pytest

from radtui.cli import streams


class Broken(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def flush(self) -> None:
        raise self.error


def test_a_text_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    streams.say("a")
    streams.complain("b")
    assert capsys.readouterr() == ("a\n", "b\n")


@pytest.mark.parametrize(
    ("error", "why"), [(BrokenPipeError(), ""), (OSError(28, "No space left on device"), "No space left on device")]
)
def test_lost_output_says_why(error: OSError, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Broken(error))
    with pytest.raises(streams.OutputLost) as lost:
        streams.say("a")
    assert lost.value.why == why
    with pytest.raises(streams.OutputLost):
        streams.flush()


def test_without_standard_error_complaints_do_not_land_on_standard_output(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    streams.complain("b")
    assert capsys.readouterr().out == ""


def fill(terminal: int) -> None:
    """Write until nothing is taken any more."""
    os.set_blocking(terminal, False)
    while True:
        try:
            os.write(terminal, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(terminal, True)


def test_a_terminal_that_takes_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    monkeypatch.setattr(streams, "_PATIENCE", 0.01)
    with os.fdopen(slave, "w") as frozen:
        monkeypatch.setattr(sys, "stderr", frozen)
        streams.complain("one")
        assert os.read(master, 100) == b"one\r\n"
        fill(slave)
        streams.complain("two")
    os.close(master)


def test_all_three_streams_let_a_terminal_go() -> None:
    program = "from radtui.cli import streams; print('before'); streams.let_go(); print('after')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("before\n", "")
