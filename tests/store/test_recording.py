"""The recorder's files: every event comes back as it went in, and a torn file is read up to its tear."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui import __version__
from radtui.core.core import Core
from radtui.store.masking import OPEN
from radtui.store.recorder import SEGMENT, Segments
from radtui.store.recording import FORMAT, FRAME, MAGIC, AnyCommand, AnyEvent, NotARecording, Segment, chain, opened
from radtui.store.shelf import MemoryShelf
from radtui.store.spool import Spool
from tests.store.recordings import CONFIG, recorded, records, story
from tests.store.values import values


def written(event: Any, commands: Any) -> bytes:
    shelf = MemoryShelf()
    spool = Spool(CONFIG, lambda: b"")
    spool.note(event, commands)
    assert Segments(shelf, OPEN, SEGMENT).write(spool)
    assert not spool.trouble
    return bytes(shelf.segments[0])


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_comes_back_as_it_went_in(kind: type, data: st.DataObject) -> None:
    event = data.draw(values(kind))
    (record,) = records(written(event, []))
    assert record.event == event
    assert type(record.event) is kind


@pytest.mark.parametrize("kind", get_args(AnyCommand), ids=lambda kind: kind.__name__)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_every_command_comes_back_byte_by_byte(kind: type, data: st.DataObject) -> None:
    command = data.draw(values(kind))
    (record,) = records(written(story(1)[0], [command]))
    assert record.answer == msgspec.msgpack.encode([command])


def test_core_takes_exactly_the_events_that_are_recorded() -> None:
    assert set(get_args(AnyEvent)) == set(Core(CONFIG)._handlers)


def test_the_head_tells_version_and_configuration_and_where_it_begins() -> None:
    (content,) = recorded(story())
    head = Segment(content).head
    assert (head.format, head.radtui, head.number, head.first, head.lost) == (FORMAT, __version__, 1, 1, 0)
    assert head.config == CONFIG
    assert head.alone


def test_a_file_torn_at_any_byte_is_read_up_to_the_tear() -> None:
    events = story(6)
    (content,) = recorded(events, each=True)
    whole = 0
    for end in range(len(content)):
        try:
            segment = Segment(content[:end])
        except NotARecording:
            assert not whole
            continue
        found = [record.event for record in segment.records()]
        assert found == events[: len(found)]
        assert len(found) >= whole
        whole = len(found)
    assert whole == len(events) - 1


def test_a_damaged_byte_ends_the_reading_before_it() -> None:
    events = story(6)
    (content,) = recorded(events, each=True)
    for place in range(len(content) * 2 // 3, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 0x55
        segment = Segment(bytes(damaged))
        found = [record.event for record in segment.records()]
        assert found == events[: len(found)]
        assert len(found) < len(events)
        assert segment.torn


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_in_words(noise: bytes) -> None:
    for content in (noise, MAGIC + noise):
        with pytest.raises(NotARecording):
            Segment(content)


def framed(piece: bytes) -> bytes:
    return FRAME.pack(len(piece), zlib.crc32(piece)) + piece


def folded(payload: bytes) -> bytes:
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)


@pytest.mark.parametrize(
    ("piece", "words"),
    [(folded(b"\xc1"), "a block cannot be read"), (b"\x06\x06", "a frame cannot be unfolded")],
    ids=["no block", "not folded"],
)
def test_a_whole_frame_of_something_else_ends_the_reading_and_is_said(piece: bytes, words: str) -> None:
    events = story(6)
    (content,) = recorded(events)
    segment = Segment(content + framed(piece) + framed(folded(b"never read")))
    assert [record.event for record in segment.records()] == events
    assert segment.torn.startswith(words)


def test_a_head_of_something_else_is_refused() -> None:
    with pytest.raises(NotARecording, match="the head of x cannot be read"):
        Segment(MAGIC + framed(folded(b"\x90")), "x")


def test_a_later_format_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (content,) = recorded(story(1))
    monkeypatch.setattr("radtui.store.recording.FORMAT", FORMAT - 1)
    with pytest.raises(NotARecording, match="format"):
        Segment(content)


def test_an_event_of_another_radtui_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (record, *_) = records(*recorded(story(1)))
    strange = msgspec.structs.replace(record, packed=msgspec.msgpack.encode({"type": "Teleported", "at": 1}))
    with pytest.raises(NotARecording, match="another radtui"):
        _ = strange.event


def test_a_folder_gives_its_boots_apart_and_in_order(tmp_path: Path) -> None:
    for name in ("b/0002", "a/0001", "b/0001"):
        path = tmp_path / f"{name}.radrec"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"")
    assert [[path.stem for path in boot] for boot in chain(tmp_path)] == [["0001"], ["0001", "0002"]]
    assert chain(tmp_path / "a/0001.radrec") == [[tmp_path / "a/0001.radrec"]]


@pytest.mark.parametrize("name", ["", "absent"])
def test_nothing_there_is_said(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotARecording, match=r"no recording|not there"):
        chain(tmp_path / name)
    with pytest.raises(NotARecording, match="cannot be read"):
        opened(tmp_path / name)
