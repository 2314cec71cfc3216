"""What a crash leaves of a journal: all that was durable, and of the rest a beginning at most."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.facts import Envelope, Instructed, Receipted, Trouble
from radtui.core.instruction import Ask, Instruction, Receipt
from radtui.resilience.virtual import run_virtual
from radtui.simserver.explore.disk import Disk, TornJournal


def trouble(sequence: int) -> Envelope:
    return Envelope(sequence=sequence, bot="x", at=0, who="test", fact=Trouble("k", "m", "w"))


@given(durable=st.integers(0, 5), queued=st.integers(0, 8), share=st.floats(0.0, 1.0), full=st.booleans())
def test_a_torn_journal_is_a_beginning_of_what_was_written(durable: int, queued: int, share: float, full: bool) -> None:
    disk = Disk()

    async def life() -> None:
        journal = TornJournal(disk, lambda: 0.5)
        journal.keep([trouble(number) for number in range(durable)])
        await asyncio.sleep(1.0)
        if full:
            journal.fail("the disk is full")
        journal.keep([trouble(durable + number) for number in range(queued)])
        journal.tear(share)
        await asyncio.sleep(1.0)

    run_virtual(life())
    left = [envelope.sequence for envelope in disk.facts]
    assert left == list(range(durable + (0 if full else round(share * queued))))


def test_a_receipt_is_known_until_another_wish_is_heard() -> None:
    disk = Disk()
    receipt = Receipt(id="1", ask=Ask.STOP, success=True, message="", status="stopped", at=0)
    disk.take(Envelope(sequence=1, bot="x", at=0, who="a", fact=Receipted(receipt)))
    assert disk.receipt is receipt
    for number, ask in enumerate((Ask.SHUTDOWN, Ask.RESET_METRICS)):  # neither is a wish
        told = Instructed(Instruction(id=f"{number}", ask=ask, who="a"))
        disk.take(Envelope(sequence=2, bot="x", at=0, who="a", fact=told))
        assert disk.receipt is receipt
    disk.take(
        Envelope(sequence=3, bot="x", at=0, who="a", fact=Instructed(Instruction(id="3", ask=Ask.START, who="a")))
    )
    assert disk.receipt is None
