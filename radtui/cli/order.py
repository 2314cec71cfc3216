"""``radtui order SYMBOL SIDE [LOTS]``: one order by hand, through the same gates as the strategy's own (row S1)."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal

from cyclopts import Parameter

from radtui.cli.answers import finish
from radtui.cli.engines import Silent, chosen, no_answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.telling import AsJson, Bot, Timeout, Why, patient
from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask
from radtui.core.money import plain
from radtui.core.order import Side

PATIENCE: Final = 20.0
"""Seconds that the exchange's answer may take, a look-up of an order in doubt included."""
_UNKNOWN: Final = (
    "the order may reach the exchange yet: `radtui orders` shows it once it is known; do not place it again before that"
)


def order(
    symbol: Annotated[str, Parameter(help="A contract, as in XBTUSDTM.")],
    side: Annotated[Literal["buy", "sell"], Parameter(help="What it does.")],
    lots: Annotated[int | None, Parameter(help="Whole lots; without it --coins or --close.")] = None,
    /,
    *,
    coins: Annotated[str | None, Parameter(help="The size in base coins; refused unless whole lots.")] = None,
    limit: Annotated[str | None, Parameter(help="Trade at this price or a better one.")] = None,
    at: Annotated[str | None, Parameter(help="Enter once the market has come to this price.")] = None,
    stop: Annotated[str | None, Parameter(help="Where the new position's stop triggers.")] = None,
    target: Annotated[str | None, Parameter(help="Where the new position's profit is taken.")] = None,
    reduce_only: Annotated[bool, Parameter(help="Only make the position smaller.", negative="")] = False,
    close: Annotated[bool, Parameter(help="Close the whole position.", negative="")] = False,
    bot: Bot = None,
    why: Why = "",
    timeout: Timeout = PATIENCE,
    as_json: AsJson = False,
) -> int:
    """Place an order by hand: at the market, or with --limit or --at; an entry gets a stop with its first fill.

    An entry is refused where any gate of the strategy's own would refuse it, with each reason. What only reduces
    (--reduce-only, --close) passes in every state. Exit 1: refused, or not known yet.
    """
    if limit is not None and at is not None:
        raise _wrong("--limit and --at exclude each other")
    meant = HandOrder(
        symbol=symbol.upper(),
        side=Side(side),
        type=HandType.LIMIT if limit is not None else HandType.STOP if at is not None else HandType.MARKET,
        lots=lots,
        coins=_amount("--coins", coins),
        price=_amount("--limit", limit) if limit is not None else _amount("--at", at),
        reduce_only=reduce_only,
        close=close,
        stop=_amount("--stop", stop),
        target=_amount("--target", target),
    )
    if meant.faults:
        raise _wrong("; ".join(meant.faults))
    return _place(meant, bot, why, patient(timeout), as_json=as_json)


def _place(meant: HandOrder, bot: str | None, why: str, seconds: float, *, as_json: bool) -> int:
    engine = chosen(bot)
    try:
        answer = engine.tell(Ask.PLACE_ORDER, seconds, {**_body(meant), "why": why}, route="api/orders")
    except Silent as silent:
        raise no_answer(engine, silent) from None
    return finish(Ask.PLACE_ORDER, answer, as_json=as_json, again=_UNKNOWN)


def _body(meant: HandOrder) -> dict[str, Any]:
    said = ((name, getattr(meant, name)) for name in HandOrder.__struct_fields__ if name != "key")
    return {name: plain(value) if isinstance(value, Decimal) else value for name, value in said if value is not None}


def _amount(flag: str, text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        raise _wrong(f"{flag} {text} is no number") from None


def _wrong(what: str) -> Failure:
    return Failure(what, means="No order was placed.", todo="see `radtui order --help`", code=Exit.USAGE)
