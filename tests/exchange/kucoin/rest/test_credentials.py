import pickle

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.resilience.failures import BadCredentials
from tests.exchange.kucoin.memory import KEY, PASSPHRASE, SECRET, SECRETS

plain = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=4, max_size=40)


def test_its_parts_are_there_for_who_signs() -> None:
    found = Credentials(KEY, SECRET, PASSPHRASE, version="3")
    assert (found.key, found.secret, found.passphrase, found.version) == (KEY, SECRET, PASSPHRASE, "3")


@given(plain, plain, plain)
def test_nothing_that_prints_it_shows_a_part(key: str, secret: str, passphrase: str) -> None:
    found = Credentials(key, secret, passphrase)
    for text in (repr(found), str(found), f"{found}", f"{[found]}"):
        assert text.strip("[]") == "Credentials(••••)"
    assert not hasattr(found, "__dict__")


def test_it_can_be_neither_changed_nor_written_down() -> None:
    found = Credentials(*SECRETS)
    with pytest.raises(AttributeError):
        found._secret = "other"
    with pytest.raises(TypeError):
        pickle.dumps(found)
    with pytest.raises(TypeError):
        msgspec.json.encode(found)


@given(plain, plain, plain, st.text())
def test_it_hides_itself_in_any_text(key: str, secret: str, passphrase: str, around: str) -> None:
    found = Credentials(key, secret, passphrase)
    for part in (key, secret, passphrase):
        assert part not in found.hide(f"{around}{part}")


@pytest.mark.parametrize("wrong", ["", " xq1", "xq2\n", "xq3-ä", "xq4\tq", "xq5\x00"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_broken_copy_is_refused_without_being_quoted(wrong: str, place: int) -> None:
    parts = ["first-part", "second-part", "third-part"]
    parts[place] = wrong
    with pytest.raises(BadCredentials) as caught:
        Credentials(parts[0], parts[1], parts[2])
    said = str(caught.value)
    assert ("key", "secret", "passphrase")[place] in said
    assert "Nothing was sent" in said
    assert not wrong.strip() or wrong.strip() not in said


def test_an_old_key_version_is_refused() -> None:
    with pytest.raises(BadCredentials, match="version '1'"):
        Credentials(*SECRETS, version="1")
