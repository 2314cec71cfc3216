"""One WebSocket connection as a state machine: text in, frames out. No socket, no clock, no waiting.

Whoever carries the bytes calls `receive` with what arrived, sends what `take` returns whenever `woken` is called, and
closes the socket once `closing` is set and everything before it was sent.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Protocol

from radtui.core.market import SECOND
from radtui.simserver.frames import (
    BAD_REQUEST,
    BAD_TOKEN,
    BAD_TYPE,
    LIMIT,
    LOGIN,
    POLICY,
    TOO_SLOW,
    Asked,
    Close,
    NotAMessage,
    read,
    write,
)
from radtui.simserver.tokens import Grant
from radtui.simserver.topics import TopicRefused, Wanted

PING_INTERVAL: Final = 18_000
"""Milliseconds between two pings, as the bullet answer asks for."""
PING_TIMEOUT: Final = 10_000
"""Milliseconds a client should wait for a pong, as the bullet answer says."""
SILENCE: Final = 60 * SECOND
"""Without a ping for so long a connection is dropped."""
MOST_MESSAGES: Final = 100
MESSAGE_WINDOW: Final = 10 * SECOND
MOST_A_TIME: Final = 100
"""Topics in one subscribe."""
MOST_TOPICS: Final = 300
"""Topics of one connection."""
MOST_TUNNELS: Final = 5
MOST_WAITING: Final = 5_000
"""Frames that wait for a slow reader before it is dropped."""


class Hub(Protocol):
    """What a session needs of those who speak to all sessions."""

    def parse(self, topic: str) -> Wanted:
        """Return the topics that a text names.

        Raises:
            TopicRefused: there are none of that name.
        """
        ...

    def joined(self, session: Session, topic: str) -> None:
        """Send the session what is said under a topic from now on."""
        ...

    def left(self, session: Session, topic: str) -> None:
        """Send it no longer."""
        ...


class Session:
    """The server's side of one connection.

    Attributes:
        closing: set once the server wants it closed; nothing is received or said after that.
        woken: called whenever there is something to send or to close.
    """

    def __init__(self, grant: Grant, connect_id: str, hub: Hub, at: int) -> None:
        self.grant = grant
        self.closing: Close | None = None
        self.woken: Callable[[], None] = lambda: None
        self._hub = hub
        self._connect_id = connect_id
        self._topics: dict[str, dict[str, None]] = {}
        self._tunnels: dict[str, None] = {}
        self._waiting: deque[str] = deque()
        self._received: deque[int] = deque()
        self._heard_at = at
        self._tell({"id": connect_id, "type": "welcome"})

    @property
    def topics(self) -> tuple[str, ...]:
        """What it is subscribed to."""
        return tuple(self._topics)

    def receive(self, text: str | bytes, at: int) -> None:
        """Take one message of the client. Whatever it is, it is answered by frames, never by an exception."""
        if self.closing is not None:
            return
        try:
            asked = read(text)
        except NotAMessage:
            self.fail("", BAD_REQUEST, "the message is not valid JSON")
            return
        if self._too_many(at):
            self.fail(asked.name, LIMIT, f"exceed max permits: {MOST_MESSAGES} messages in 10 s")
            return
        self._carry_out(asked, at)

    def say(self, topic: str, frame: str, body: Callable[[str], str]) -> None:
        """Send a message of a topic it is subscribed to; `body` makes the frame of a tunnel."""
        for tunnel in self._topics.get(topic, ()):
            self._push(body(tunnel) if tunnel else frame)

    def take(self) -> list[str]:
        """Return the frames to send, in order, and forget them."""
        frames = list(self._waiting)
        self._waiting.clear()
        return frames

    def look(self, at: int) -> None:
        """Let time pass: a silent client is dropped, and so is one whose token has run out."""
        if self.closing is not None:
            return
        if at - self._heard_at > SILENCE:
            self.fail("", BAD_REQUEST, "ping timeout")
            self.close(Close(POLICY, "ping timeout"))
        elif at >= self.grant.expires_at:
            self.fail(self._connect_id, BAD_TOKEN, "token is expired")
            self.close(Close(POLICY, "token is expired"))

    def fail(self, name: str, code: int, why: str) -> None:
        """Send an error frame."""
        self._tell({"id": name, "type": "error", "code": code, "data": why})

    def close(self, close: Close) -> None:
        """End it: what waits is still sent, nothing new is."""
        if self.closing is None:
            self.closing = close
            for topic in self._topics:
                self._hub.left(self, topic)
            self._topics.clear()
            self.woken()

    def _carry_out(self, asked: Asked, at: int) -> None:
        match asked.type:
            case "ping":
                self._heard_at = at
                self._tell({"id": asked.name, "type": "pong"})
            case "subscribe":
                self._subscribe(asked)
            case "unsubscribe":
                self._unsubscribe(asked)
            case "openTunnel":
                self._open_tunnel(asked)
            case "closeTunnel":
                self._close_tunnel(asked)
            case _:
                self.fail(asked.name, BAD_TYPE, "type is not supported")

    def _subscribe(self, asked: Asked) -> None:
        wanted = self._wanted(asked)
        if wanted is None:
            return
        new = [topic for topic in wanted.topics if topic not in self._topics]
        if len(wanted.topics) > MOST_A_TIME:
            self.fail(asked.name, LIMIT, f"exceed max subscription count limitation of {MOST_A_TIME} per time")
            return
        if len(self._topics) + len(new) > MOST_TOPICS:
            self.fail(asked.name, LIMIT, f"exceed max subscription count limitation of {MOST_TOPICS} per session")
            return
        for topic in wanted.topics:
            self._topics.setdefault(topic, {})[asked.tunnel] = None
        self._acknowledge(asked)
        for topic in new:
            self._hub.joined(self, topic)

    def _unsubscribe(self, asked: Asked) -> None:
        wanted = self._wanted(asked)
        if wanted is None:
            return
        for topic in wanted.topics:
            self._drop(topic, asked.tunnel)
        self._acknowledge(asked)

    def _wanted(self, asked: Asked) -> Wanted | None:
        try:
            wanted = self._hub.parse(asked.topic)
        except TopicRefused as refused:
            self.fail(asked.name, refused.code, refused.message)
            return None
        if wanted.private and not (self.grant.private and asked.privately):
            self.fail(asked.name, LOGIN, "login is required")
            return None
        if asked.tunnel and asked.tunnel not in self._tunnels:
            self.fail(asked.name, BAD_REQUEST, f"tunnelId {asked.tunnel} is not open")
            return None
        return wanted

    def _open_tunnel(self, asked: Asked) -> None:
        if not asked.new_tunnel:
            self.fail(asked.name, BAD_REQUEST, "newTunnelId is required")
        elif asked.new_tunnel not in self._tunnels and len(self._tunnels) >= MOST_TUNNELS:
            self.fail(asked.name, LIMIT, f"exceed max tunnel count limitation of {MOST_TUNNELS}")
        else:
            self._tunnels[asked.new_tunnel] = None
            self._acknowledge(asked)

    def _close_tunnel(self, asked: Asked) -> None:
        if asked.tunnel not in self._tunnels:
            self.fail(asked.name, BAD_REQUEST, f"tunnelId {asked.tunnel} is not open")
            return
        del self._tunnels[asked.tunnel]
        for topic in list(self._topics):
            self._drop(topic, asked.tunnel)
        self._acknowledge(asked)

    def _drop(self, topic: str, tunnel: str) -> None:
        tunnels = self._topics.get(topic)
        if tunnels is None:
            return
        tunnels.pop(tunnel, None)
        if not tunnels:
            del self._topics[topic]
            self._hub.left(self, topic)

    def _acknowledge(self, asked: Asked) -> None:
        if asked.expects_ack:
            self._tell({"id": asked.name, "type": "ack"})

    def _too_many(self, at: int) -> bool:
        while self._received and self._received[0] <= at - MESSAGE_WINDOW:
            self._received.popleft()
        if len(self._received) >= MOST_MESSAGES:
            return True
        self._received.append(at)
        return False

    def _tell(self, frame: dict[str, Any]) -> None:
        self._push(write(frame))

    def _push(self, frame: str) -> None:
        if self.closing is not None:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting.clear()
            self.close(Close(TOO_SLOW, "the reader is too slow"))
            return
        self._waiting.append(frame)
        self.woken()
