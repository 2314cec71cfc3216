"""Channels by apprise: e-mail, SMS, Telegram, Slack, Discord, webhooks, the desktop, and some hundred others (row S11).

The library is loaded in the channel's own thread, when something is sent for the first time. Its log is never let
out: it may hold the address, which is a secret.
"""

from __future__ import annotations

import logging
from threading import Lock, current_thread
from typing import Any, Final

from radtui.core.alert_view import Severity
from radtui.health.channels.address import hidden, kind_of, secrets_in
from radtui.health.channels.channel import Undelivered
from radtui.health.channels.message import Message

_KINDS: Final = {None: "success", Severity.WARNING: "warning", Severity.ERROR: "failure", Severity.ALARM: "failure"}
_LOUD: Final = ("apprise", "requests", "requests_oauthlib", "oauthlib", "urllib3")
"""Loggers that are kept to themselves while something is sent."""


class AppriseCarrier:
    """Sends to one address.

    Attributes:
        kind: of the address, for people.
    """

    def __init__(self, url: str) -> None:
        self.kind = kind_of(url)
        self._url = url.strip()
        self._secrets = secrets_in(url)
        self._sender: Any = None
        self._lock = Lock()

    def carry(self, message: Message) -> None:
        """Deliver.

        Raises:
            Undelivered: the address is none, or the other end did not take it.
        """
        heard = _heard()
        with self._lock:
            self._sender = self._sender or _made(self._url)
        took = self._sender.notify(title=message.title, body=message.body, notify_type=_KINDS[message.severity])
        said = heard.taken()
        if not took:
            raise Undelivered(hidden(said, self._secrets) or "it was not taken")


def understood(url: str) -> bool:
    """Return whether something can be sent to an address, as far as that is seen without sending; loads the library."""
    heard = _heard()
    try:
        _made(url.strip())
    except Undelivered:
        return False
    finally:
        heard.taken()
    return True


def _made(url: str) -> Any:
    """Return what sends to an address.

    Raises:
        Undelivered: there is no such thing.
    """
    try:
        import apprise
    except ImportError:
        raise Undelivered("the library apprise is not installed: pip install apprise") from None
    asset = apprise.AppriseAsset(app_id="radtui", app_desc="radtui", secure_logging=True)
    # Its own front has threads that keep a process from ending; what it puts in front of is asked directly.
    made = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if made is None:
        _heard().taken()  # it shows the first and the last letter of a password
        raise Undelivered(f"its address ({kind_of(url)}://…) is none that apprise understands")
    return made


class _Heard(logging.Handler):
    """Keeps what the library says in each thread, and lets nothing of it out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._said: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self._said[current_thread().name] = record.getMessage().strip()

    def taken(self) -> str:
        """Return the last that was said in this thread."""
        return self._said.pop(current_thread().name, "")


_handler: Final = _Heard()


def _heard() -> _Heard:
    for name in _LOUD:
        logger = logging.getLogger(name)
        logger.propagate = False
        if _handler not in logger.handlers:  # one without any would write to stderr
            logger.addHandler(_handler)
    return _handler
