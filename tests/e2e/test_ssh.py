"""The cockpit over a real SSH connection: the client may sleep or die, the engine does not notice."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from journals import Facts
from programs import DEADLINE, QUICK, RADTUI, environment
from terminal import Terminal

SSHD = shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin")

_LACKS_ITS_FOLDER = os.geteuid() == 0 and sys.platform == "linux" and not Path("/run/sshd").exists()
_PRIVATE_RUN = 'mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$0" "$@"'
_ALONE = ["unshare", "--mount", "sh", "-c", _PRIVATE_RUN] if _LACKS_ITS_FOLDER else []
"""Root's sshd wants a folder that only a running service has: it gets one of its own, which nobody else sees."""


class Server:
    """An sshd of our own on loopback, with keys and configuration made for this test."""

    def __init__(self, home: Path, sshd: str) -> None:
        self.home = home
        for name in ("host", "user"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / name)], check=True, timeout=DEADLINE
            )
        shutil.copy(home / "user.pub", home / "authorized")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        settings = home / "sshd_config"
        settings.write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nAuthorizedKeysFile {home}/authorized\n"
            f"PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\nPrintMotd no\n"
        )
        with (home / "sshd.log").open("wb") as log:
            self.process = subprocess.Popen(
                [*_ALONE, sshd, "-D", "-e", "-f", str(settings)], stderr=log, stdin=subprocess.DEVNULL
            )

    def answers(self) -> bool:
        """Wait until it accepts connections; False where this machine does not let it run."""
        deadline = time.monotonic() + 5.0
        while self.process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return True
            time.sleep(0.02)
        return False

    def client(self, command: str) -> list[str]:
        """Return the command line of a client that runs `command` on a terminal there."""
        told = {
            "BatchMode": "yes",
            "IdentitiesOnly": "yes",
            "IdentityFile": f"{self.home}/user",
            "LogLevel": "ERROR",
            "StrictHostKeyChecking": "no",
            "UserKnownHostsFile": "/dev/null",
        }
        options = [part for name, value in told.items() for part in ("-o", f"{name}={value}")]
        return ["ssh", "-F", "none", "-tt", *options, "-p", str(self.port), f"{getpass.getuser()}@127.0.0.1", command]

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(DEADLINE)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if SSHD is None or shutil.which("ssh-keygen") is None or shutil.which("ssh") is None:
        pytest.skip("OpenSSH's server is not installed")
    made = Server(tmp_path, SSHD)
    try:
        if not made.answers():
            pytest.skip(f"sshd does not run here: {(tmp_path / 'sshd.log').read_text().strip()}")
        yield made
    finally:
        made.close()


def pid_of_cockpit(state: Path) -> int:
    note = (state / "locks" / "paper-radtui.lock.json").read_text()
    return int(note.partition('"pid":')[2].partition(",")[0])


def gone(pid: int) -> bool:
    """Whether the process has ended; it is not ours, so nobody but the system can be asked."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_client_that_sleeps_and_then_dies_does_not_touch_the_engine(server: Server, tmp_path: Path) -> None:
    state = tmp_path / "state"
    there = environment(tmp_path, COLORTERM="")
    words = [f"{name}={value}" for name, value in there.items() if name != "TERM"]
    command = shlex.join(["env", *words, *RADTUI, *QUICK, "--state", str(state)])
    client = Terminal(server.client(command), environment(tmp_path))
    facts, pid = Facts(state, client.process), 0
    try:
        client.wait_for("○ STOPPED", "q leave")
        client.type("s")
        client.wait_for("● RUNNING", "▲ long")
        assert b"8;2;" not in client.seen  # over SSH the terminal's own colours: they cost a third of the bytes
        pid = pid_of_cockpit(state)
        client.signal(signal.SIGSTOP)
        facts.moves_on(by=12)
        client.signal(signal.SIGCONT)
        client.type("?")
        client.wait_for("─ Help")
        client.signal(signal.SIGKILL)
        client.process.wait(DEADLINE)
        cycles = facts.count("cycles")
        deadline = time.monotonic() + DEADLINE
        while facts.count("cycles") < cycles + 6:
            assert not gone(pid), "the engine died with its client"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.kill(pid, signal.SIGTERM)
        while not gone(pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert facts.rows("SELECT asked_by, success FROM receipts WHERE ask = 'shutdown'") == [("signal:SIGTERM", 1)]
    finally:
        client.close()
        if pid and not gone(pid):
            os.kill(pid, signal.SIGKILL)
