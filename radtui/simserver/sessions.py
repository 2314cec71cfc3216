"""All connections of the server: who may open one, and who hears what is said under a topic."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from radtui.core.market import MINUTE
from radtui.simserver.frames import AWAY, BAD_TOKEN, LIMIT, POLICY, Close, write
from radtui.simserver.session import Session
from radtui.simserver.tokens import Grant, Tokens
from radtui.simserver.topics import Wanted, parse

MOST_CONNECTIONS: Final = 50
MOST_A_MINUTE: Final = 30

Greeting = Callable[[Session, str], None]
"""Says to a session what it should know at once about a topic that it has just joined."""


class Sessions:
    """The open connections, by what they listen to. Implements `radtui.simserver.session.Hub`.

    Args:
        symbols: the contracts that trade here.
        greet: called with a session and a topic right after its subscription.
    """

    def __init__(self, tokens: Tokens, symbols: Collection[str]) -> None:
        self.greet: Greeting = lambda session, topic: None
        self._tokens = tokens
        self._symbols = frozenset(symbols)
        self._open: dict[Session, None] = {}
        self._listening: dict[str, dict[Session, None]] = {}
        self._opened: deque[int] = deque()

    @property
    def open_sessions(self) -> tuple[Session, ...]:
        """The connections that are open."""
        return tuple(self._open)

    def __len__(self) -> int:
        return len(self._open)

    def open(self, token: str, connect_id: str, at: int) -> Session:
        """Return a new connection. One that is not admitted is closing already, and says why in an error frame."""
        grant = self._tokens.grant(token)
        session = Session(grant or Grant(token, private=False, expires_at=at), connect_id, self, at)
        refusal = self._refusal(grant, at)
        if refusal is None:
            self._opened.append(at)
            self._open[session] = None
        else:
            session.take()
            session.fail(connect_id, *refusal)
            session.close(Close(POLICY, refusal[1]))
        return session

    def closed(self, session: Session) -> None:
        """Forget a connection whose socket is gone."""
        session.close(Close(AWAY, "the client has left"))
        self._open.pop(session, None)

    def look(self, at: int) -> None:
        """Let time pass for every connection."""
        for session in list(self._open):
            session.look(at)

    def close_all(self, close: Close) -> None:
        """End every connection."""
        for session in list(self._open):
            session.close(close)

    def wants(self, topic: str) -> bool:
        """Return whether anybody listens to a topic."""
        return topic in self._listening

    @property
    def wanted(self) -> tuple[str, ...]:
        """Every topic that somebody listens to."""
        return tuple(self._listening)

    def publish(self, topic: str, message: Mapping[str, Any], only: Session | None = None) -> None:
        """Say a message to everybody who listens to `topic`, or to one of them alone."""
        listening = self._listening.get(topic)
        if not listening:
            return
        frame = write({"topic": topic, "type": "message", **message})

        def body(tunnel: str) -> str:
            return write({"topic": topic, "type": "message", **message, "tunnelId": tunnel})

        for session in [only] if only else list(listening):
            session.say(topic, frame, body)

    def parse(self, topic: str) -> Wanted:
        """Return the topics that a text names.

        Raises:
            TopicRefused: there are none of that name.
        """
        return parse(topic, self._symbols)

    def joined(self, session: Session, topic: str) -> None:
        """Send the session what is said under a topic from now on."""
        self._listening.setdefault(topic, {})[session] = None
        self.greet(session, topic)

    def left(self, session: Session, topic: str) -> None:
        """Send it no longer."""
        listening = self._listening.get(topic, {})
        listening.pop(session, None)
        if not listening:
            self._listening.pop(topic, None)

    def _refusal(self, grant: Grant | None, at: int) -> tuple[int, str] | None:
        if grant is None:
            return BAD_TOKEN, "token is invalid"
        if at >= grant.expires_at:
            return BAD_TOKEN, "token is expired"
        while self._opened and self._opened[0] <= at - MINUTE:
            self._opened.popleft()
        if len(self._open) >= MOST_CONNECTIONS:
            return LIMIT, f"exceed max connection count limitation of {MOST_CONNECTIONS}"
        if len(self._opened) >= MOST_A_MINUTE:
            return LIMIT, f"exceed max connection count limitation of {MOST_A_MINUTE} per minute"
        return None
