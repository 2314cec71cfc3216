"""What an engine answers, for a terminal: tables, receipts, previews; and the exit code that says how it went."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from radtui.api.views import Answer
from radtui.cli.failures import Exit, Failure
from radtui.cli.streams import say
from radtui.core.instruction import Ask, Receipt
from radtui.core.preview import Closing, Preview

_RESTS: Final = {Ask.STOP, Ask.SHUTDOWN, Ask.EMERGENCY_STOP}
_AGAIN: Final = "the engine goes on trying; look with `radtui status`, `radtui positions`, and ask again to wait again"


def document(content: Any) -> str:
    """Return `content` as one JSON document; amounts are text."""
    return msgspec.json.format(msgspec.json.encode(content), indent=2).decode()


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows under their heads, in columns."""
    lines = [heads, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def moment(at: int | None) -> str:
    """Return a moment in UTC."""
    if at is None:
        return "–"
    return f"{datetime.fromtimestamp(at // 1_000_000_000, UTC):%Y-%m-%d %H:%M:%S}"


def amount(value: Decimal | None, decimals: int = 2) -> str:
    """Return an amount; a dash where it is not known."""
    return "–" if value is None else f"{value:,.{decimals}f}"


def finish(ask: Ask, answer: Answer, *, as_json: bool, again: str = _AGAIN) -> int:
    """Print what came of an instruction.

    Args:
        again: what to do where it is not done yet.

    Raises:
        Failure: as `shortfall`.
    """
    if (short := shortfall(ask, answer, again=again)) is not None:
        raise short
    say(document(answer) if as_json else "\n".join(lines_of(answer)))
    return Exit.DONE


def shortfall(ask: Ask, answer: Answer, *, again: str = _AGAIN) -> Failure | None:
    """Return why it did not come to what was asked for; None where it did.

    Its exit code is 4 where something of ours may remain, else 1.
    """
    if answer.success:
        return None
    receipt = answer.receipt
    unsafe = ask in _RESTS and (receipt is None or bool(remains(receipt)))
    left = remains(receipt) if receipt else [f"still there: {line}" for line in answer.remaining]
    untouched = receipt is not None and (receipt.refused or ask not in _RESTS)
    return Failure(
        answer.message,
        means="Nothing was changed." if untouched else "\n".join([*left, *_hung(answer)]),
        todo=(answer.todo or again) if receipt is None else "",
        code=Exit.NOT_SAFE if unsafe else Exit.REFUSED,
        document=msgspec.to_builtins(answer, str_keys=True),
    )


def _hung(answer: Answer) -> list[str]:
    if not answer.hangs:
        return []
    return ["What was asked is done only should its loop turn again; positions keep the stops that rest."]


def lines_of(answer: Answer) -> list[str]:
    """Return an answer as text: the message, and what a stop did and left."""
    receipt = answer.receipt
    if receipt is None or receipt.ask not in _RESTS:
        return [answer.message]
    done = (
        ("cancelled", receipt.orders_cancelled),
        ("closed", receipt.positions_closed),
        ("stops cancelled", receipt.stops_cancelled),
        ("left alone, not ours", receipt.foreign),
    )
    lines = [answer.message, *(f"  {name}: {line}" for name, entries in done for line in entries)]
    caution = [f"  not on disk, so the next start looks again: {receipt.unwritten}"] if receipt.unwritten else []
    return [*lines, *_shown(receipt), *caution]


def remains(receipt: Receipt) -> list[str]:
    """Return what of ours an unsuccessful stop left or could not verify, a line each."""
    left = (*receipt.orders_left, *receipt.positions_left, *receipt.stops_left)
    kept = [f"still there: {line}" for line in left]
    return [] if receipt.refused else [*kept, *(f"not verified: {line}" for line in receipt.unverified)]


def preview_lines(preview: Preview) -> list[str]:
    """Return what an emergency stop would do, as text."""
    lines = [f"cancels {each}" for each in (*preview.cancels, *preview.others)]
    lines += [line for each in preview.closes for line in _closing(each)]
    lines += [f"then cancels {each}" for each in preview.stops]
    lines += [f"leaves alone, not ours: {line}" for line in preview.foreign]
    lines += [f"costs about {cost:.2f} {currency}, fees and slippage" for currency, cost in preview.cost.items()]
    lines += [f"not known: {line}" for line in preview.unknown]
    return lines or ["nothing of ours is there: it would only make sure of that"]


def _closing(each: Closing) -> list[str]:
    verb = f"closes {each.symbol}: {each.side} {each.lots} lots"
    if each.average is None:
        return [f"{verb} at the market"]
    slip = "" if each.slippage is None else f", slippage {each.slippage:.4f} {each.settle}"
    fee = "" if each.fee is None else f", fee {each.fee:.4f} {each.settle}"
    head = f"{verb} at about {each.average:.{each.decimals}f}{slip}{fee}"
    return [head, *(f"  takes {level.lots} lots @ {level.price}" for level in each.levels[:5])]


def _shown(receipt: Receipt) -> list[str]:
    counts = (
        f"{len(receipt.orders_left)} orders, {len(receipt.positions_left)} positions, {len(receipt.stops_left)} stops"
    )
    left = (*receipt.orders_left, *receipt.positions_left, *receipt.stops_left)
    return [f"The exchange shows of ours now: {counts}", *(f"  {line}" for line in left)]
