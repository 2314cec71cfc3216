"""Every refusal says what happened, what it means for the money and what to do, without the database's jargon."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from radtui.store.faults import cannot_write, damaged, foreign, newer, unsupported, unusable, unwritable

FILE = Path("/state/journal.db")


def sqlite_error(name: str) -> OperationalError:
    origin = sqlite3.OperationalError("database disk image is malformed")
    origin.sqlite_errorname = name
    return OperationalError("INSERT INTO fills ...", (), origin)


NAMES = ["SQLITE_FULL", "SQLITE_READONLY_DBMOVED", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_CORRUPT", "SQLITE_NOTADB"]
ERRORS = [
    *(sqlite_error(name) for name in [*NAMES, "SQLITE_IOERR_FSYNC", "SQLITE_NEW"]),
    PermissionError(13, "No"),
    ValueError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_what_stops_a_start_says_that_the_exchange_is_untouched_and_what_to_do(error: Exception) -> None:
    text = str(unusable(FILE, error))
    assert text.startswith("The journal /state/journal.db ")
    assert "stops on the exchange are untouched; nothing was started." in text
    assert "aside" in text or "choose another place" in text
    assert "SQLITE" not in text
    assert "INSERT" not in text


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_what_stops_writing_says_what_goes_on_and_what_to_do(error: Exception) -> None:
    text = unwritable(FILE, error)
    assert text.startswith("The journal cannot be written: ")
    assert "No new entries; stops stay on the exchange." in text
    assert "then writing goes on by itself" in text
    assert "/state" in text
    assert "INSERT" not in text


def test_the_reason_is_told_in_words() -> None:
    assert "the disk is full" in unwritable(FILE, sqlite_error("SQLITE_FULL"))
    assert "it may only be read" in unwritable(FILE, sqlite_error("SQLITE_READONLY_DIRECTORY"))
    assert "the disk does not answer properly" in unwritable(FILE, sqlite_error("SQLITE_IOERR_WRITE"))
    assert "is damaged: some of its pages are broken." in str(unusable(FILE, sqlite_error("SQLITE_CORRUPT_VTAB")))
    assert cannot_write("tired", "Rest").endswith("Rest, then writing goes on by itself and nothing queued is lost.")


def test_other_refusals_name_the_way_out() -> None:
    assert "journal.db-wal" in str(damaged(FILE, "torn"))
    assert "Choose another file" in str(foreign(FILE))
    assert "Start the newer radtui" in str(newer(FILE, "0009", "0001"))
    assert "give a file name or sqlite:///FILE" in str(unsupported("mysql"))
