"""A signal that comes before an engine flies ends the command at once, and with a word."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from radtui.cli.before_flight import ended_in_words


def test_afterwards_signals_are_what_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    with ended_in_words():
        assert signal.getsignal(signal.SIGTERM) not in before
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_while_the_exchange_is_looked_at_ends_it_with_a_word(
    own_folders: Path, number: signal.Signals, code: int
) -> None:
    keys = {f"KUCOIN_API_{name}": "0123456789abcdef" for name in ("KEY", "SECRET", "PASSPHRASE")}
    with socket.create_server(("127.0.0.1", 0)) as mute:
        mute.settimeout(30)
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        command = ("run", "--headless", "--exchange", "kucoin", "--kucoin-url", url, "--state", "s")
        flight = subprocess.Popen(
            [sys.executable, "-m", "radtui", *command],
            env={**os.environ, **keys}, cwd=own_folders, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        line, _ = mute.accept()  # it asks, and nobody answers
        flight.send_signal(number)
        said, complained = flight.communicate(timeout=20)
        line.close()
    assert (flight.returncode, said) == (code, "")
    assert f"radtui: {number.name} came before the engine flew" in complained
    assert "Nothing was started and no order was sent." in complained
    assert "Traceback" not in complained
