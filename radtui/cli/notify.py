"""The words of a service manager: one datagram each on the socket that it names (the protocol of ``sd_notify(3)``)."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
STOPPING: Final = "STOPPING=1"
WATCHDOG: Final = "WATCHDOG=1"
_LONGEST: Final = 400
"""Letters of a status line; a manager shows it in one."""


class ServiceManager:
    """Who started this process and wants to hear how it is.

    Attributes:
        watchdog: seconds without `WATCHDOG` after which it takes the process for dead; None where it does not.
    """

    def __init__(self, address: str, watchdog: float | None = None) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.watchdog = watchdog

    @classmethod
    def of(cls, environ: Mapping[str, str], pid: int) -> ServiceManager | None:
        """Return the one that the environment of process `pid` names; None where nobody listens."""
        address = environ.get("NOTIFY_SOCKET", "")
        if not address.startswith(("/", "@")):
            return None
        microseconds, whose = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", str(pid))
        watched = microseconds.isdecimal() and int(microseconds) > 0 and whose == str(pid)
        return cls(address, int(microseconds) / 1e6 if watched else None)

    def tell(self, *words: str) -> bool:
        """Say `words` in one datagram, without ever waiting; return whether it was taken."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.setblocking(False)
                line.sendto("\n".join(words).encode(), self._address)
        except OSError:  # nobody listens, or its queue is full: whoever calls says it again
            return False
        return True


def status(text: str) -> str:
    """Return the word that shows `text`, one line of it, beside the service."""
    return f"STATUS={' '.join(text.split())[:_LONGEST]}"


def extend(seconds: float) -> str:
    """Return the word that asks for so many more `seconds` for what is going on."""
    return f"EXTEND_TIMEOUT_USEC={round(seconds * 1e6)}"
