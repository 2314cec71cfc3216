"""What is said on the line comes out as it went in, and a change is all that a picture needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.instruction import Ask
from radtui.core.snapshot import Snapshot
from radtui.engine import wire
from radtui.engine.wire import Changed, Events, Resume, TakeHelm, Tell, Whole, applied, changed, encode, from_server
from tests.engine.pictures import pictures

NUMBERS = st.integers(0, 60)


@pytest.fixture(autouse=True, scope="module")
def flown() -> None:
    pictures()  # it takes longer than a property may


def test_a_whole_picture_comes_out_as_it_went_in() -> None:
    for shown in pictures()[0]:
        assert from_server(encode(Whole(sequence=1, at=2, snapshot=shown))) == Whole(sequence=1, at=2, snapshot=shown)


def test_every_fact_comes_out_as_it_went_in() -> None:
    said = Events(events=pictures()[1])
    assert len({type(each.fact) for each in said.events}) > 6
    assert from_server(encode(said)) == said


@given(NUMBERS, NUMBERS)
def test_a_change_makes_any_picture_of_any_other(first: int, second: int) -> None:
    old, new = pictures()[0][first], pictures()[0][second]
    heard = from_server(encode(changed(old, new)))
    assert isinstance(heard, Changed)
    assert applied(old, heard) == new
    assert (heard.sequence, heard.at) == (new.sequence, new.at)


@given(NUMBERS, NUMBERS)
def test_a_change_says_only_what_changed(first: int, second: int) -> None:
    old, new = pictures()[0][first], pictures()[0][second]
    said = json.loads(bytes(changed(old, new).fields))
    assert said.keys() == {name for name in Snapshot.__struct_fields__ if getattr(old, name) != getattr(new, name)}


def test_what_becomes_none_is_said_too() -> None:
    shown = next(each for each in pictures()[0] if each.market_at is not None)
    without = msgspec.structs.replace(shown, market_at=None)
    heard = from_server(encode(changed(shown, without)))
    assert isinstance(heard, Changed)
    assert applied(shown, heard) == without


def test_a_field_that_nobody_knows_is_no_change() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown"):
        applied(pictures()[0][0], Changed(sequence=1, at=1, fields=msgspec.Raw(b'{"colour": 1}')))


@pytest.mark.parametrize(
    "said",
    [
        Resume(after=-1, seat="a" * 64, name="alice@laptop"),
        Tell(key="k", ask=Ask.EMERGENCY_STOP, why="because", foreign=True),
        TakeHelm(over=False),
        wire.Withdraw(key="k", ask=Ask.STOP),
        wire.Await(key="k", id="1-h1", ask=Ask.STOP),
    ],
)
def test_what_a_client_says_comes_out_as_it_went_in(said: wire.FromClient) -> None:
    assert wire.from_client(encode(said)) == said


@pytest.mark.parametrize(
    "text",
    [
        '{"type":"Tell","key":"","ask":"stop"}',
        '{"type":"Tell","key":"with blanks","ask":"stop"}',
        '{"type":"Tell","key":"k","ask":"explode"}',
        '{"type":"Tell","key":"k","ask":"stop","why":"' + "x" * 201 + '"}',
        '{"type":"Resume","after":-2}',
        '{"type":"Resume","after":0,"name":"a b"}',
        '{"type":"Whole"}',
        "[]",
        "",
    ],
)
def test_what_is_none_of_it_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        wire.from_client(text)


def test_a_frame_of_a_server_fits_into_what_a_client_takes() -> None:
    assert max(len(encode(Whole(sequence=1, at=1, snapshot=each))) for each in pictures()[0]) < wire.LARGEST_HEARD / 50


def test_the_shape_follows_what_frames_hold_and_not_what_is_said_of_them() -> None:
    with_words = {"title": "Tell", "description": "An instruction.", "properties": {"key": {"type": "string"}}}
    assert wire._bare(with_words) == {"properties": {"key": {"type": "string"}}}
    assert wire._bare({"properties": {"title": {"type": "string"}}}) == {"properties": {"title": {"type": "string"}}}
    assert (wire.shape(), len(wire.shape())) == (wire.shape(), 12)


def test_the_shape_is_the_same_in_every_process() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from radtui.engine.wire import shape; print(shape())"],
        capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    assert said.stdout.strip() == wire.shape()
