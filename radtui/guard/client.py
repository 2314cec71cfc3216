"""The guardian's own client of KuCoin Futures: the handful of calls it needs, and three ways in which they fail."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final, Protocol, TypeVar

import msgspec

from radtui.guard.account import Holding, NewOrder, Order, Shown, Wire
from radtui.guard.config import GuardConfig
from radtui.guard.line import Answer, Line, Unanswered, Unsent
from radtui.guard.signing import headers

T = TypeVar("T")

SUCCESS: Final = frozenset({"200000", "200"})
REPEATED: Final = "300018"
"""An order of this client id has arrived before."""
SKEWED: Final = "400002"
LATER: Final = frozenset({"100002", "1015", "200002", "300002", "300015", "429000", "500000"})
"""Codes of what may succeed later: limits, maintenance, settlement, faults of the exchange."""
_SWITCH_OFF: Final = b'{"timeout":-1,"tradeType":"FUTURES"}'
_PAGE: Final = 200
_MOST_PAGES: Final = 50
_SAID: Final = 200


class Failure(Exception):
    """A call came to nothing; the text is for people and holds no part of the key."""


class Refused(Failure):
    """Definitely not carried out, and not because of the moment."""

    def __init__(self, said: str, code: str = "") -> None:
        super().__init__(said)
        self.code = code


class Away(Failure):
    """Definitely not carried out; later it may be."""


class Unclear(Failure):
    """It may have been carried out: look before it is repeated."""


class Asks(Protocol):
    """The way to the exchange; `Line`, or a simulated one."""

    def ask(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> Answer:
        """Send a request; see `Line.ask`."""
        ...


class _Envelope(msgspec.Struct):
    code: str | int
    msg: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")


class _Page(Wire, frozen=True, kw_only=True):
    items: tuple[Order, ...] = ()
    total_page: int = 1


class Client:
    """One account.

    Args:
        now: wall clock, milliseconds UTC.
    """

    def __init__(
        self,
        config: GuardConfig,
        line: Asks | None = None,
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self._config, self._now = config, now
        self._line: Asks = line or Line(config.url)
        self._unified: Asks = line or Line(config.unified or config.url)
        self._ahead = 0

    def sync(self) -> int:
        """Read the exchange's clock and return by how many milliseconds it is ahead of ours.

        Raises:
            Failure: it does not answer.
        """
        before = self._now()
        said = self._read("/api/v1/timestamp", int, public=True)
        self._ahead = said - (before + self._now()) // 2
        return self._ahead

    def read(self) -> Shown:
        """Read all that matters; positions last, so that what fires or fills meanwhile is seen, not missed.

        Raises:
            Failure: some of it could not be read.
        """
        stops = self._pages("/api/v1/stopOrders?")
        orders = self._pages("/api/v1/orders?status=active&")
        done = self._read("/api/v1/recentDoneOrders", tuple[Order, ...])
        return Shown(
            stops=stops, orders=orders, done=done, holdings=self._read("/api/v1/positions", tuple[Holding, ...])
        )

    def disarm(self) -> None:
        """Switch the exchange's own dead man's switch off; it lives on the unified account's host.

        Raises:
            Failure: `Refused` where the account has none.
        """
        self._change("POST", "/api/ua/v1/dcp/set", _SWITCH_OFF, unified=True)

    def cancel(self, order: Order) -> None:
        """Cancel an order or an untriggered stop.

        Raises:
            Failure: `Refused` too where it is done already.
        """
        self._change("DELETE", f"/api/v1/orders/{order.id}")

    def place(self, order: NewOrder) -> None:
        """Send an order that closes. One whose client id arrived before counts as sent.

        Raises:
            Failure: of any kind.
        """
        try:
            self._change("POST", "/api/v1/orders", order.body())
        except Refused as refused:
            if refused.code != REPEATED:
                raise

    def try_out(self, order: NewOrder) -> None:
        """Have the exchange check an order as if it were sent: nothing enters the market.

        Raises:
            Failure: of any kind.
        """
        self._change("POST", "/api/v1/orders/test", order.body())

    def _pages(self, target: str) -> tuple[Order, ...]:
        found: dict[str, Order] = {}
        for number in range(1, _MOST_PAGES + 1):
            page = self._page(f"{target}currentPage={number}&pageSize={_PAGE}")
            found.update((order.id, order) for order in page.items)
            if number >= page.total_page or not page.items:
                break
        return tuple(found.values())

    def _page(self, target: str) -> _Page:
        data = self._data("GET", target)
        if bytes(data).startswith(b"["):  # some answers leave the page around a list away
            return _Page(items=self._decoded(data, tuple[Order, ...]))
        return self._decoded(data, _Page)

    def _read(self, target: str, kind: type[T], *, public: bool = False) -> T:
        return self._decoded(self._data("GET", target, public=public), kind)

    def _change(self, method: str, target: str, body: bytes = b"", *, unified: bool = False) -> None:
        self._data(method, target, body, unified=unified)

    def _data(
        self, method: str, target: str, body: bytes = b"", *, public: bool = False, unified: bool = False
    ) -> msgspec.Raw:
        """Ask, and once more by the exchange's own clock where the timestamp was refused."""
        try:
            return self._opened(method, self._ask(method, target, body, public=public, unified=unified))
        except Refused as refused:
            if refused.code != SKEWED or public:
                raise
            self.sync()
            return self._opened(method, self._ask(method, target, body, unified=unified))

    def _ask(self, method: str, target: str, body: bytes, *, public: bool = False, unified: bool = False) -> Answer:
        config = self._config
        signed = {} if public else headers(
            config.key, config.secret, config.passphrase, config.key_version,
            stamp=self._now() + self._ahead, method=method, path=target, body=body,
        )  # fmt: skip
        try:
            return (self._unified if unified else self._line).ask(method, target, signed, body)
        except Unsent as error:
            raise Away(self._clean(f"the exchange cannot be reached: {error}")) from None
        except Unanswered as error:
            raise self._open(method, f"no answer: {error}") from None

    def _opened(self, method: str, answer: Answer) -> msgspec.Raw:
        try:
            said = msgspec.json.decode(answer.body, type=_Envelope)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise self._of_status(method, answer.status) from None
        code = str(said.code)
        if answer.status == 200 and code in SUCCESS:
            return said.data
        raise self._of_code(method, answer.status, code, said.msg or "")

    def _of_code(self, method: str, status: int, code: str, message: str) -> Failure:
        text = f"{code} {message[:_SAID]}".strip()
        if code in SUCCESS:
            return self._open(method, f"a success with status {status}")
        if code in LATER or status == 429:
            return self._open(method, text) if code == "500000" else Away(self._clean(text))
        return self._open(method, text) if status >= 500 else Refused(self._clean(text), code)

    def _of_status(self, method: str, status: int) -> Failure:
        if status in {403, 429}:  # the front door's own page: it was not let in
            return Away(f"turned away with status {status}")
        return self._open(method, f"an answer of no known form, status {status}")

    def _open(self, method: str, text: str) -> Failure:
        """Return the failure of a call whose outcome nobody knows: what only reads has changed nothing."""
        return (Away if method == "GET" else Unclear)(self._clean(text))

    def _decoded(self, data: msgspec.Raw, kind: type[T]) -> T:
        try:
            found: Any = msgspec.json.decode(data, type=kind, strict=False)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Away(f"an answer that cannot be read: {error}") from None
        return found  # type: ignore[no-any-return]

    def _clean(self, text: str) -> str:
        return self._config.hide(text)
