from radtui.core.commands import Cancel
from radtui.core.events import JournalChanged
from radtui.core.instruction import Ask
from radtui.core.orders import Purpose
from tests.core.holdings import holding
from tests.core.rim import Rim


def test_a_receipt_that_cannot_be_written_says_why() -> None:
    rim = Rim()
    rim.feed_read()
    rim.feed(JournalChanged(rim.at, "the disk is full"))
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert (rim.receipts[told].success, rim.receipts[told].unwritten) == (True, "the disk is full")
    rim.feed(JournalChanged(rim.at, ""))
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    assert rim.receipts[told].unwritten == ""


def test_a_stop_that_somebody_deleted_while_nobody_flew_is_not_one_that_we_cancelled() -> None:
    rim = holding()
    (stop,) = rim.venue.open_orders()
    rim.venue.cancel(stop.symbol, stop.client_id)
    rim.venue.drain()
    rim.crash(100_000)
    told = rim.tell(Ask.EMERGENCY_STOP)
    rim.calm()
    receipt = rim.receipts[told]
    assert receipt.success
    assert len(receipt.closed) == 1
    (replacement,) = receipt.cancelled
    assert replacement.client_id != stop.client_id
    assert not any(stop.client_id in line for line in receipt.stops_cancelled)


def test_a_stop_that_we_cancelled_is_so_also_where_the_answer_came_after_a_crash() -> None:
    rim = holding()
    (stop,) = rim.venue.open_orders()
    told = rim.tell(Ask.EMERGENCY_STOP)
    while not rim.core.trading.orders.live(Purpose.STOP)[0].cancelling:
        rim.deliver()
        if rim.pending and not isinstance(rim.pending[0], Cancel):
            rim.carry()
        rim.feed_read()
        rim.pass_time(0.1)
    rim.venue.cancel(stop.symbol, stop.client_id)
    rim.venue.drain()
    rim.crash(100_000)
    rim.calm()
    assert [each.client_id for each in rim.receipts[told].cancelled] == [stop.client_id]
