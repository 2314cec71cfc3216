"""Room for lines: no token, and not all that may only look, keep out who leads; the control socket has its own."""

from __future__ import annotations

from contextlib import ExitStack

from radtui.api.keyring import Caller, Scope
from radtui.api.streams.room import MOST, OF_ONE, OUTSIDE, READERS, Line, Room

HERE = Line(Caller("cli:alice", Scope.CONTROL), outside=False)
LEADS = Line(Caller("api:lead", Scope.CONTROL), outside=True)


def looks(number: int) -> Line:
    return Line(Caller(f"api:look{number}", Scope.READ), outside=True)


def opened(room: Room, held: ExitStack, line: Line) -> int:
    """Open lines until there is no room, and return how many."""
    count = 0
    while not room.denied(line):
        held.enter_context(room.taken(line))
        count += 1
    return count


def test_each_share_ends_where_it_should() -> None:
    room = Room()
    with ExitStack() as held:
        assert opened(room, held, looks(1)) == OF_ONE
        assert room.denied(looks(1)) == (
            f"{OF_ONE} lines are open with this token already: close one, or try again later"
        )
        assert opened(room, held, looks(2)) == READERS - OF_ONE
        assert "may only look" in room.denied(looks(3))
        assert opened(room, held, LEADS) == OUTSIDE - READERS
        assert "over TCP" in room.denied(LEADS)
        assert opened(room, held, HERE) == MOST - OUTSIDE
        assert room.denied(HERE).startswith(f"{MOST} lines are open already")
    assert not any(map(room.denied, (HERE, LEADS, looks(1))))
