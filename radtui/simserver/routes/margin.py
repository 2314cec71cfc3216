"""The margin of isolated positions, and the level of their risk limit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.order import MarginMode, PositionSide
from radtui.simserver.endpoints import Call, Endpoint
from radtui.simserver.happenings import AutoDepositSet, MarginMoved, RiskLimitSet
from radtui.simserver.params import wrong
from radtui.simserver.refusals import no_position
from radtui.simserver.render import position as render
from radtui.simserver.render.figures import text
from radtui.simserver.routes.rows import futures, named
from radtui.venue.chance import stream


def deposit(call: Call) -> object:
    """Add margin to a position; a repeated ``bizNo`` is done once."""
    symbol, number = named(call).symbol, call.params.required("bizNo")
    amount = _amount(call, "margin")
    side = _position(call, symbol).position_side
    if number not in call.floor.deposits:
        call.floor.venue.add_margin(symbol, amount, side)
        call.floor.deposits.add(number)
        call.floor.say(MarginMoved(symbol))
    user = stream(call.floor.user_id) % 10**9
    return render.position(call.floor, _position(call, symbol)) | {"userId": user}


def withdraw(call: Call) -> object:
    """Take margin out of a position and answer how much, as text."""
    symbol = named(call).symbol
    amount = _amount(call, "withdrawAmount")
    side = _position(call, symbol).position_side
    call.floor.venue.withdraw_margin(symbol, amount, side)
    call.floor.say(MarginMoved(symbol))
    return text(amount)


def most_to_withdraw(call: Call) -> object:
    """Answer how much margin a position can do without, as text."""
    symbol = named(call).symbol
    side = _position(call, symbol).position_side
    return text(call.floor.venue.max_withdraw_margin(symbol, side))


def auto_deposit(call: Call) -> object:
    """Choose whether a position tops up its own margin."""
    symbol, on = named(call).symbol, call.params.flag("status")
    call.floor.venue.set_auto_deposit(symbol, on)
    call.floor.say(AutoDepositSet(symbol, on))
    return True


def change_risk_limit(call: Call) -> object:
    """Change the level of a contract's risk limit; its open orders are cancelled, the outcome comes on the socket."""
    symbol, level = named(call).symbol, call.params.whole("level")
    if level is None or level < 1:
        raise wrong("level")
    call.floor.venue.set_risk_level(symbol, level)
    call.floor.say(RiskLimitSet(symbol, level))
    return True


def _amount(call: Call, name: str) -> Decimal:
    amount = call.params.decimal(name)
    if amount is None or amount <= 0:
        raise wrong(name)
    return amount


def _position(call: Call, symbol: str) -> PositionReport:
    """Return the isolated position that is meant: in hedge mode ``positionSide`` says which, else the first."""
    at = call.params.choice("positionSide", PositionSide, PositionSide.BOTH)
    for report in call.floor.venue.positions():
        isolated = report.margin_mode.upper() == MarginMode.ISOLATED
        if report.symbol == symbol and isolated and at in (PositionSide.BOTH, report.position_side):
            return report
    raise no_position()


ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    futures("GET", "/api/v1/margin/maxWithdrawMargin", 10, most_to_withdraw),
    futures("POST", "/api/v1/position/margin/deposit-margin", 4, deposit),
    futures("POST", "/api/v1/margin/withdrawMargin", 10, withdraw),
    futures("POST", "/api/v1/position/margin/auto-deposit-status", 4, auto_deposit),
    futures("POST", "/api/v1/position/risk-limit-level/change", 5, change_risk_limit),
)
