"""How the engine itself fares, as it is shown: its calls, its workers, its process, its errors."""

from __future__ import annotations

import msgspec


class EndpointView(msgspec.Struct, frozen=True, kw_only=True):
    """Calls to one endpoint. Latencies in milliseconds; `seconds`: all calls together, true to 3.2 %."""

    name: str
    calls: int
    failed: int
    rate_limited: int
    p50: float | None
    p99: float | None
    seconds: float = 0.0


class ApiView(msgspec.Struct, frozen=True, kw_only=True):
    """Calls to the exchange (row H1). Latencies in milliseconds; rates in percent.

    Attributes:
        history: success rate of each of the last minutes, oldest first; None where there was no call.
        oldest_topic: seconds since the stalest market topic spoke.
    """

    total: int = 0
    ok: int = 0
    failed: int = 0
    rate_limited: int = 0
    per_minute: int = 0
    success: float = 100.0
    p50: float | None = None
    p99: float | None = None
    last_at: int | None = None
    history: tuple[float | None, ...] = ()
    endpoints: tuple[EndpointView, ...] = ()
    oldest_topic: float | None = None
    reconnects: int = 0


class WorkerView(msgspec.Struct, frozen=True, kw_only=True):
    """One supervised worker (row H4). `age` and `limit` in seconds; age None = never beat.

    Attributes:
        fault: why what it does comes to nothing although it beats; empty where it works.
    """

    name: str
    age: float | None
    limit: float
    healthy: bool
    restarts: int = 0
    note: str = ""
    fault: str = ""


class ProcessView(msgspec.Struct, frozen=True, kw_only=True):
    """The process beside its workers: event-loop lag in milliseconds, memory in MB."""

    lag_p99: float | None = None
    rss: float | None = None
    pid: int = 0


class ErrorView(msgspec.Struct, frozen=True, kw_only=True):
    """One error, repeats counted (row H5)."""

    at: int
    first_at: int
    kind: str
    message: str
    where: str
    count: int
    severity: str = "error"
