"""How long orders take: from the intent to the request, to the exchange's word, to the last lot (row H1).

Only what this process saw from its sending on is counted: an order that waited over a restart says nothing of the line.
A stop, or an order at a price of its own, rests until the market comes; how long that takes is the market's matter and
is not counted.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.timing_view import HistogramView
from radtui.health.histogram import Histogram

SENDING: Final = "sending"
ACCEPTING: Final = "accepting"
FILLING: Final = "filling"
_STAGES: Final = (SENDING, ACCEPTING, FILLING)
_KEPT: Final = 1000
"""Orders on their way that are remembered; of more than these the oldest is not timed."""
_CONFIRMED: Final = frozenset({OrderState.ACCEPTED, OrderState.WORKING, OrderState.FILLED})


class OrderTimes:
    """Told of every change of an order, on the engine's thread."""

    def __init__(self) -> None:
        self._histograms = {
            (stage, purpose): Histogram()
            for stage in _STAGES
            for purpose in Purpose
            if (stage, purpose) != (FILLING, Purpose.STOP)
        }
        self._sent: OrderedDict[str, int] = OrderedDict()
        self._confirmed: OrderedDict[str, int] = OrderedDict()

    def note(self, order: Order) -> None:
        """Take an order as it stands now."""
        if order.state is OrderState.SENT:
            self._send(order)
        elif order.state in _CONFIRMED:
            self._confirm(order)
        if order.done:
            self._end(order)

    def views(self) -> tuple[HistogramView, ...]:
        """Return a histogram of each stage and purpose."""
        return tuple(histogram.view(stage, purpose.value) for (stage, purpose), histogram in self._histograms.items())

    def _send(self, order: Order) -> None:
        if order.client_id not in self._sent and order.client_id not in self._confirmed:
            _keep(self._sent, order.client_id, order.sent_at)
            self._histograms[SENDING, order.purpose].add(order.sent_at - order.intended_at)

    def _confirm(self, order: Order) -> None:
        sent_at = self._sent.pop(order.client_id, None)
        if sent_at is not None:
            self._histograms[ACCEPTING, order.purpose].add(order.updated_at - sent_at)
            _keep(self._confirmed, order.client_id, order.updated_at)

    def _end(self, order: Order) -> None:
        self._sent.pop(order.client_id, None)
        confirmed_at = self._confirmed.pop(order.client_id, None)
        filling = self._histograms.get((FILLING, order.purpose))
        rested = filling is None or order.request.may_rest
        if confirmed_at is not None and order.state is OrderState.FILLED and filling is not None and not rested:
            filling.add(order.updated_at - confirmed_at)


def _keep(kept: OrderedDict[str, int], client_id: str, at: int) -> None:
    kept[client_id] = at
    if len(kept) > _KEPT:
        kept.popitem(last=False)
