from radtui.core.events import JournalChanged
from radtui.core.instruction import Ask
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
