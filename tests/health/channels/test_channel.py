"""A channel that is slow, dead, or hangs delays nobody, forgets nothing too early, and never grows for ever."""

from __future__ import annotations

import time
from threading import Event
from typing import Any

import pytest

from radtui.health.channels.channel import Channel, Undelivered
from radtui.health.channels.message import Message
from radtui.resilience.backoff import Backoff

SOON = 5.0
QUICK = Backoff(base=0.01, maximum=0.02, floor=0.0, retries=50)


class Carrier:
    """Delivers, fails while `failing` says why, or hangs until it is released."""

    kind = "test"

    def __init__(self, failing: str = "", *, hangs: bool = False) -> None:
        self.failing = failing
        self.error: Exception | None = None
        self.release = Event()
        self.tried = 0
        self.came = Event()
        self.delivered: list[Message] = []
        if not hangs:
            self.release.set()

    def carry(self, message: Message) -> None:
        self.tried += 1
        self.came.set()
        self.release.wait()
        if self.error:
            raise self.error
        if self.failing:
            raise Undelivered(self.failing)
        self.delivered.append(message)


def message(number: int = 1) -> Message:
    return Message(title=f"t{number}", body=f"b{number}")


def channel(carrier: Carrier, **options: Any) -> Channel:
    made = Channel("phone", carrier, **{"backoff": QUICK, "now": lambda: 77, **options})
    made.open()
    return made


def until(true: Any) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_what_is_sent_is_delivered_in_order() -> None:
    carrier = Carrier()
    way = channel(carrier)
    assert way.view().state == "unused"
    for number in range(3):
        way.send(message(number))
        until(lambda: len(carrier.delivered) == number + 1)  # noqa: B023 - waited for within the same turn
    assert [each.title for each in carrier.delivered] == ["t0", "t1", "t2"]
    way.close(SOON)
    assert (way.view().state, way.view().delivered, way.view().since) == ("works", 3, 77)


def test_sending_never_waits_for_one_that_hangs() -> None:
    carrier = Carrier(hangs=True)
    way = channel(carrier)
    began = time.monotonic()
    for number in range(1000):
        way.send(message(number))
    assert time.monotonic() - began < 0.5
    carrier.release.set()
    way.close(SOON)


def test_what_hangs_is_dead_after_its_time_and_not_tried_twice_at_once() -> None:
    carrier = Carrier(hangs=True)
    way = channel(carrier, within=0.02)
    way.send(message())
    until(lambda: way.view().why == "an earlier try still hangs")
    assert (way.view().state, carrier.tried, way.view().waiting) == ("dead", 1, 1)
    carrier.release.set()
    until(lambda: way.view().state == "works")
    way.close(SOON)


def test_it_is_tried_again_until_it_gets_through_and_then_as_one_letter() -> None:
    carrier = Carrier("connection refused")
    way = channel(carrier)
    way.send(message(1))
    until(lambda: carrier.tried >= 2)
    way.send(message(2))
    way.send(message(3))
    assert (way.view().state, way.view().why) == ("dead", "connection refused")
    carrier.failing = ""
    until(lambda: way.view().delivered == 3)
    way.close(SOON)
    assert [each.title for each in carrier.delivered] in (["t3 (and 2 more)"], ["t1", "t3 (and 1 more)"])
    assert way.view().why == ""


def test_it_gives_up_after_many_tries_and_counts_what_it_gave_up() -> None:
    carrier = Carrier("gone")
    way = channel(carrier, backoff=Backoff(base=0.001, maximum=0.001, floor=0.0, retries=3))
    way.send(message())
    until(lambda: way.view().dropped == 1)
    assert (carrier.tried, way.view().waiting) == (4, 0)
    way.close(SOON)


def test_too_many_that_wait_push_out_the_oldest_and_are_counted() -> None:
    carrier = Carrier("gone")
    way = channel(carrier, most=5, backoff=Backoff(base=30.0))
    way.send(message(0))
    until(lambda: way.view().state == "dead")
    for number in range(1, 10):
        way.send(message(number))
    assert (way.view().waiting, way.view().dropped) == (5, 5)
    way.close(SOON)


def test_a_test_comes_first_once_and_says_why_it_failed() -> None:
    carrier = Carrier("wrong password")
    way = channel(carrier, backoff=Backoff(base=60.0, maximum=60.0))
    way.send(message(1))
    until(lambda: way.view().state == "dead")
    assert way.test(message(2)).result(SOON) == "wrong password"
    assert carrier.tried == 2
    carrier.failing = ""
    assert way.test(message(3)).result(SOON) == ""
    until(lambda: len(carrier.delivered) == 2)  # what waited follows at once, for the way is open
    assert [each.title for each in carrier.delivered] == ["t3", "t1"]
    way.close(SOON)


def test_a_closed_one_answers_tests_and_ends_its_thread() -> None:
    way = channel(Carrier())
    way.close(SOON)
    assert way.test(message()).result(SOON) == "it is closed"


def test_closing_sends_what_waits_but_waits_for_nobody_who_hangs() -> None:
    carrier = Carrier()
    way = channel(carrier)
    way.send(message())
    way.close(SOON)
    assert len(carrier.delivered) == 1
    stuck = Carrier(hangs=True)
    other = channel(stuck)
    other.send(message())
    assert stuck.came.wait(SOON)
    began = time.monotonic()
    other.close(0.05)
    assert time.monotonic() - began < 1.0
    stuck.release.set()


def test_a_dead_one_is_not_tried_once_more_at_the_end() -> None:
    carrier = Carrier("gone")
    way = channel(carrier, backoff=Backoff(base=60.0, maximum=60.0))
    way.send(message())
    until(lambda: way.view().state == "dead")
    began = time.monotonic()
    way.close(SOON)
    assert time.monotonic() - began < SOON / 2, "nor waited for"
    assert carrier.tried == 1


@pytest.mark.parametrize("error", [ValueError("secret-in-the-text"), KeyError("secret-in-the-text")])
def test_a_fault_of_the_library_is_named_by_its_kind_alone(error: Exception) -> None:
    carrier = Carrier()
    carrier.error = error
    way = channel(carrier, backoff=Backoff(base=60.0))
    assert way.test(message()).result(SOON) == f"it broke down: {type(error).__name__}"
    way.close(SOON)
