"""The account on the feed: wallet, positions, modes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.market import Ticked
from radtui.core.money import ZERO, ratio
from radtui.core.order import Fill, FillKind, MarginMode, PositionSide
from radtui.simserver.floor import Floor, Said
from radtui.simserver.happenings import (
    AutoDepositSet,
    CrossLeverageSet,
    MarginModeSet,
    MarginMoved,
    RiskLimitSet,
    Transferred,
)
from radtui.simserver.news.news import News
from radtui.simserver.push import account as push
from radtui.simserver.push import positions as shown
from radtui.simserver.push.account import Held
from radtui.simserver.push.message import Message, private
from radtui.simserver.push.positions import Reason
from radtui.simserver.render.position import position
from radtui.simserver.topics import CROSS_LEVERAGE, MARGIN_MODE, POSITION, POSITIONS, WALLET
from radtui.venue.chance import stream

_CHANGE = "position.change"


class AccountNews:
    """Turns what the venue and the requests say of the account into messages."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._versions: dict[str, int] = {}
        self._last: dict[str, AccountReport] = {}
        self._positions: dict[tuple[str, PositionSide], PositionReport] = {}

    def hear(self, said: Sequence[Said]) -> Iterator[News]:
        """Yield what is to be said of a batch."""
        traded: dict[str, Reason] = {}
        marked: dict[str, None] = {}
        for message in said:
            match message:
                case Fill():
                    liquid = message.kind is FillKind.LIQUIDATION
                    traded[message.symbol] = Reason.LIQUIDATION if liquid else Reason.POSITION
                case PositionReport():
                    yield from self._position(message, traded.get(message.symbol, Reason.MARGIN))
                case AccountReport():
                    yield from self._wallet(message)
                case FundingPaid():
                    yield from self._settlement(message)
                case Ticked():
                    marked[message.symbol] = None
                case _:
                    yield from self._happening(message)
        yield from self._marked(marked)

    def _happening(self, message: Said) -> Iterator[News]:
        match message:
            case MarginModeSet():
                yield self._private(MARGIN_MODE, "user.config", push.margin_modes(message.modes))
            case CrossLeverageSet():
                data = push.cross_leverage(message.symbol, message.leverage)
                yield self._private(CROSS_LEVERAGE, "user.config", data)
            case RiskLimitSet():
                data = shown.risk_limit(message.level, success=message.success, why=message.message)
                yield from self._positional(message.symbol, "position.adjustRiskLimit", data)
            case MarginMoved():
                yield from self._reread(message.symbol, Reason.MARGIN)
            case AutoDepositSet():
                self._forget(message.symbol)
                yield from self._reread(message.symbol, Reason.AUTO_DEPOSIT)
            case Transferred():
                yield from self._transferred(message.currency)
            case _:
                return

    def _position(self, report: PositionReport, reason: Reason) -> Iterator[News]:
        key = report.symbol, report.position_side
        if self._positions.get(key) == report:
            return
        if report.lots:
            self._positions[key] = report
        else:
            self._positions.pop(key, None)
        yield from self._positional(report.symbol, _CHANGE, shown.changed(position(self._floor, report), reason))

    def _reread(self, symbol: str, reason: Reason) -> Iterator[News]:
        for report in self._floor.venue.positions():
            if report.symbol == symbol:
                yield from self._position(report, reason)

    def _forget(self, symbol: str) -> None:
        for side in PositionSide:
            self._positions.pop((symbol, side), None)

    def _marked(self, symbols: dict[str, None]) -> Iterator[News]:
        """Say once a batch what the last mark price made of the positions that were open before it."""
        if not self._positions or not symbols:
            return
        for report in self._floor.venue.positions():
            key = report.symbol, report.position_side
            before = self._positions.get(key)
            if report.symbol in symbols and (before is None or before.mark != report.mark):
                self._positions[key] = report
                yield from self._positional(report.symbol, _CHANGE, shown.marked(position(self._floor, report)))

    def _settlement(self, paid: FundingPaid) -> Iterator[News]:
        instrument = self._floor.instruments[paid.symbol]
        data = shown.settled(paid, instrument, self._floor.wall(paid.at), self._floor.now())
        yield from self._positional(paid.symbol, "position.settlement", data)

    def _wallet(self, account: AccountReport) -> Iterator[News]:
        """Yield what changed; the full picture comes last, since some clients keep the last message they got."""
        at, currency = self._floor.now(), account.currency
        last = self._last.get(currency)
        if last == account:
            return
        self._last[currency] = account
        version = self._versions[currency] = self._versions.get(currency, 0) + 1
        held = self._held(account)
        data = push.wallet(account, held[MarginMode.ISOLATED], held[MarginMode.CROSS], version, at)
        name = f"{stream(self._floor.user_id, currency, version):024x}"[-24:]
        if last is None or last.order_margin != account.order_margin:
            yield self._private(WALLET, "orderMargin.change", push.order_margin(account, at), name)
        if last is None or last.available != account.available:
            yield self._private(WALLET, "availableBalance.change", push.available_balance(account, at), name)
        yield self._private(WALLET, "walletBalance.change", data, name)

    def _transferred(self, currency: str) -> Iterator[News]:
        yield from self._wallet(self._floor.venue.account(currency))
        yield self._private(WALLET, "withdrawHold.change", push.withdraw_hold(currency, self._floor.now()))

    def _held(self, account: AccountReport) -> dict[MarginMode, Held]:
        """Return what positions and orders hold, by margin mode; orders hold according to value over leverage."""
        margins, profits, weights = (dict.fromkeys(MarginMode, ZERO) for _ in range(3))
        instruments = self._floor.instruments
        for report in self._floor.venue.positions():
            if instruments[report.symbol].settle == account.currency:
                mode = MarginMode(report.margin_mode.upper())
                margins[mode] += report.margin
                profits[mode] += report.unrealised
        for order in self._floor.venue.open_orders():
            instrument = instruments[order.symbol]
            if instrument.settle == account.currency and not order.reduce_only and not order.waits:
                value = abs(instrument.notional(order.price or Decimal(1), order.lots - order.filled_lots))
                weights[order.margin_mode] += ratio(value, Decimal(max(1, order.leverage)))
        cross = ratio(account.order_margin * weights[MarginMode.CROSS], sum(weights.values(), ZERO))
        orders = {MarginMode.CROSS: cross, MarginMode.ISOLATED: account.order_margin - cross}
        return {mode: Held(margins[mode], orders[mode], profits[mode]) for mode in MarginMode}

    def _positional(self, symbol: str, subject: str, data: Message) -> Iterator[News]:
        yield self._private(POSITIONS, subject, data)
        yield self._private(f"{POSITION}:{symbol}", subject, data)

    def _private(self, topic: str, subject: str, data: Message, name: str = "") -> News:
        return News(topic, private(self._floor.user_id, subject, data, name))
