"""The emergency stop's own decisions: the word, the preview, and what follows when the engine falls silent."""

from __future__ import annotations

import contextlib
import io
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from radtui.api.door import Door
from radtui.api.socket import listen
from radtui.cli.emergency import emergency_stop
from radtui.cli.failures import Exit, Failure
from radtui.cli.where import Where
from radtui.core.instruction import Ask, Receipt
from radtui.core.preview import Preview
from radtui.settings.folders import control_folder
from tests.api.callers import Scripted


class Obeying(Scripted):
    """Answers at once: previews with nothing in them, and stops that succeed."""

    previewed = True

    def send(self, ask: Ask, **said: Any) -> Any:
        ack = super().send(ask, **said)
        preview = Preview(at=1) if ask is Ask.PREVIEW and self.previewed else None
        self.receipts[ack.id] = Receipt(
            id=ack.id, ask=ask, success=True, message="done", status="stopped", at=1, preview=preview
        )
        return ack


@pytest.fixture
def engine(own_folders: Path) -> Iterator[Obeying]:
    handle = Obeying()
    door = Door(handle, control_folder() / "scripted.abcdef.sock")
    door.open()
    yield handle
    door.close()


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have a person type."""

    def typed(text: str) -> None:
        terminal = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr(terminal, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stdin", terminal)

    return typed


def asked(engine: Scripted) -> list[Ask]:
    return [each.ask for each in engine.heard]


def test_it_shows_what_it_would_do_and_wants_the_word(
    engine: Obeying, types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    types("STOP\n")
    assert emergency_stop(include_foreign=True) == Exit.DONE
    assert asked(engine) == [Ask.PREVIEW, Ask.EMERGENCY_STOP]
    assert [each.foreign for each in engine.heard] == [True, True]
    assert "nothing of ours is there" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["", "stop\n", "yes\n", "STOPP\n"])
def test_another_word_does_nothing(engine: Obeying, types: Callable[[str], None], typed: str) -> None:
    types(typed)
    with pytest.raises(Failure, match="not confirmed"):
        emergency_stop()
    assert asked(engine) == [Ask.PREVIEW]


def test_a_preview_that_cannot_be_had_is_said_and_asked_over(
    engine: Obeying, types: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    engine.previewed = False
    types("STOP\n")
    assert emergency_stop() == Exit.DONE
    assert "not known yet" in capsys.readouterr().err


def test_without_a_terminal_it_wants_yes(engine: Obeying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("STOP\n"))
    with pytest.raises(Failure) as failed:
        emergency_stop()
    assert failed.value.code == Exit.USAGE
    assert emergency_stop(yes=True) == Exit.DONE
    assert asked(engine) == [Ask.EMERGENCY_STOP]


def test_where_no_engine_and_no_journal_is_it_says_so(own_folders: Path) -> None:
    with pytest.raises(Failure, match="there is no journal") as failed:
        emergency_stop(where=Where(state=own_folders / "s"), yes=True)
    assert failed.value.code == Exit.NO_ENGINE


def test_an_engine_that_falls_silent_and_cannot_be_followed_is_not_safe(own_folders: Path) -> None:
    listener = listen(control_folder() / "scripted.abcdef.sock")
    rude = Thread(target=_hang_up, args=(listener,), daemon=True)
    rude.start()
    try:
        with pytest.raises(Failure, match="cannot take over") as failed:
            emergency_stop(where=Where(state=own_folders / "s"), yes=True)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        rude.join(5)
        listener.close()
    assert failed.value.code == Exit.NOT_SAFE


def _hang_up(listener: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            listener.accept()[0].close()
