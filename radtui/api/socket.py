"""The control socket: the listening end, and who is at the other one. Loads nothing of the API."""

from __future__ import annotations

import os
import pwd
import socket
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from radtui.engine.socket_name import socket_name
from radtui.store.lock import private_folder

_BACKLOG: Final = 64
_CREDENTIALS: Final = struct.Struct("3i")
"""``struct ucred`` of unix(7): pid, uid, gid."""


class SocketTaken(Exception):
    """A live process listens there."""


class Peer(NamedTuple):
    """The process at the other end, as the kernel names it; of a listening one, as it was when it began to listen."""

    pid: int
    uid: int

    @property
    def admitted(self) -> bool:
        """Whether it may use this process's control socket: its own user, and root, who needs no leave."""
        return self.uid in {0, os.geteuid()}

    @property
    def user(self) -> str:
        """The user's name; their number where there is none, as in many containers."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return str(self.uid)


def listen(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, for its owner alone (0600); what a dead process left is replaced.

    Nobody can connect before the mode is set: a bound socket refuses until it listens.

    Raises:
        SocketTaken: a live process listens there.
        OSError: it cannot be made there.
    """
    private_folder(path.parent)
    if answers(path):
        raise SocketTaken(f"another process listens at {path}")
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with socket_name(path) as name:
            listener.bind(name)
        path.chmod(0o600)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def connect(path: Path, timeout: float) -> socket.socket:
    """Return a connection to the process that listens at `path`.

    Args:
        timeout: seconds for connecting and for each reading.

    Raises:
        OSError: nobody listens there, or not for us.
    """
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(timeout)
    try:
        with socket_name(path) as name:
            line.connect(name)
    except OSError:
        line.close()
        raise
    return line


def answers(path: Path) -> bool:
    """Return whether a process listens at `path`."""
    try:
        connect(path, 1.0).close()
    except (ConnectionRefusedError, FileNotFoundError):
        return False
    except OSError:  # a full backlog, or no leave: somebody is there
        return path.exists()
    return True


def peer_of(line: socket.socket) -> Peer:
    """Return who is at the other end of a connection.

    Where the system does not tell, the socket's mode has let in nobody but its owner.
    """
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return Peer(0, os.geteuid())
    pid, uid, _ = _CREDENTIALS.unpack(line.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size))
    return Peer(pid, uid)


def forget(path: Path, listener: socket.socket) -> None:
    """Close `listener` and take its name away, unless the name is another's by now."""
    listener.close()
    with suppress(OSError):  # it is gone already, which is what was wanted
        if not answers(path):
            path.unlink()
