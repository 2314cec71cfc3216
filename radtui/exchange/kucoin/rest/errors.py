"""From what came back, or did not, to a typed failure with a message for people.

Every message says what happened, what that means for the money, and what to do. The dividing line is whether a request
that changes something may have been carried out: where that is open, the failure is `Ambiguous` and is looked up.
"""

from __future__ import annotations

from typing import Final

from radtui.exchange.kucoin.rest.codes import MEANINGS, SPOT_OTHERWISE, Meaning
from radtui.exchange.kucoin.rest.transport import Response
from radtui.exchange.kucoin.wire.common import Envelope
from radtui.resilience.failures import (
    Ambiguous,
    BadCredentials,
    ExchangeFailure,
    Maintenance,
    RateLimited,
    Refused,
    Transient,
    Unknown,
)

DEFAULT_WAIT: Final = 10.0
"""Seconds to wait after a refusal for too many requests that does not say how long: the exchange's usual block."""
LONGEST_WAIT: Final = 60.0
"""Seconds that are waited at most, whatever an answer says: no window of the exchange is longer."""
OVERLOADED: Final = 3.0
"""Seconds to wait where the budget is not used up: then it is the exchange that has too much to do."""
_BLOCK: Final = 30.0
"""Seconds that the exchange's front door blocks an address."""
_LONGEST_SAID: Final = 300

_DONE: Final = "The order is done already or the exchange knows no such order."
_OPEN_OUTCOME: Final = "It may have been carried out: it is looked up before anything is repeated."
_NOTHING: Final = "Nothing happened; orders and positions stand as they are."
_KINDS: Final[dict[type[ExchangeFailure], str]] = {
    Refused: "It was refused: nothing was changed.",
    Unknown: "Nothing was changed.",
    Ambiguous: _OPEN_OUTCOME,
    BadCredentials: "Nothing can be placed, cancelled or read with it; orders and stops rest where they are.",
}


def failure_of(
    answer: Response, envelope: Envelope | None, *, changes: bool, spot: bool = False
) -> ExchangeFailure | None:
    """Return what is wrong with an answer, or None where it succeeded.

    Args:
        envelope: what its body holds; None where that is not of this API at all.
        changes: whether the request was to change something at the exchange.
        spot: whether it came from the spot host, where a few codes mean something else.
    """
    if answer.status == 200 and envelope is not None and envelope.succeeded:
        return None
    if envelope is None or envelope.succeeded:
        return _by_status(answer, changes=changes)
    code, said = str(envelope.code), (envelope.msg or "").strip()
    meaning = None if spot and code in SPOT_OTHERWISE else MEANINGS.get(code)
    if _is_no_order(code, said):
        meaning = Meaning(Unknown, _DONE)
    if code == "400100" and "available.amount" in said:
        meaning = MEANINGS["300003"]
    if meaning is None:
        return _unlisted(answer, code, said, changes=changes)
    return _meant(meaning, answer, code, said, changes=changes)


def item_failure(code: str, said: str | None) -> ExchangeFailure:
    """Return what is wrong with one item of a batch whose answer as a whole succeeded."""
    envelope = Envelope(code=code or "0", msg=said)
    found = failure_of(Response(200, b""), envelope, changes=True)
    return found or Ambiguous(f"The exchange's answer contradicts itself. {_OPEN_OUTCOME}", code=code)


def unsent(why: str) -> Transient:
    """Return the failure of a request that has not left."""
    return Transient(
        f"The exchange cannot be reached ({_short(why)}). {_NOTHING} Check the network.", code="unreachable"
    )


def late(seconds: float) -> Transient:
    """Return the failure of an order that waited too long for its turn."""
    return Transient(
        f"The order was not sent: after {seconds:.1f} s of waiting it would have come too late. {_NOTHING} "
        "It waits for its turn where the request budget is used up or the line is slow.",
        code="late",
    )


def unanswered(why: str, *, changes: bool) -> ExchangeFailure:
    """Return the failure of a request that has left and got no whole answer."""
    if changes:
        return Ambiguous(f"The exchange did not answer ({_short(why)}). {_OPEN_OUTCOME}", code="no answer")
    return Transient(f"The exchange did not answer ({_short(why)}). {_NOTHING}", code="no answer")


