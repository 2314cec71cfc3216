"""The values the books are made of."""

from __future__ import annotations

import msgspec

from radtui.core.order import OrderReport, OrderType, Side
from radtui.simserver.ticket import Terms, Ticket


def test_a_ticket_is_done_when_its_report_says_so() -> None:
    report = OrderReport(
        order_id="1", client_id="c", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1, active=True
    )
    ticket = Ticket(id="1", report=report, terms=Terms(), created_at=1, updated_at=1)
    assert not ticket.done
    ticket.report = msgspec.structs.replace(report, active=False)
    assert ticket.done


def test_terms_that_were_not_given_are_those_of_a_plain_order() -> None:
    terms = Terms()
    assert (terms.leverage, terms.tif, terms.remark, terms.stp) == ("1", "GTC", None, "")
