"""The places on the TCP port: who has shown no right token shares some, and each token has its own.

Where they are full, one goes who has the most: connections cost a stranger nothing, so the newest one could be the
operator's, who is about to show their token.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

MOST_OF_ONE: Final = 32
"""Connections of one address without a right token, and of one token."""
STRANGERS: Final = 64
"""Connections without a right token, all together."""
PLACE: Final = "place"
"""Under which the state of a request has the place that it came from."""


class Place:
    """One connection's.

    Args:
        drop: hangs up, and logs the reason. busy: whether a request is being answered there.
    """

    def __init__(self, places: Places, address: str, drop: Callable[[str], None], busy: Callable[[], bool]) -> None:
        self._places = places
        self.holder, self.known = neighbourhood(address), False
        self.drop, self.busy = drop, busy

    def claim(self, name: str) -> bool:
        """A right token was shown here: it is `name`'s from now on. False: they have too many that are being answered.

        A place that was left, for a stream, is nobody's and always granted.
        """
        return self._places.claim(self, name)

    def leave(self) -> None:
        """The connection has ended, or has become something else."""
        self._places.leave(self)


class Places:
    """Those of one port."""

    def __init__(self) -> None:
        self._taken: dict[Place, None] = {}  # the oldest first

    def __len__(self) -> int:
        return len(self._taken)

    def arrive(self, address: str, drop: Callable[[str], None], busy: Callable[[], bool]) -> Place:
        """Return the place of a new connection; for it an older one may have to go."""
        place = Place(self, address, drop, busy)
        self._taken[place] = None
        held = Counter(each.holder for each in self._taken if not each.known)
        if held[place.holder] > MOST_OF_ONE:
            self._drop_one(place.holder, f"more than {MOST_OF_ONE} connections without a token")
        elif held.total() > STRANGERS:
            crowd, _ = held.most_common(1)[0]
            self._drop_one(crowd, f"more than {STRANGERS} connections without a token, from all addresses")
        return place

    def claim(self, place: Place, name: str) -> bool:
        """Give a place to the holder of a token."""
        if place not in self._taken or (place.known and place.holder == name):
            return True
        theirs = [each for each in self._taken if each.known and each.holder == name]
        if len(theirs) >= MOST_OF_ONE:
            idle = next((each for each in theirs if not each.busy()), None)
            if idle is None:
                return False
            self._end(idle, f"more than {MOST_OF_ONE} connections of {name}")
        place.holder, place.known = name, True
        return True

    def leave(self, place: Place) -> None:
        """Free a place, if it is not free already."""
        self._taken.pop(place, None)

    def _drop_one(self, holder: str, why: str) -> None:
        """Hang up on the stranger who has been here the longest."""
        self._end(next(each for each in self._taken if not each.known and each.holder == holder), why)

    def _end(self, place: Place, why: str) -> None:
        self.leave(place)
        place.drop(why)


def neighbourhood(address: str) -> str:
    """Return what counts as one address: of IPv6 whoever has one has 2⁶⁴ of them."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
    return str(known)
