"""What a guardian leaves on disk is there after a crash, and a torn line hides no other."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from radtui.core.guarding import Deed, Did, Phase, untold
from radtui.guard.journal import Memory, MemoryFile, Record
from tests.guard.makers import BOT, beat, cover


def deed(did: Did, text: str = "") -> Deed:
    return Deed(at=1, bot=BOT, boot=1, did=did, text=text)


def test_deeds_are_added_and_read_in_order(tmp_path: Path) -> None:
    record = Record(tmp_path / "r.jsonl")
    assert list(record.deeds()) == []
    for did in (Did.SILENCE, Did.CANCELLED, Did.DONE):
        record.add(deed(did))
    assert [each.did for each in record.deeds()] == [Did.SILENCE, Did.CANCELLED, Did.DONE]
    assert stat.S_IMODE((tmp_path / "r.jsonl").stat().st_mode) == 0o600


def test_a_line_that_a_power_loss_tore_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    record = Record(path)
    record.add(deed(Did.SILENCE))
    with path.open("ab") as file:
        file.write(b'{"at":1,"bot"\n\xff\xfe\n')
    record.add(deed(Did.DONE))
    assert [each.did for each in record.deeds()] == [Did.SILENCE, Did.DONE]


def test_a_record_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Record(tmp_path / "gone" / "r.jsonl").add(deed(Did.DONE))


def test_what_was_told_is_not_told_again() -> None:
    new = (deed(Did.SILENCE), deed(Did.DONE))
    assert untold((*new, deed(Did.TOLD))) == ()
    assert untold((deed(Did.SILENCE), deed(Did.TOLD), *new)) == new


def test_memory_survives(tmp_path: Path) -> None:
    file = MemoryFile(tmp_path / "m.json")
    assert file.load() == Memory()
    kept = Memory(phase=Phase.ACTING, beat=beat(cover(), cover("ETHUSDTM", stop=None)))
    file.keep(kept)
    assert MemoryFile(tmp_path / "m.json").load() == kept


def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b"\xff{")
    assert MemoryFile(tmp_path / "m.json").load() == Memory()
