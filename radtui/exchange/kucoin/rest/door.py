"""The one inner door to KuCoin's REST API: guard, signature, transport, decoding, failures, record.

Every request goes through `Door.call` or `Door.find`; every single try is told to the observer, the tries of a retry
and the readings of the exchange's clock included. A request whose timestamp was refused is repeated once, after the
clock has been read anew: a refused timestamp means that nothing was carried out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

import msgspec

from radtui.core.market import SECOND
from radtui.exchange.kucoin.rest import errors
from radtui.exchange.kucoin.rest.asking import Asked, Query, asked
from radtui.exchange.kucoin.rest.auth import Signer
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.endpoints import TIMESTAMP, Endpoint, Pool
from radtui.exchange.kucoin.rest.server_time import ServerTime
from radtui.exchange.kucoin.rest.transport import Hosts, Request, Response, Transport, Unanswered, Unsent
from radtui.exchange.kucoin.wire.common import Envelope, Unreadable, decode
from radtui.resilience.clock import Clock
from radtui.resilience.failures import BadCredentials, ClockSkew, ExchangeFailure
from radtui.resilience.guarded import Guard
from radtui.resilience.limiter import Lane
from radtui.resilience.observe import CallObserver

T = TypeVar("T")

DEADLINE: Final = 10.0
"""Seconds for one try."""
_GRACE: Final = 1.0
"""Seconds after its deadline in which a transport should have said so itself."""
SMALLEST_POOL: Final = 100
"""Weight below which a limit is not believed: the exchange has no such pool, and nothing could be sent any more."""
_RATE_HEADERS: Final = ("gw-ratelimit-limit", "gw-ratelimit-remaining", "gw-ratelimit-reset")


class Door:
    """Carries calls to the exchange, for one key.

    Attributes:
        pressing: whether a start, a stop, a flatten or a bare position waits for what is read (row E3).

    Args:
        guards: one a pool.
        credentials: None where only what is public is asked.
        deadline: seconds for one try.
    """

    def __init__(
        self,
        transport: Transport,
        guards: Mapping[Pool, Guard],
        *,
        clock: Clock,
        observer: CallObserver,
        credentials: Credentials | None = None,
        hosts: Hosts | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self.time = ServerTime(clock)
        self.guards = guards
        self.pressing: Callable[[], bool] = _never
        self._transport, self._clock, self._observer = transport, clock, observer
        self._credentials = credentials
        self._signer = Signer(credentials) if credentials else None
        self._hosts, self._deadline = hosts or Hosts(), deadline
        self._reading = asyncio.Lock()

    async def call(
        self,
        endpoint: Endpoint[T],
        *,
        path: Mapping[str, str] | None = None,
        query: Query | None = None,
        body: bytes = b"",
        essential: bool | None = None,
        within: float | None = None,
    ) -> T:
        """Return what the exchange answers.

        Args:
            path, query: parameters in their order; those that are None are left out.
            essential: by the reserved lane and past an open breaker; None for what the endpoint says.
            within: seconds after which it must not leave any more.

        Raises:
            ExchangeFailure: one of its kinds, with a message for people.
        """
        said = asked(endpoint, path, query, body)
        attempt = partial(self._try, endpoint, said, partial(self._filled, endpoint), self._urgent(endpoint, essential))
        return await self._guarded(endpoint, attempt if within is None else self._timely(attempt, within), essential)

    async def find(
        self, endpoint: Endpoint[T], *, query: Query | None = None, essential: bool | None = None
    ) -> T | None:
        """Return what the exchange answers, or None where it has nothing to tell; see `call`."""
        said = asked(endpoint, query=query)
        attempt = partial(self._try, endpoint, said, partial(self._found, endpoint), self._urgent(endpoint, essential))
        return await self._guarded(endpoint, attempt, essential)

    async def sync_time(self) -> None:
        """Read the exchange's clock.

        Raises:
            ExchangeFailure: it could not be read; the last reading stands.
        """
        await self._guarded(TIMESTAMP, self._read_clock, essential=None)

    async def keep_time(self, every: float = 60.0) -> None:
        """Read the exchange's clock every so many seconds, until cancelled. A failed reading leaves the last one."""
        while True:
            with suppress(ExchangeFailure):  # the observer was told, and the next reading is soon
                await self.sync_time()
            await asyncio.sleep(every)

    async def close(self) -> None:
        """Let the connections go."""
        await self._transport.close()

    async def _guarded(self, endpoint: Endpoint[Any], attempt: Callable[[], Awaitable[T]], essential: bool | None) -> T:
        urgent = self._urgent(endpoint, essential)
        if endpoint.private:
            self._need_credentials()
            if not urgent and not self.time.is_known:
                await self._first_reading()
        return await self.guards[endpoint.pool].call(
            partial(self._in_time, attempt) if endpoint.private else attempt,
            weight=endpoint.weight,
            lane=Lane.ESSENTIAL if urgent else Lane.PATIENT if endpoint.gives_way else Lane.NORMAL,
            retries=None if endpoint.repeatable else 0,
        )

    def _urgent(self, endpoint: Endpoint[Any], essential: bool | None) -> bool:
        asked_for = endpoint.essential if essential is None else essential
        return asked_for or (endpoint.reads_back and self.pressing())

    def _timely(self, attempt: Callable[[], Awaitable[T]], within: float) -> Callable[[], Awaitable[T]]:
        """Return `attempt`, which fails instead where its turn comes too late."""
        began = self._clock.monotonic()

        async def timely() -> T:
            waited = (self._clock.monotonic() - began) / SECOND
            if waited > within:
                raise errors.late(waited)
            return await attempt()

        return timely

    async def _in_time(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """One try, and a second one where the first's timestamp was refused."""
        readings = self.time.readings
        try:
            return await attempt()
        except ClockSkew as skew:
            try:
                await self._read_anew(readings)
            except ExchangeFailure as error:
                raise skew from error
            return await attempt()

    async def _try(
        self, endpoint: Endpoint[Any], said: Asked, read: Callable[[Response], T], urgent: bool = False
    ) -> T:
        """One try: the observer is told of it whatever becomes of it."""
        began = self._clock.monotonic()
        failure = "cancelled"
        try:
            found = read(await self._send(endpoint, said, urgent))
            failure = ""
        except ExchangeFailure as error:
            failure = error.kind
            raise
        except Exception as error:
            failure = type(error).__name__
            raise
        finally:
            self._observer.call(endpoint.name, self._clock.now(), self._clock.monotonic() - began, failure)
        return found

    async def _send(self, endpoint: Endpoint[Any], said: Asked, urgent: bool) -> Response:
        request = Request(
            method=endpoint.method,
            base=self._hosts.spot if endpoint.spot else self._hosts.futures,
            target=said.sent,
            headers=self._headers(endpoint, said),
            body=said.body,
            urgent=urgent,
        )
        try:
            async with asyncio.timeout(self._deadline + _GRACE):
                answer = await self._transport.send(request, self._deadline)
        except Unsent as error:
            raise errors.unsent(self._hide(str(error))) from error
        except (Unanswered, TimeoutError) as error:
            why = str(error) or f"nothing within {self._deadline:g} s"
            raise errors.unanswered(self._hide(why), changes=endpoint.changes) from error
        self._note_budget(endpoint, answer)
        return answer

    def _headers(self, endpoint: Endpoint[Any], said: Asked) -> dict[str, str]:
        headers = {"Content-Type": "application/json"}
        if endpoint.private and self._signer is not None:
            headers |= self._signer.headers(self.time.timestamp(), endpoint.method, said.signed, said.body)
        return headers

    def _filled(self, endpoint: Endpoint[T], answer: Response) -> T:
        envelope = self._opened(endpoint, answer)
        if envelope.is_empty:
            raise errors.empty(envelope.msg, changes=endpoint.changes)
        return _contents(endpoint, envelope)

    def _found(self, endpoint: Endpoint[T], answer: Response) -> T | None:
        envelope = self._opened(endpoint, answer)
        return None if envelope.is_empty else _contents(endpoint, envelope)

    def _opened(self, endpoint: Endpoint[Any], answer: Response) -> Envelope:
        envelope = self._envelope(answer)
        failure = errors.failure_of(answer, envelope, changes=endpoint.changes, spot=endpoint.spot)
        if failure is not None or envelope is None:
            raise failure or errors.unreadable("it is empty", changes=endpoint.changes)
        return envelope

    def _envelope(self, answer: Response) -> Envelope | None:
        try:
            envelope = decode(answer.body, Envelope)
        except Unreadable:
            return None  # not of this API: the status says what it means
        return msgspec.structs.replace(envelope, msg=self._hide(envelope.msg or ""))

    def _note_budget(self, endpoint: Endpoint[Any], answer: Response) -> None:
        try:
            limit, remaining, reset = (int(answer.headers[name]) for name in _RATE_HEADERS)
        except (KeyError, ValueError):
            return  # not every answer tells
        if limit >= SMALLEST_POOL:
            self.guards[endpoint.pool].limiter.saw(limit, remaining, reset)

    async def _read_clock(self) -> None:
        sent = self._clock.monotonic()
        said = await self._try(TIMESTAMP, asked(TIMESTAMP), partial(self._filled, TIMESTAMP))
        self.time.learn(sent, self._clock.monotonic(), said)

    async def _read_anew(self, readings: int) -> None:
        """Read the clock because a timestamp was refused, unless somebody has done so since."""
        async with self._reading:
            if self.time.readings == readings:
                self.time.forget()
                await self._read_clock()

    async def _first_reading(self) -> None:
        async with self._reading:
            if not self.time.is_known:
                with suppress(ExchangeFailure):  # then it is signed with our own time, and the exchange decides
                    await self.guards[Pool.PUBLIC].call(self._read_clock, weight=TIMESTAMP.weight, retries=0)

    def _need_credentials(self) -> None:
        if self._credentials is None:
            raise BadCredentials(
                "No API key is configured. Nothing was sent. Name key, secret and passphrase in the configuration.",
                code="no key",
            )

    def _hide(self, text: str) -> str:
        return self._credentials.hide(text) if self._credentials else text


def _never() -> bool:
    return False


def _contents(endpoint: Endpoint[T], envelope: Envelope) -> T:
    try:
        return decode(envelope.data, endpoint.answer)
    except Unreadable as error:
        raise errors.unreadable(f"{endpoint.name}: {error}", changes=endpoint.changes) from error
