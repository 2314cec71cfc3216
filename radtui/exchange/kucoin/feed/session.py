"""What is said on one connection: welcome, pings, subscriptions and their acks. Pure: no I/O, no clock.

Bytes and times go in, texts and happenings come out, as in python-websockets' own protocol object; `connection.py` is
the thin rim that moves them. Times are monotonic nanoseconds.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import Final
from urllib.parse import urlencode

import msgspec

from radtui.core.market import HOUR, SECOND
from radtui.exchange.kucoin.feed.figures import Figures
from radtui.exchange.kucoin.feed.pace import MESSAGES, Pace
from radtui.exchange.kucoin.feed.topics import Topic, home
from radtui.exchange.kucoin.wire.feed import Frame
from radtui.exchange.kucoin.wire.frames import Ping, Request, any_frame, text
from radtui.resilience.redaction import named

Route = Callable[[bytes, int], None]
"""Takes a whole frame of one topic and when it came; raises ValueError where it cannot be read."""

BATCH: Final = 100
"""Topics in one request."""
NEVER: Final = 1 << 62
SHORTEST: Final = 1.0
"""Seconds of the shortest ping interval that is heeded."""
_HEAD: Final = b'{"topic":"'
_START: Final = len(_HEAD)
_TOKEN_REFUSED: Final = 401
_NO_SUCH: Final = frozenset({"400", "403", "404", "406", "415"})
"""Errors that say of a topic that it will not be had, however often it is asked for."""
_FULL: Final = "509"


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """Where a socket is opened, and with which token; intervals in seconds. The token is a secret."""

    endpoint: str
    token: str
    ping_interval: float
    ping_timeout: float

    def url(self, connect_id: str) -> str:
        """Return the address of a new socket, token included."""
        joint = "&" if "?" in self.endpoint else "?"
        return f"{self.endpoint}{joint}{urlencode({'token': self.token, 'connectId': connect_id})}"

    def __repr__(self) -> str:
        return f"Ticket(endpoint={self.endpoint!r}, token='••••')"


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """How long things may take, in seconds, and how much nonsense is borne.

    Attributes:
        welcome: from the open socket to the welcome.
        ack: from a request to its ack.
        garbage: frames in a row that cannot be read.
        life: the exchange ends a connection after 24 h; it is renewed before.
    """

    opening: float = 10.0
    sending: float = 10.0
    welcome: float = 10.0
    ack: float = 10.0
    garbage: int = 3
    life: float = 23.5 * HOUR / SECOND


class Welcomed(msgspec.Struct, frozen=True):
    """The exchange is ready to be asked."""


class Acked(msgspec.Struct, frozen=True):
    """These topics are subscribed: everything from now on is told."""

    topics: tuple[Topic, ...]


class Refusal(msgspec.Struct, frozen=True):
    """The exchange will not give this topic; `full` where it may give it on another connection."""

    topic: Topic
    code: str
    why: str
    full: bool = False


class Unread(msgspec.Struct, frozen=True):
    """A frame could not be read: nobody knows what it said, nor always of which topic."""

    why: str


Happening = Welcomed | Acked | Refusal | Unread


class _Asked(msgspec.Struct):
    """A request of ours; `due` is when its ack is overdue, once it was sent."""

    request: Request
    topics: tuple[Topic, ...]
    due: int = NEVER


class Session:
    """The conversation on one open socket.

    Attributes:
        happenings: what came about, for the rim to take away.
        ended: why nothing more can come of it; empty while it lives.
        renewal: whether it ended as planned.
    """

    def __init__(self, ticket: Ticket, now: int, figures: Figures, terms: Terms) -> None:
        self.figures = figures
        self.happenings: list[Happening] = []
        self.ended = ""
        self.renewal = False
        self._terms = terms
        self._ping_interval, self._ping_timeout = _interval(ticket.ping_interval), _interval(ticket.ping_timeout)
        self._routes: dict[bytes, Route] = {}
        self._newest: dict[str, str] = {}
        self._welcome_due = now + _ns(terms.welcome)
        self._over_at = now + _ns(terms.life)
        self._ping_at, self._pong_due = NEVER, NEVER
        self._ping_id, self._pinged_at = "", 0
        self._ids = count(1)
        self._pace = Pace(*MESSAGES)
        self._unsent: deque[_Asked] = deque()
        self._asked: dict[str, _Asked] = {}
        self._garbage = 0

    @property
    def welcomed(self) -> bool:
        """Whether the exchange has said that it may be asked."""
        return self._welcome_due == NEVER

    def subscribe(self, topics: Iterable[tuple[Topic, Route]]) -> None:
        """Ask for topics; each frame of one goes to its route from now on."""
        wanted = []
        for topic, route in topics:
            self._routes[topic.name.encode()] = route
            wanted.append(topic)
        self._ask("subscribe", wanted)

    def unsubscribe(self, topics: Sequence[Topic]) -> None:
        """Ask for no more of these topics; what still comes of them is ignored."""
        for topic in topics:
            self._routes.pop(topic.name.encode(), None)
            self._newest.pop(topic.name, None)
        self._ask("unsubscribe", topics)

    def receive(self, data: bytes, now: int) -> bool:
        """Take one frame and return whether there is something to do: happenings, texts to send, or the end."""
        figures = self.figures
        figures.frames += 1
        figures.heard_at = now
        if data.startswith(_HEAD):  # nearly always: a message of a topic that was asked for
            route = self._routes.get(data[_START : data.find(b'"', _START)])
            if route is not None:
                try:
                    route(data, now)
                except ValueError as error:  # msgspec's own are ValueErrors too
                    return self._garbled(error)
                self._garbage = 0
                return False
        return self._heed(data, now)

    def tick(self, now: int) -> None:
        """Notice what is due by now; the rim calls it whenever `deadline` has come."""
        if now >= self._welcome_due:
            self._end(f"no welcome within {self._terms.welcome:g} s")
        elif now >= self._pong_due:
            self._end(f"no answer to a ping within {self._ping_timeout / SECOND:g} s: the connection is dead")
        elif any(now >= asked.due for asked in self._asked.values()):
            self._end(f"no answer to a subscription within {self._terms.ack:g} s")
        elif now >= self._over_at:
            self.renewal = True
            self._end("renewed before the exchange ends it after 24 h")

    def outgoing(self, now: int) -> Iterator[str]:
        """Yield what is to be sent now, as far as the exchange's limit on messages admits."""
        if now >= self._ping_at and self._pong_due == NEVER:
            self._ping_id, self._pinged_at = str(next(self._ids)), now
            self._ping_at, self._pong_due = now + self._ping_interval, now + self._ping_timeout
            self._pace.take(now)
            yield text(Ping(id=self._ping_id))
        while self.welcomed and self._unsent and self._pace.ready_at(now) <= now:
            asked = self._unsent.popleft()
            asked.due = now + _ns(self._terms.ack)
            self._asked[asked.request.id] = asked
            self._pace.take(now)
            yield text(asked.request)

    def deadline(self, now: int) -> int:
        """Return when the rim must look again although nothing came."""
        waiting = self._pace.ready_at(now) if self._unsent and self.welcomed else NEVER
        acks = min((asked.due for asked in self._asked.values()), default=NEVER)
        ping = self._ping_at if self._pong_due == NEVER else NEVER
        return min(self._welcome_due, ping, self._pong_due, acks, waiting, self._over_at)

    def _ask(self, what: str, topics: Sequence[Topic]) -> None:
        for batch in _batches(topics):
            names = ",".join(topic.suffix for topic in batch)
            name = f"{batch[0].base}:{names}" if names else batch[0].base
            request = Request(id=str(next(self._ids)), type=what, topic=name, private_channel=batch[0].private)
            self._unsent.append(_Asked(request, batch))
            if what == "subscribe":
                self._newest.update((topic.name, request.id) for topic in batch)

    def _heed(self, data: bytes, now: int) -> bool:
        """Take a frame of the connection itself, or one that is written in an unusual order."""
        try:
            frame = any_frame(data)
        except ValueError as error:
            return self._garbled(error)
        if frame.topic and frame.type == "message":
            return self._message(frame, data, now)
        self._garbage = 0
        answer = {"welcome": self._welcome, "pong": self._pong, "ack": self._ack, "error": self._error}.get(frame.type)
        if answer is None:
            self.figures.errors += 1
            return False
        answer(frame, now)
        return True

    def _message(self, frame: Frame, data: bytes, now: int) -> bool:
        route = self._routes.get(frame.topic.encode()) or self._routes.get(home(frame.topic).encode())
        if route is None:  # it was on its way when the subscription ended
            return False
        try:
            route(data, now)
        except ValueError as error:
            return self._garbled(error)
        self._garbage = 0
        return False

    def _welcome(self, frame: Frame, now: int) -> None:
        if self.welcomed:
            return
        self._welcome_due = NEVER
        self._ping_at = now  # at once: it tells the latency, and that the other side listens
        self.figures.opened(now)
        self.happenings.append(Welcomed())

    def _pong(self, frame: Frame, now: int) -> None:
        if str(frame.id) == self._ping_id and self._pong_due != NEVER:
            self._pong_due = NEVER
            self.figures.ponged(now, now - self._pinged_at)

    def _ack(self, frame: Frame, now: int) -> None:
        asked = self._asked.pop(str(frame.id), None)
        if asked is not None and asked.request.type == "subscribe":
            still = tuple(topic for topic in asked.topics if self._newest.get(topic.name) == asked.request.id)
            self.happenings.append(Acked(still))

    def _error(self, frame: Frame, now: int) -> None:
        self.figures.errors += 1
        code, why = str(frame.code), _words(frame)
        asked = self._asked.pop(str(frame.id), None)
        if code == str(_TOKEN_REFUSED):
            self._end(f"the exchange refused the token ({why})")
        elif asked is None:
            if code == "400":  # ping timeout, by the exchange's own list
                self._end(f"the exchange reported an error 400 ({why})")
        elif asked.request.type == "subscribe":
            self._refused(asked, code, why)

    def _refused(self, asked: _Asked, code: str, why: str) -> None:
        if code not in _NO_SUCH and code != _FULL:
            self._end(f"a subscription failed with error {code} ({why})")
        elif len(asked.topics) > 1:  # one of them is at fault: ask for each alone
            for topic in asked.topics:
                self._ask("subscribe", [topic])
        else:
            self._routes.pop(asked.topics[0].name.encode(), None)
            self._newest.pop(asked.topics[0].name, None)
            self.happenings.append(Refusal(asked.topics[0], code, why, full=code == _FULL))

    def _garbled(self, error: ValueError) -> bool:
        self.figures.errors += 1
        self._garbage += 1
        self.happenings.append(Unread(f"a frame could not be read ({type(error).__name__})"))
        if self._garbage >= self._terms.garbage:
            self._end(f"{self._garbage} frames in a row could not be read ({named(error)})"[:200])
        return True

    def _end(self, why: str) -> None:
        self.ended = self.ended or why


def _batches(topics: Sequence[Topic]) -> Iterator[tuple[Topic, ...]]:
    """Yield what one request may name: topics of one kind, at most a hundred."""
    kinds: dict[tuple[str, bool, object], list[Topic]] = {}
    for topic in topics:
        kinds.setdefault((topic.base, topic.private, None if topic.grouped else topic.suffix), []).append(topic)
    for kind in kinds.values():
        for start in range(0, len(kind), BATCH):
            yield tuple(kind[start : start + BATCH])


def _words(frame: Frame) -> str:
    """Return what an error says; its data is a text, and nobody promises it."""
    return bytes(frame.data)[:120].decode(errors="replace").strip('"') or "without a reason"


def _interval(seconds: float) -> int:
    """Return what the exchange asks for in nanoseconds; nonsense must not make us ping without a pause."""
    return _ns(max(seconds, SHORTEST))


def _ns(seconds: float) -> int:
    return round(seconds * SECOND)