def unreadable(why: str, *, changes: bool) -> ExchangeFailure:
    """Return the failure of a success whose contents are not what the protocol says."""
    if changes:
        return Ambiguous(f"The exchange's answer cannot be read ({_short(why)}). {_OPEN_OUTCOME}", code="broken answer")
    return Transient(f"The exchange's answer cannot be read ({_short(why)}). {_NOTHING}", code="broken answer")


def empty(said: str | None, *, changes: bool) -> ExchangeFailure:
    """Return the failure of a success that carries no data, though it should: it may say why in words."""
    if changes or not said or said == "success":
        return unreadable("it holds no data", changes=changes)
    return Refused(f"The exchange has none: {_short(said)}. Nothing was changed.", code="200000")


def retry_after(answer: Response) -> float | None:
    """Return the seconds until another try makes sense, where the answer tells them."""
    milliseconds, remaining = (_header(answer, f"gw-ratelimit-{name}") for name in ("reset", "remaining"))
    if milliseconds is None:
        return None
    return min(max(0, milliseconds) / 1000, OVERLOADED if remaining and remaining > 0 else LONGEST_WAIT)


def _meant(meaning: Meaning, answer: Response, code: str, said: str, *, changes: bool) -> ExchangeFailure:
    kind = meaning.kind
    if kind is RateLimited:
        return _limited(meaning.what, answer, code)
    if kind is Transient and changes:
        kind = Ambiguous
    consequence = _KINDS.get(kind, _NOTHING)
    parts = [meaning.what, consequence, meaning.todo, _quoted(code, said)]
    return kind(" ".join(part for part in parts if part), code=code)


def _unlisted(answer: Response, code: str, said: str, *, changes: bool) -> ExchangeFailure:
    """A code that no table has: at a status of 5xx it is an accident, otherwise a definite no."""
    if answer.status == 429:
        return _limited("Too many requests.", answer, code)
    if answer.status >= 500:
        return _accident(answer.status, changes=changes, quoted=_quoted(code, said))
    return Refused(f"The exchange refused it. Nothing was changed. {_quoted(code, said)}", code=code)


def _by_status(answer: Response, *, changes: bool) -> ExchangeFailure:
    """What is not of this API comes from something before it: only a refusal for its frequency is a definite no."""
    if b"1015" in answer.body[:_LONGEST_SAID] and answer.status in {403, 429}:
        return _limited(MEANINGS["1015"].what, answer, "1015", _BLOCK)
    if answer.status == 429:
        return _limited("Too many requests.", answer, "429000")
    if answer.status == 200:
        return unreadable("it is not of this exchange's API", changes=changes)
    return _accident(answer.status, changes=changes)


def _accident(status: int, *, changes: bool, quoted: str = "") -> ExchangeFailure:
    code = f"http {status}"
    if changes:
        return Ambiguous(_joined(f"The exchange answered with HTTP status {status}.", _OPEN_OUTCOME, quoted), code=code)
    if status == 503:
        return Maintenance(_joined("The exchange is closed or overloaded (HTTP 503).", _NOTHING, quoted), code=code)
    return Transient(_joined(f"The exchange answered with HTTP status {status}.", _NOTHING, quoted), code=code)


def _limited(what: str, answer: Response, code: str, otherwise: float = DEFAULT_WAIT) -> RateLimited:
    said = retry_after(answer)
    wait = otherwise if said is None else said
    return RateLimited(f"{what} {_NOTHING} It goes on in {wait:g} s by itself.", retry_after=wait, code=code)


def _header(answer: Response, name: str) -> int | None:
    try:
        return int(answer.headers.get(name, ""))
    except ValueError:
        return None


def _is_no_order(code: str, said: str) -> bool:
    return code == "100004" or (code == "100001" and "ordernotexist" in said.lower().replace(" ", ""))


def _quoted(code: str, said: str) -> str:
    return f"(KuCoin {code}: {_short(said)})" if said else f"(KuCoin {code})"


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST_SAID else f"{one_line[:_LONGEST_SAID]}…"
