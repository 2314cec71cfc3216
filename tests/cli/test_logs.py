"""One JSON object a line, without secrets, never in the way of the engine."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import structlog
from pydantic import SecretStr

from radtui.cli import logs


@pytest.fixture(autouse=True)
def undisturbed() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.raiseExceptions)
    yield
    root.handlers[:], root.level, logging.raiseExceptions = before
    root.setLevel(before[1])
    structlog.reset_defaults()


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_our_lines_and_those_of_libraries_look_alike(tmp_path: Path) -> None:
    close = logs.configure("info", tmp_path / "x.log")
    structlog.get_logger("radtui.engine").info("order sent", price=Decimal("1.10"), odd=float("nan"))
    logging.getLogger("elsewhere").warning("said %s", "so")
    structlog.get_logger("radtui.engine").debug("too fine")
    close()
    ours, theirs = lines(tmp_path / "x.log")
    assert (ours["event"], ours["level"], ours["logger"], ours["price"]) == (
        "order sent",
        "info",
        "radtui.engine",
        "1.10",
    )
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("said so", "warning", "elsewhere")
    assert set(theirs) == {"event", "level", "logger", "timestamp"}


def test_no_secret_reaches_the_log(tmp_path: Path) -> None:
    close = logs.configure("debug", tmp_path / "x.log")
    log = structlog.get_logger("radtui")
    log.info("sent", headers={"KC-API-SIGN": "hunter2a"}, key=SecretStr("hunter2b"), passphrase="hunter2c")
    logging.getLogger("any").info("GET https://h/?token=hunter2d Bearer hunter2efgh")
    try:
        int("secret='hunter2 f'")
    except ValueError:
        log.exception("failed")
    close()
    text = (tmp_path / "x.log").read_text()
    assert len(lines(tmp_path / "x.log")) == 3
    assert "hunter2" not in text
    assert "ValueError" in text


def test_chatty_libraries_are_quiet(tmp_path: Path) -> None:
    close = logs.configure("debug", tmp_path / "x.log")
    logging.getLogger("httpx").info("GET https://h/x")
    close()
    assert lines(tmp_path / "x.log") == []


def test_a_second_configuration_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first = logs.configure("info", tmp_path / "a.log")
    second = logs.configure("info", tmp_path / "b.log")
    logging.getLogger("any").info("once")
    second()
    first()
    assert (len(lines(tmp_path / "a.log")), len(lines(tmp_path / "b.log"))) == (0, 1)


_STUCK = """
import logging
from radtui.cli import logs
logs._LAST_LINES, logs._QUEUED = 0.2, 300
close = logs.configure("info", "stderr")
for n in range(1500): logging.getLogger("any").info("x" * 100)
close()
print("flown on")
"""


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="needs a file that takes nothing")
def test_a_full_disk_does_not_keep_a_command_from_its_end(tmp_path: Path) -> None:
    (tmp_path / "radtui.log").symlink_to("/dev/full")
    close = logs.configure("info", tmp_path / "radtui.log")
    logging.getLogger("radtui.test").info("kept by nobody")
    close()


def test_a_reader_that_is_stuck_does_not_stop_the_engine() -> None:
    reader, writer = os.pipe()
    done = subprocess.run(
        [sys.executable, "-c", _STUCK], stdout=subprocess.PIPE, stderr=writer, timeout=30, check=False
    )
    os.close(writer)
    os.close(reader)
    assert (done.returncode, done.stdout) == (0, b"flown on\n")


def test_a_reader_that_has_left_does_not_stop_the_engine() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-c", _STUCK], stdout=subprocess.PIPE, stderr=writer, timeout=30, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stdout) == (0, b"flown on\n")
