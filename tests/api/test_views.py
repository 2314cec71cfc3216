"""What is said while a stop has no receipt: why, and for how long the exchange has been silent."""

from __future__ import annotations

import msgspec
import pytest

from radtui.api.views import GOING_ON, unanswered
from radtui.core.config import CoreConfig
from radtui.core.core import Core
from radtui.core.market import SECOND
from radtui.core.recovery_report import ReconcileView
from radtui.core.snapshot import Snapshot
from radtui.core.stopping_view import FlattenView, StoppingView
from radtui.core.view import snapshot

AT = 1_767_225_600 * SECOND
FLATTENING = FlattenView(phase="closing positions", since=AT, attempts=0, remaining=())
STOPPING = StoppingView(asks=("stop",), since=AT)


def shown(*, read_at: int | None, **more: object) -> Snapshot:
    """Return what is seen 20 s after the order, of an exchange that was read at `read_at`."""
    bare = snapshot(Core(CoreConfig(bot="t", boot=AT)), 1, AT + 20 * SECOND, ())
    return msgspec.structs.replace(bare, reconcile=ReconcileView(last_at=read_at), **more)


@pytest.mark.parametrize("way", [{"flatten": FLATTENING}, {"stopping": STOPPING}], ids=["flatten", "stop"])
@pytest.mark.parametrize(
    ("read_at", "said"),
    [
        (None, "; the exchange has not answered yet"),
        (AT + 12 * SECOND, "; the exchange has not answered for 8 s"),
        (AT + 19 * SECOND, ""),
    ],
)
def test_an_exchange_that_is_silent_is_told_while_a_stop_waits_for_it(
    way: dict[str, object], read_at: int | None, said: str
) -> None:
    assert unanswered("i1", shown(read_at=read_at, **way)).message == f"{GOING_ON}{said}"


def test_the_reason_that_is_known_goes_before_the_silence() -> None:
    failing = msgspec.structs.replace(FLATTENING, failing="no answer within 15 s")
    message = unanswered("i1", shown(read_at=None, flatten=failing)).message
    assert message == f"{GOING_ON}; the exchange cannot be read: no answer within 15 s"


def test_what_waits_for_no_exchange_says_nothing_of_it() -> None:
    assert unanswered("i1", shown(read_at=None)).message == GOING_ON
