"""What is printed arrives, or it is known that it did not."""

import io
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
