"""No secret in what is written: text by text, also inside packed bytes, and the rest untouched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.resilience import redaction
from radtui.resilience.redaction import MASK, hide, redact, suspicious
from radtui.store.masking import OPEN, Redaction, masked

SECRET = "marker-5ecret-marker"
REDACTION = Redaction(suspects=suspicious, redact=redact)


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    before = set(redaction._known)
    hide([SECRET])
    yield
    redaction._known.clear()
    redaction._known.update(before)


@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        f"refused: {SECRET}!",
        [1, {"reason": [SECRET]}],
        {f"XBT {SECRET}": 1},
        {"memory": msgspec.msgpack.encode({"why": SECRET})},
        {"memory": b"not packed " + SECRET.encode()},
        {"why": "KC-API-SIGN: " + SECRET},
    ],
)
def test_a_known_secret_is_gone_wherever_it_stands(value: Any) -> None:
    cleaned, count = masked(msgspec.msgpack.encode(value), REDACTION)
    assert SECRET.encode() not in cleaned
    assert count == 1
    msgspec.msgpack.decode(cleaned)


@pytest.mark.parametrize("text", ["passphrase=hunter2hunter2", 'api-key: "abcdef0123"', "Bearer abcdefgh1234"])
def test_what_looks_like_a_secret_is_masked_as_in_the_log(text: str) -> None:
    cleaned, _ = masked(msgspec.msgpack.encode({"reason": text}), REDACTION)
    assert msgspec.msgpack.decode(cleaned) == {"reason": redact(text)}
    assert MASK in msgspec.msgpack.decode(cleaned)["reason"]


def test_names_of_fields_and_kinds_stay() -> None:
    hide(["Passed", "reason"])
    value = {"type": "Passed", "reason": "fine"}
    cleaned, _ = masked(msgspec.msgpack.encode(value), REDACTION)
    assert msgspec.msgpack.decode(cleaned) == value


PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(), st.binary()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip


@given(PLAIN)
def test_what_holds_no_secret_is_left_byte_by_byte(value: Any) -> None:
    packed = msgspec.msgpack.encode(value)
    looks = Redaction(suspects=lambda raw: raw == packed, redact=lambda text: text)
    assert masked(packed, looks) == (packed, 0)
    assert masked(packed, OPEN) == (packed, 0)


@given(st.text(), st.sampled_from(["sign=", "Bearer ", "://", SECRET]), st.text())
def test_what_is_not_suspicious_would_not_be_changed(before: str, stem: str, after: str) -> None:
    for text in (before, before + stem + after):
        assert suspicious(text.encode()) or redact(text) == text
