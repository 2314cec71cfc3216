"""The protocol of the service manager: who is told, how, and that nobody ever waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.cli import notify
from radtui.cli.notify import ServiceManager
from tests.cli.managers import Listener


@pytest.fixture(params=["path", "abstract"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    found = Listener(tmp_path, f"@radtui-{uuid4().hex}" if request.param == "abstract" else "")
    yield found
    found.close()


def test_words_arrive_in_one_datagram_on_either_kind_of_socket(listener: Listener) -> None:
    manager = ServiceManager.of({"NOTIFY_SOCKET": listener.address}, 1)
    assert manager is not None
    assert manager.tell(notify.READY, notify.status("all is well"))
    assert listener.heard() == ["READY=1", "STATUS=all is well"]


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "relative"])
def test_without_an_address_that_it_knows_there_is_nobody(address: str) -> None:
    assert ServiceManager.of({"NOTIFY_SOCKET": address}, 1) is None
    assert ServiceManager.of({}, 1) is None


@pytest.mark.parametrize(
    ("variables", "seconds"),
    [
        ({"WATCHDOG_USEC": "3000000"}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "7"}, 3.0),
        ({"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "8"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_ours_only_where_it_is_meant_for_this_process(
    variables: dict[str, str], seconds: float | None
) -> None:
    manager = ServiceManager.of({"NOTIFY_SOCKET": "/x", **variables}, 7)
    assert manager is not None
    assert manager.watchdog == seconds


def test_a_manager_that_is_gone_or_does_not_read_holds_nobody_up(tmp_path: Path) -> None:
    listener = Listener(tmp_path)
    manager = ServiceManager(listener.address)
    taken = sum(manager.tell(notify.WATCHDOG) for _ in range(2_000))
    assert 0 < taken < 2_000  # its queue is full, and the rest is not waited for
    listener.close()
    assert not manager.tell(notify.WATCHDOG)
    assert not ServiceManager(str(tmp_path / "never")).tell(notify.WATCHDOG)


@given(st.text())
def test_a_status_is_one_line_and_says_nothing_else(text: str) -> None:
    word = notify.status(text)
    assert len(word.splitlines()) == 1
    assert len(word) <= 410


def test_time_is_asked_for_in_microseconds() -> None:
    assert notify.extend(1.5) == "EXTEND_TIMEOUT_USEC=1500000"
