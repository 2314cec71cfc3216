"""How a call to an exchange can fail (row E6). The policy depends on the type, never on a text.

Each failure says what it means for the operator's money and what to do, so that it can be shown as it is.
"""

from __future__ import annotations


class ExchangeFailure(Exception):
    """A call that did not succeed. Use one of the types below.

    Attributes:
        code: the exchange's own code, or a short name of ours.
    """

    kind = "failure"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Refused(ExchangeFailure):
    """The exchange said no, definitely: nothing happened and a repeat would be refused again."""

    kind = "refused"


class Unknown(Refused):
    """The exchange knows no such order."""

    kind = "unknown order"


class Ambiguous(ExchangeFailure):
    """No definite answer: the request may have been carried out. It must be looked up before anything is repeated."""

    kind = "ambiguous"


class Transient(ExchangeFailure):
    """It did not happen, and may work when tried again."""

    kind = "transient"


class RateLimited(Transient):
    """Too many requests; `retry_after` is in seconds."""

    kind = "rate limited"

    def __init__(self, message: str, *, retry_after: float, code: str = "429000") -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class ClockSkew(Transient):
    """Our clock and the exchange's differ by more than the exchange tolerates."""

    kind = "clock skew"


class BadCredentials(ExchangeFailure):
    """The key, secret, passphrase, address or permission is not accepted: a person must act."""

    kind = "credentials"


class Maintenance(Transient):
    """The exchange is closed or takes cancels only."""

    kind = "maintenance"


class BreakerOpen(Transient):
    """The way to the exchange failed too often just now: nothing was sent. Not to be retried before it opens again.

    Attributes:
        again_in: seconds until one call is let through as a probe; None where a person holds the breaker open.
    """

    kind = "breaker open"

    def __init__(self, message: str, *, again_in: float | None, code: str = "breaker") -> None:
        super().__init__(message, code=code)
        self.again_in = again_in
